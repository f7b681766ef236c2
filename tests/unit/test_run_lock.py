"""A lock is removed if, and only if, whoever set it is dead."""

import errno
import fcntl

import pytest

from losslaws.cli.main import main
from losslaws.cli.options import BAD_INPUT, DONE
from losslaws.core.errors import LosslawsError
from losslaws.jobs.lock import explain_lock, mark_in_use, remove_stale_lock


@pytest.fixture
def locked(tmp_path):
    """A folder with a lock as Snakemake writes it."""
    locks = tmp_path / ".snakemake/locks"
    locks.mkdir(parents=True)
    (locks / "0.output.lock").write_text("results/paper/report.txt\n", encoding="utf-8")
    return tmp_path


def test_without_a_lock_there_is_nothing_to_do(tmp_path):
    with mark_in_use(tmp_path):
        assert explain_lock(tmp_path) == ""
        assert not remove_stale_lock(tmp_path)


def test_a_lock_of_the_dead_is_explained_and_removed_once(locked):
    mark_in_use(locked).close()
    assert "was killed: run snakemake --unlock once, or make run" in explain_lock(locked)
    assert remove_stale_lock(locked)
    assert not (locked / ".snakemake/locks").exists()
    assert not remove_stale_lock(locked)


def test_a_lock_of_the_living_stays(locked):
    with mark_in_use(locked), mark_in_use(locked):
        assert f"another snakemake is running in {locked.resolve()}: wait" in explain_lock(locked)
        with pytest.raises(LosslawsError, match="another snakemake is running"):
            remove_stale_lock(locked)
        assert (locked / ".snakemake/locks/0.output.lock").exists()
    assert remove_stale_lock(locked)


def test_where_a_stale_lock_cannot_be_detected_it_stays(locked, monkeypatch):
    def refuse(file, operation):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    mark_in_use(locked).close()
    assert "does not show whether" in explain_lock(locked)
    with pytest.raises(LosslawsError, match=r"\(No locks available\): if it is not, run snakemake --unlock"):
        remove_stale_lock(locked)
    assert (locked / ".snakemake/locks/0.output.lock").exists()


def test_the_command_says_what_it_did(locked, monkeypatch, capsys):
    monkeypatch.chdir(locked)
    with mark_in_use(locked):
        assert main(["unlock"]) == BAD_INPUT
    assert "another snakemake is running" in capsys.readouterr().err
    assert main(["unlock"]) == DONE
    assert "Removed the lock" in capsys.readouterr().out
    assert main(["unlock"]) == DONE
    assert capsys.readouterr().out == ""
