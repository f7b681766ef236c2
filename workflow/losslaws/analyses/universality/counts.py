"""Counts and summaries over the curves of a study: is one law universal, and how do its exponents vary?"""

from collections import Counter
from collections.abc import Sequence
from statistics import fmean, stdev

from losslaws.analyses.universality.records import CellWins, ExponentSpread, OnBound, Wins
from losslaws.core.proportions import share
from losslaws.fitting.fitted import FittedCurve
from losslaws.fitting.selection import SUPPORT_LEVELS
from losslaws.fitting.status import OK
from losslaws.laws.law import Law


def count_wins(runs: Sequence[FittedCurve], laws: Sequence[Law]) -> Wins:
    """Count which law is best, over all curves and by task."""
    counts = Counter(run.support.best for run in runs if run.support.best)
    majority = counts.most_common(1)[0][0] if counts else None
    by_task = runs_by_task(runs)
    return Wins(
        counts={law.name: counts[law.name] for law in laws},
        majority=majority,
        majority_share=counts[majority] / len(runs) if majority else 0.0,
        majority_interval=share(counts[majority], len(runs))[1:] if majority else None,
        best_by_task={task: best_law(members, laws) for task, members in by_task.items()},
        support_counts=support_counts(runs),
        support_by_task={task: support_counts(members) for task, members in by_task.items()},
        bic_changes=tuple(run.curve.name for run in runs if run.best_by("bic") != run.support.best),
    )


def runs_by_task(runs: Sequence[FittedCurve]) -> dict[str, list[FittedCurve]]:
    """Group curves by task, in the order of their first appearance."""
    groups: dict[str, list[FittedCurve]] = {}
    for run in runs:
        groups.setdefault(run.task, []).append(run)
    return groups


def best_law(runs: Sequence[FittedCurve], laws: Sequence[Law]) -> str | None:
    """Name the law with the lowest AIC summed over those curves that every law has a fit of; None if there are none."""
    totals = {law.name: 0.0 for law in laws}
    complete = [run for run in runs if len(run.converged) == len(laws)]
    for run in complete:
        for fit in run.fits:
            totals[fit.name] += float(fit.aic or 0.0)
    return min(totals, key=lambda name: totals[name]) if complete else None


def support_counts(runs: Sequence[FittedCurve]) -> dict[str, int]:
    """Count the curves of each level of support, all four levels present."""
    counts = Counter(run.support.level for run in runs)
    return {level: counts[level] for level in SUPPORT_LEVELS}


def cell_wins(runs: Sequence[FittedCurve]) -> tuple[CellWins, ...]:
    """Count the best laws of each task and width."""
    cells: dict[tuple[str, int | None], Counter[str | None]] = {}
    for run in runs:
        cells.setdefault((run.task, run.width), Counter())[run.support.best] += 1
    return tuple(CellWins(task, width, tuple(counts.most_common())) for (task, width), counts in cells.items())


def on_bound(runs: Sequence[FittedCurve]) -> OnBound:
    """Count the fits with a parameter on a bound: of each law at a finite optimum, and of the winners."""
    bounded = [(run, fit) for run in runs for fit in run.converged if fit.at_bound]
    return OnBound(
        by_law=dict(Counter(fit.name for _, fit in bounded if fit.status == OK)),
        winners=sum(fit.name == run.support.best for run, fit in bounded),
    )


def statuses(runs: Sequence[FittedCurve]) -> dict[str, dict[str, int]]:
    """Count the statuses of each law's fits."""
    counts: dict[str, Counter[str]] = {}
    for run in runs:
        for fit in run.fits:
            counts.setdefault(fit.name, Counter())[fit.status] += 1
    return {law: dict(own) for law, own in counts.items()}


def estimates(runs: Sequence[FittedCurve], law: Law, parameter: str) -> list[float]:
    """Return one parameter of a law over the curves that have a fit."""
    return [fit.params[parameter] for run in runs for fit in run.converged if fit.name == law.name]


def exponent_spread(runs: Sequence[FittedCurve], law: Law) -> ExponentSpread:
    """Return mean, standard deviation (n − 1), minimum and maximum of a law's exponent."""
    values = estimates(runs, law, law.exponent)
    return ExponentSpread(
        law=law.name,
        parameter=law.exponent,
        n=len(values),
        mean=fmean(values) if values else None,
        std=stdev(values) if len(values) > 1 else None,
        min=min(values, default=None),
        max=max(values, default=None),
    )
