"""The command ``losslaws``, the answer it prints, and what surrounds every job of the workflow."""

import subprocess
import sys

import pytest
from builders import PAPER_LAWS

from losslaws.cli.main import main


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
    assert text.endswith(f"Report: {folder}/report.html\n")


def test_without_folders_the_answer_is_that_of_the_configuration(study, capsys, monkeypatch):
    folder, _ = study
    root = folder.parents[1]
    monkeypatch.chdir(root)
    (root / "config.yaml").write_text("run: [tiny]\nexperiments: {}\n")
    assert main(["answer"]) == 0
    assert "Report: results/tiny/report.html" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["experiments: {}\n", "run: [a\n", "[]\n", ""])
def test_a_configuration_without_a_list_of_experiments_is_told(tmp_path, capsys, monkeypatch, content):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(content)
    assert main(["answer"]) != 0
    assert "config.yaml has no list 'run' of experiments to show" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["answer"], "no config.yaml here"), (["answer", "nowhere"], "nowhere/answer.txt does not exist")],
)
def test_what_is_not_there_is_one_sentence(tmp_path, capsys, monkeypatch, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("losslaws: ")
    assert sentence in captured.err
    assert len(captured.err.splitlines()) == 1


def run_job(tmp_path, body):
    """Run a job with these statements in a fresh interpreter; return how it ended and its log."""
    log = tmp_path / "logs" / "fit" / "group.log"
    program = "import logging\nfrom types import SimpleNamespace\n"
    program += "from losslaws.core.errors import LosslawsError\nfrom losslaws.jobs.job import job\n"
    program += f"with job(SimpleNamespace(log=[{str(log)!r}], output=[])):\n    {body}\n"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    return done, log


def test_a_job_logs_to_file_and_terminal(tmp_path):
    done, log = run_job(tmp_path, "logging.warning('half way')")
    assert done.returncode == 0
    assert done.stderr == "half way\n"
    assert log.read_text(encoding="utf-8").endswith("WARNING half way\n")


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("raise LosslawsError('x.csv has no column t')", "x.csv has no column t"),
        ("{}['t']", "KeyError: 't'"),
    ],
)
def test_a_failed_job_has_its_traceback_in_the_log_and_one_sentence_in_the_terminal(tmp_path, statement, sentence):
    done, log = run_job(tmp_path, statement)
    assert done.returncode == 1
    assert done.stderr == f"{sentence} (log: {log})\n"
    assert "Traceback (most recent call last)" in log.read_text(encoding="utf-8")


def test_a_log_is_that_of_the_last_run(tmp_path):
    run_job(tmp_path, "logging.info('first')")
    _, log = run_job(tmp_path, "logging.info('second')")
    assert "first" not in log.read_text(encoding="utf-8")
