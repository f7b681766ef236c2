"""The command ``losslaws``, the answer it prints, and what surrounds every job of the workflow."""

import logging

import pytest
from builders import PAPER_LAWS

from losslaws.cli import main
from losslaws.errors import LosslawsError
from losslaws.jobs import job


def test_laws_are_listed(capsys):
    assert main(["laws"]) == 0
    text = capsys.readouterr().out
    rows = [line.split() for line in text.splitlines()]
    assert rows[0] == ["law", "formula", "exponent", "source"]
    assert {row[0] for row in rows} >= set(PAPER_LAWS)
    assert "a·exp(−(t/τ)^γ) + L∞" in text


def test_the_answer_of_a_study(study, capsys):
    folder, _ = study
    assert main(["answer", str(folder)]) == 0
    text = capsys.readouterr().out
    assert "tiny: " in text
    assert "of 4 runs" in text
    assert text.endswith(f"Report: {folder}/report.txt\n")


def test_without_folders_the_answer_is_that_of_the_configuration(study, capsys, monkeypatch):
    folder, _ = study
    root = folder.parents[1]
    monkeypatch.chdir(root)
    (root / "config.yaml").write_text("run: [tiny]\nexperiments: {}\n")
    assert main(["answer"]) == 0
    assert "Report: results/tiny/report.txt" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["answer"], "there is no config.yaml here"), (["answer", "nowhere"], "nowhere/results.json does not exist")],
)
def test_what_is_not_there_is_one_sentence(tmp_path, capsys, monkeypatch, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("losslaws: ")
    assert sentence in captured.err
    assert len(captured.err.splitlines()) == 1


@pytest.fixture
def logged(tmp_path):
    """A path for a log, with the root logger as it was afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = []
    yield tmp_path / "logs" / "fit" / "group.log"
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_job_logs_to_file_and_terminal(logged, capsys):
    with job(str(logged)):
        logging.info("half way")
    assert "half way" in logged.read_text()
    assert "half way" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "sentence"), [(LosslawsError("x.csv has no column t"), "x.csv"), (KeyError("t"), "KeyError: 't'")]
)
def test_a_failed_job_has_its_traceback_in_the_log_and_one_sentence_in_the_terminal(logged, capsys, error, sentence):
    with pytest.raises(SystemExit) as left, job(str(logged)):
        raise error
    assert left.value.code == 1
    assert "Traceback (most recent call last)" in logged.read_text()
    terminal = capsys.readouterr().err
    assert "Traceback" not in terminal
    assert terminal.count("\n") == 1
    assert sentence in terminal
    assert terminal.rstrip().endswith(f"(log: {logged})")
