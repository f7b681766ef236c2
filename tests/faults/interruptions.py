"""Interrupt a run: what is killed, how, and when."""

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import psutil

STAGES = (
    "data", "train", "fit", "multiverse", "evidence", "universality", "figure", "evidence_summary", "report"
)  # fmt: skip
"""Rules in the order in which their first jobs start; a figure's rule has a longer name, and the page is a report."""

HOWS = ("Ctrl-C", "snakemake", "job", "everything")
SECONDS_TO_END = 30.0


@dataclass(frozen=True)
class Moment:
    """When to kill what: some time after the first job of a stage, or of a later one, starts.

    Attributes
    ----------
    how : str
        ``"Ctrl-C"``, SIGINT to all; ``"snakemake"``, ``"job"`` or ``"everything"``, SIGKILL to Snakemake, to one of its
        jobs, or to all.
    stage : int
        Place in `STAGES`; -1 for the time before the first job.
    delay : float
        Seconds.
    which : float
        From 0 to 1: which of the running jobs is killed.
    """

    how: str
    stage: int
    delay: float
    which: float


def start(study):
    """Start a run in a process group of its own, as a terminal does."""
    # Tests that a shell runs in the background ignore Ctrl-C, and so would what they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return subprocess.Popen(
        [sys.executable, "-m", "snakemake", "--cores", "2"],
        cwd=study.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def interrupt(study, moment):
    """Run the study until the moment has come; return what was killed, or None if the run came to its end."""
    process = start(study)
    if moment.stage >= 0:
        wait_for_stage(process, moment.stage)
    try:
        process.wait(moment.delay)
    except subprocess.TimeoutExpired:
        killed = kill(process, moment)
    else:
        killed = None
    process.communicate()
    wait_until_gone(process.pid)
    return killed if process.returncode else None


def wait_for_stage(process, stage):
    """Read what Snakemake shows until a job of the stage, or of a later one, starts; or until the end."""
    for line in process.stdout:
        started = re.match(r"(?:local)?rule (\w+):", line)
        if started and place(started[1]) >= stage:
            return


def place(rule):
    """Return a rule's place in `STAGES`; that of the target is after all others."""
    name = "figure" if rule.startswith("figure") else "report" if rule == "page" else rule
    return STAGES.index(name) if name in STAGES else len(STAGES)


def kill(process, moment):
    """Kill what the moment says; return what that was."""
    jobs = sorted(psutil.Process(process.pid).children(), key=lambda job: job.pid)
    if moment.how == "job" and jobs:
        job = jobs[int(moment.which * len(jobs))]
        name = " ".join(job.cmdline()[1:])
        job.kill()
        return name
    if moment.how in ("snakemake", "job"):
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGINT if moment.how == "Ctrl-C" else signal.SIGKILL)
    return moment.how


def wait_until_gone(group):
    """Wait until no process of a group lives; fail if one outlives the rest."""
    end = time.monotonic() + SECONDS_TO_END
    while alive := living(group):
        assert time.monotonic() < end, f"still there: {alive}"
        time.sleep(0.05)


def living(group):
    """Return the processes of a group that are not yet dead."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline()))
        except (psutil.Error, ProcessLookupError):
            continue
    return found
