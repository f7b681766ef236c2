"""The message after a run that stopped: which jobs failed and why, what is missing, what is built."""

from collections.abc import Iterable
from pathlib import Path

from losslaws.jobs.failures import failure_report, reasons
from losslaws.plan.plan import Plan


def failure(plan: Plan, run_logs: Iterable[str], unbuilt: Iterable[str], names: Iterable[str]) -> str:
    """Return the message after a run that stopped.

    Parameters
    ----------
    plan : Plan
        The experiments.
    run_logs : iterable of str
        Paths of Snakemake's own logs.
    unbuilt : iterable of str
        The outputs of jobs that did not finish.
    names : iterable of str
        The experiments that those jobs belong to.
    """
    log = "".join(Path(path).read_text(encoding="utf-8") for path in run_logs)
    missing = sorted({path for path in unbuilt if not Path(path).exists()})
    return failure_report(reasons(log), missing, {name: built(plan, name) for name in sorted(set(names))})


def built(plan: Plan, name: str) -> str:
    """Count the files of an experiment that are built, by their kind."""
    wildcards = {"experiment": name}
    kinds = {
        "curve tables": plan.curves(wildcards),
        "fit tables": plan.wanted_fits(wildcards),
        "results and reports": plan.files([name]),
    }
    return ", ".join(
        f"{sum(Path(path).exists() for path in paths)} of {len(paths)} {kind}" for kind, paths in kinds.items() if paths
    )
