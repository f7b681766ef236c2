"""What a job says while it runs, and where."""

import os
import pty
import subprocess
import sys

import pytest

from losslaws.config.training import Training
from losslaws.core import progress
from losslaws.core.registry import LAWS, TASKS
from losslaws.fitting.fit_table import fit_curves
from losslaws.importing.source import read_files
from losslaws.tasks.dataset import write_data
from losslaws.training import group

SETTINGS = Training(epochs=3)

JOB = """
import logging, sys
from types import SimpleNamespace
from losslaws.jobs.job import job

with job(SimpleNamespace(log=sys.argv[1:], output=[])):
    logging.info("half way")
    logging.warning("look here")
"""


def test_training_tells_the_curve_the_epoch_the_loss_and_the_time_left(tmp_path, monkeypatch, caplog):
    task = TASKS.load("regression")
    write_data(tmp_path / "data.parquet", "regression", task, [3, 4])
    clock = iter(range(0, 10_000, 2))
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    caplog.set_level("INFO")
    curves = group.train_group(tmp_path / "data.parquet", "regression", task, 4, [3, 4], SETTINGS)
    # Two seconds an epoch, two curves of three epochs, a line after five seconds.
    expected = [(3, "regression_w4_s3", 0, "6 s left"), (6, "regression_w4_s4", 1, "0 s left")]
    assert caplog.messages == [
        f"epochs of regression_w4: {done} of 6, {which} has loss {curves[number].loss[-1]:.3g}, {left}"
        for done, which, number, left in expected
    ]


def test_a_training_that_diverged_counts_as_done(tmp_path, monkeypatch, caplog):
    task = TASKS.load("regression")
    write_data(tmp_path / "data.parquet", "regression", task, [3, 4])
    monkeypatch.setattr(progress, "REPORT_EVERY", 0.0)
    caplog.set_level("INFO")
    group.train_group(
        tmp_path / "data.parquet",
        "regression",
        task,
        4,
        [3, 4],
        Training(epochs=9, learning_rate=10.0, optimizer="sgd"),
    )
    told = [message.split(",")[0] for message in caplog.messages if message.startswith("epochs")]
    assert "epochs of regression_w4: 10 of 18" in told
    assert "epochs of regression_w4: 9 of 18" not in told


def test_long_work_tells_what_is_done_and_the_time_left(monkeypatch, caplog):
    seconds = iter([0, 1, 6, 8, 12])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(seconds))
    caplog.set_level("INFO")
    fits = progress.Progress("fits", 4000)
    for _ in range(4):
        fits.add(1000)
    assert caplog.messages == ["fits: 2,000 of 4,000, 6 s left", "fits: 4,000 of 4,000, 0 s left"]


def test_long_work_of_unknown_length_tells_what_is_done(monkeypatch, caplog):
    seconds = iter([0, 6])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(seconds))
    caplog.set_level("INFO")
    progress.Progress("rows of run.csv").add(3_000_000)
    assert caplog.messages == ["rows of run.csv: 3,000,000"]


def test_imports_and_fits_tell_how_far_they_are(tmp_path, monkeypatch, caplog):
    (tmp_path / "run.csv").write_text("step,loss\n" + "".join(f"{t},{1 / t}\n" for t in range(1, 50)))
    monkeypatch.setattr(progress, "REPORT_EVERY", 0.0)
    caplog.set_level("INFO")
    curves = read_files(str(tmp_path / "run.csv")).curves
    fit_curves(curves, [LAWS.load("power_law"), LAWS.load("exponential")])
    assert caplog.messages[0] == f"rows of {tmp_path}/run.csv: 49"
    assert [message.split(",")[0] for message in caplog.messages[1:]] == ["fits: 1 of 2", "fits: 2 of 2"]


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_goes_to_the_log_always_and_to_a_terminal(tmp_path, terminal):
    log = tmp_path / "job.log"
    ours, theirs = pty.openpty() if terminal else os.pipe()
    subprocess.run([sys.executable, "-c", JOB, str(log)], stderr=theirs, check=True)
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "look here" in shown
    assert ("half way" in shown) == terminal
    assert "half way" in log.read_text(encoding="utf-8")
