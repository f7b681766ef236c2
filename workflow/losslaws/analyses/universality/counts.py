"""Counts and summaries over the runs of a study: is one law universal, and how do its exponents vary?"""

from collections import Counter
from collections.abc import Sequence
from statistics import fmean, stdev
from typing import Any

from losslaws.core.proportions import share
from losslaws.fitting.fitted import FittedCurve, FittedLaw
from losslaws.fitting.selection import SUPPORT_LEVELS
from losslaws.fitting.status import OK
from losslaws.laws.law import Law


def universality(runs: Sequence[FittedCurve], laws: Sequence[Law]) -> dict[str, Any]:
    """Aggregate the runs into the ``universality`` part of ``results.json``.

    The keys are those of the original study; see ``docs/reference/results.md``.
    """
    counts = Counter(run.support.best for run in runs if run.support.best)
    tasks = list(dict.fromkeys(run.task for run in runs))
    majority = counts.most_common(1)[0][0] if counts else None
    return {
        "form_counts": {law.name: counts[law.name] for law in laws},
        "majority_form": majority,
        "majority_fraction": counts[majority] / len(runs) if majority else 0.0,
        "majority_interval": list(share(counts[majority], len(runs))[1:]) if majority else None,
        "best_form_by_task": {task: best_form([run for run in runs if run.task == task], laws) for task in tasks},
        "support_counts": support_counts(runs),
        "support_by_task": {task: support_counts([run for run in runs if run.task == task]) for task in tasks},
        "run_support": [run_support(run) for run in runs],
        "exponents_by_task": {
            task: {law.name: exponents([run for run in runs if run.task == task], law) for law in laws}
            for task in tasks
        },
        "exponents_by_form": {
            law.name: {shape.name: shape_values(runs, law, shape.name) for shape in law.shapes} for law in laws
        },
        "bic_changes": [run.curve.name for run in runs if run.best_by("bic") != run.support.best],
    }


def winners(runs: Sequence[FittedCurve]) -> list[dict[str, Any]]:
    """Count the best laws of each task and width, null where no law has a fit, most frequent first."""
    cells: dict[tuple[str, int | None], Counter[str | None]] = {}
    for run in runs:
        cells.setdefault((run.task, run.width), Counter())[run.support.best] += 1
    return [
        {"task": task, "hidden_size": width, "counts": [[form, count] for form, count in counts.most_common()]}
        for (task, width), counts in cells.items()
    ]


def held(runs: Sequence[FittedCurve]) -> dict[str, Any]:
    """Count the fits at a finite optimum with a parameter on a bound: of each law, and of the winners."""
    bounded = [(run, fit) for run in runs for fit in run.converged if fit.at_bound]
    return {
        "by_form": dict(Counter(fit.law for _, fit in bounded if fit.status == OK)),
        "winners": sum(fit.law == run.support.best for run, fit in bounded),
    }


def statuses(runs: Sequence[FittedCurve]) -> dict[str, dict[str, int]]:
    """Count the statuses of each law's fits."""
    counts: dict[str, Counter[str]] = {}
    for run in runs:
        for fit in run.fits:
            counts.setdefault(fit.law, Counter())[fit.status] += 1
    return {form: dict(own) for form, own in counts.items()}


def best_form(runs: Sequence[FittedCurve], laws: Sequence[Law]) -> str | None:
    """Name the law with the lowest AIC summed over those runs in which every law has a fit; None if there are none."""
    totals = {law.name: 0.0 for law in laws}
    complete = [run for run in runs if len(run.converged) == len(laws)]
    for run in complete:
        for fit in run.fits:
            totals[fit.law] += float(fit.aic or 0.0)
    return min(totals, key=lambda name: totals[name]) if complete else None


def support_counts(runs: Sequence[FittedCurve]) -> dict[str, int]:
    """Count the runs of each level of support, all four levels present."""
    counts = Counter(run.support.level for run in runs)
    return {level: counts[level] for level in SUPPORT_LEVELS}


def run_support(run: FittedCurve) -> dict[str, Any]:
    """Describe the support of one run by its task, width and best two laws."""
    return {
        "task": run.task,
        "hidden_size": run.width,
        "best_form": run.support.best,
        "second_form": run.support.second,
        "delta_aic": run.support.delta_aic,
        "support_level": run.support.level,
    }


def fits_of(runs: Sequence[FittedCurve], law: Law) -> list[FittedLaw]:
    """Return one law's fits over the runs that have one."""
    return [fit for run in runs for fit in run.converged if fit.law == law.name]


def shape_values(runs: Sequence[FittedCurve], law: Law, name: str) -> list[float]:
    """Return one parameter of a law over the runs that have a fit."""
    return [fit.params[name] for fit in fits_of(runs, law)]


def exponents(runs: Sequence[FittedCurve], law: Law) -> list[float]:
    """Return a law's exponent over the runs that have a fit."""
    return shape_values(runs, law, law.exponent)


def spread(values: Sequence[float]) -> dict[str, float | None]:
    """Return mean, standard deviation (n − 1; None for one value), minimum and maximum."""
    if not values:
        return {"mean": None, "std": None, "min": None, "max": None}
    return {
        "mean": fmean(values),
        "std": stdev(values) if len(values) > 1 else None,
        "min": min(values),
        "max": max(values),
    }
