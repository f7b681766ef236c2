"""A job does not outlive the workflow that started it."""

import os
import signal
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import psutil
import pytest

from losslaws.jobs import parent as parent_process
from losslaws.jobs.parent import WORKFLOW, end_with_the_workflow

JOB = """
import pathlib, sys, time
from losslaws.jobs import parent as parent_process
if sys.argv[3] == "thread":
    parent_process._ask_kernel = lambda: False
parent_process.end_with_the_workflow()
print("started", flush=True)
time.sleep(float(sys.argv[2]))
pathlib.Path(sys.argv[1]).write_text("done")
"""
WORKFLOW_PROGRAM = f"""
import os, subprocess, sys
os.environ[{WORKFLOW!r}] = str(os.getpid())
job = subprocess.Popen([sys.executable, "-c", {JOB!r}, *sys.argv[1:]])
print(job.pid, flush=True)
job.wait()
"""


def start(*arguments):
    """Start a workflow with one job; return it and the job once that is at work."""
    process = subprocess.Popen([sys.executable, "-c", WORKFLOW_PROGRAM, *arguments], stdout=subprocess.PIPE, text=True)
    job = psutil.Process(int(process.stdout.readline()))
    assert process.stdout.readline() == "started\n"
    return process, job


def lives(process):
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("way", ["this system's own", "thread"])
def test_a_job_ends_with_its_workflow_and_writes_nothing_any_more(tmp_path, way):
    written = tmp_path / "result.txt"
    process, job = start(str(written), "600", way)
    process.kill()
    process.communicate()
    end = time.monotonic() + 60
    while lives(job):
        assert time.monotonic() < end, "the job is still there"
        time.sleep(0.02)
    assert not written.exists()


def test_a_job_whose_workflow_lives_comes_to_its_own_end(tmp_path):
    written = tmp_path / "result.txt"
    process, _ = start(str(written), "0.5", "thread")
    process.communicate()
    assert written.read_text(encoding="utf-8") == "done"


def test_a_job_that_starts_after_the_end_of_its_workflow_says_so(monkeypatch):
    monkeypatch.setattr(parent_process, "_ask_kernel", lambda: True)
    monkeypatch.setenv(WORKFLOW, str(os.getpid()))
    with pytest.raises(SystemExit, match=r"the snakemake that started this job .* has ended: run snakemake again"):
        end_with_the_workflow()


def test_without_a_workflow_nobody_watches(monkeypatch):
    monkeypatch.delenv(WORKFLOW, raising=False)
    before = threading.active_count()
    end_with_the_workflow()
    assert threading.active_count() == before


@pytest.mark.parametrize(
    ("platform", "answer", "seen_to"), [("linux", 0, True), ("linux", -1, False), ("darwin", 0, False)]
)
def test_only_linux_sees_to_it(monkeypatch, platform, answer, seen_to):
    library = SimpleNamespace(prctl=lambda *arguments: answer)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(parent_process.ctypes, "CDLL", lambda name: library)
    assert parent_process._ask_kernel() == seen_to


def test_the_watch_kills_as_soon_as_the_parent_is_another(monkeypatch):
    parents, killed = iter([7, 7, 1]), []
    monkeypatch.setattr(os, "getppid", lambda: next(parents))
    monkeypatch.setattr(os, "kill", lambda *what: killed.append(what))
    monkeypatch.setattr(parent_process, "SECONDS_BETWEEN_LOOKS", 0.0)
    parent_process._watch(7)
    assert killed == [(os.getpid(), signal.SIGKILL)]
