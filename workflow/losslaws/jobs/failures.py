"""What to tell after a run that did not get to its end: which jobs failed and why, what is missing, what there is."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from losslaws.core.errors import INTERRUPTED

MOST_LINES = 30
"""As many lines of a list are shown; the rest is counted."""

_LOG_OF_A_FAILED_JOB = re.compile(r"^ +log: (\S+) \(check log", re.MULTILINE)


def reasons(run_log: str) -> list[str]:
    """Return why jobs failed, one sentence for each, from the text of Snakemake's own log and from the jobs' logs."""
    found: dict[str, str] = {}
    end = 0
    for failed in _LOG_OF_A_FAILED_JOB.finditer(run_log):
        found[failed[1]] = _reason(Path(failed[1]), run_log[end : failed.start()])
        end = failed.end()
    return list(found.values())


def _reason(log: Path, told: str) -> str:
    """Return what a job's end was: a signal, told by Snakemake, or the last error in its log."""
    if "Signals.SIGKILL" in told:
        return f"killed from outside (SIGKILL), as a system does that is short of memory (log: {log})"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    errors = [line.split(" ERROR ", 1)[1] for line in lines if " ERROR " in line]
    return errors[-1] if errors else f"no reason was recorded: see above, and {log}"


def tell(failed: Sequence[str], missing: Sequence[str], there: Mapping[str, str]) -> str:
    """Return the text to show.

    Parameters
    ----------
    failed : sequence of str
        From :func:`reasons`.
    missing : sequence of str
        Files that were asked for, or needed on the way, and do not exist.
    there : mapping
        What there is of each experiment, by its name.
    """
    interrupted = all(reason.startswith(INTERRUPTED) for reason in failed)
    lines = ["", "Stopped before its end." if interrupted else "Failed:"]
    if not interrupted:
        lines += _some([f"  {reason}" for reason in failed])
    if missing:
        lines += ["Not built:", *_some([f"  {path}" for path in missing])]
    lines += [f"There is, of {name}: {what}." for name, what in there.items()]
    return "\n".join(
        [*lines, f"{'R' if interrupted else 'Put the cause right and r'}un the same again: what is finished is kept."]
    )


def _some(lines: Sequence[str]) -> list[str]:
    more = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], f"  and {more:,} more"] if more > 0 else [*lines]
