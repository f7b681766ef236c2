"""After a run that did not get to its end: why, what is missing, what is built."""

import pytest

from losslaws.core.errors import INTERRUPTED
from losslaws.jobs.failures import MAX_LINES, failure_report, reasons

TOLD = """
Building DAG of jobs...
CalledProcessError in file "workflow/rules/fit.smk", line 21:
Command 'set -euo pipefail; exec python fit.py' {how}
[Tue Nov 24 23:05:40 2026]
Error in rule fit:
    message: None
    jobid: 5
    output: results/paper/fits/{group}.parquet
    log: {log} (check log file(s) for error details)
"""
STATUS, SIGNAL = "returned non-zero exit status 1.", "died with <Signals.SIGKILL: 9>."


@pytest.fixture
def log(tmp_path):
    """A function that writes a job's log and returns its path."""

    def write(name, *lines):
        path = tmp_path / name
        path.write_text("".join(f"2026-11-24 23:05:40,123 {line}\n" for line in lines), encoding="utf-8")
        return path

    return write


def told(how, log):
    return TOLD.format(how=how, group="a", log=log)


def test_the_last_error_of_each_failed_job_is_its_reason(log):
    first = log("a.log", "INFO begun", "ERROR Traceback", "ERROR no luck (log: a.log)")
    second = log("b.log", "ERROR bad ERROR luck")
    assert reasons(told(STATUS, first) + told(STATUS, second)) == ["no luck (log: a.log)", "bad ERROR luck"]


def test_a_job_that_was_killed_had_no_time_to_say_so(log):
    stale = log("a.log", "ERROR of an earlier run")
    other = log("b.log", "ERROR its own")
    assert reasons(told(SIGNAL, stale) + told(STATUS, other)) == [
        f"killed from outside (SIGKILL), probably because memory ran out (log: {stale})",
        "its own",
    ]


def test_a_job_tried_twice_is_told_once(log):
    path = log("a.log", "ERROR no luck")
    assert reasons(told(STATUS, path) + told(STATUS, path)) == ["no luck"]


def test_without_a_reason_the_place_to_look_is_named(log, tmp_path):
    silent, absent = log("a.log", "INFO begun"), tmp_path / "b.log"
    assert reasons(told(STATUS, silent) + told(STATUS, absent)) == [
        f"no reason was recorded: see above, and {path}" for path in (silent, absent)
    ]
    assert reasons("Building DAG of jobs...\n") == []


def test_failures_come_first_then_what_is_missing_then_what_there_is():
    text = failure_report(["no luck (log: a.log)"], ["results/paper/report.txt"], {"paper": "3 of 4 curve tables"})
    assert text.splitlines() == [
        "",
        "Failed:",
        "  no luck (log: a.log)",
        "Not built:",
        "  results/paper/report.txt",
        "paper: 3 of 4 curve tables built",
        "Fix the cause and rerun the same command; finished results are kept.",
    ]


@pytest.mark.parametrize("failed", [[], [f"{INTERRUPTED} (log: a.log)"]])
def test_an_interrupted_run_has_no_cause_to_fix(failed):
    assert failure_report(failed, [], {}).splitlines() == [
        "",
        "Interrupted.",
        "Rerun the same command; finished results are kept.",
    ]


def test_long_lists_are_cut_and_counted():
    lines = failure_report(["no luck"], [f"results/{index}" for index in range(MAX_LINES + 1200)], {}).splitlines()
    assert lines[-2] == "  and 1,200 more"
    assert len(lines) == MAX_LINES + 6
