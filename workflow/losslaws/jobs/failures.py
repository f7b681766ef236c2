"""The message after a run that stopped early: which jobs failed and why, what is missing, what is built."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from losslaws.core.errors import INTERRUPTED

MAX_LINES = 30
"""Lines of a list that are shown; the rest is counted."""

_LOG_OF_A_FAILED_JOB = re.compile(r"^ +log: (\S+) \(check log", re.MULTILINE)


def reasons(run_log: str) -> list[str]:
    """Return why jobs failed, one sentence for each, from the text of Snakemake's own log and from the jobs' logs."""
    found: dict[str, str] = {}
    end = 0
    for failed in _LOG_OF_A_FAILED_JOB.finditer(run_log):
        found[failed[1]] = _reason(Path(failed[1]), run_log[end : failed.start()])
        end = failed.end()
    return list(found.values())


def _reason(log: Path, message: str) -> str:
    """Return why a job failed: a signal, as reported by Snakemake, or the last error in its log."""
    if "Signals.SIGKILL" in message:
        return f"killed from outside (SIGKILL), probably because memory ran out (log: {log})"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    errors = [line.split(" ERROR ", 1)[1] for line in lines if " ERROR " in line]
    return errors[-1] if errors else f"no reason was recorded: see above, and {log}"


def failure_report(failed: Sequence[str], missing: Sequence[str], built: Mapping[str, str]) -> str:
    """Return the message for the user.

    Parameters
    ----------
    failed : sequence of str
        From :func:`reasons`.
    missing : sequence of str
        Requested or intermediate files that do not exist.
    built : mapping
        How much of each experiment is built, by its name.
    """
    interrupted = all(reason.startswith(INTERRUPTED) for reason in failed)
    lines = ["", "Interrupted." if interrupted else "Failed:"]
    if not interrupted:
        lines += _some([f"  {reason}" for reason in failed])
    if missing:
        lines += ["Not built:", *_some([f"  {path}" for path in missing])]
    lines += [f"{name}: {what} built" for name, what in built.items()]
    advice = "Rerun the same command" if interrupted else "Fix the cause and rerun the same command"
    return "\n".join([*lines, f"{advice}; finished results are kept."])


def _some(lines: Sequence[str]) -> list[str]:
    more = len(lines) - MAX_LINES
    return [*lines[:MAX_LINES], f"  and {more:,} more"] if more > 0 else [*lines]
