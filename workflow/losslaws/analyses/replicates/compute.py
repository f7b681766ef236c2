"""Variation over seeds: how often each law wins, and whether exponents depend on more than the seed."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean

import numpy as np

from losslaws.analyses.work import Work
from losslaws.core.arrays import Array
from losslaws.core.proportions import share
from losslaws.fitting.fitted import FittedCurve, FittedLaw, read_fitted
from losslaws.fitting.status import OK
from losslaws.laws.law import Law
from losslaws.storage.csv_tables import write_csv
from losslaws.storage.records import write_record

PERMUTATIONS = 9999

FACTORS: dict[str, Callable[[FittedCurve], object]] = {"task": lambda run: run.task, "width": lambda run: run.width}


@dataclass(frozen=True)
class WinShare:
    """How many of the `runs` of a (task, width) a law wins, with Wilson's 95% interval of the share."""

    task: str
    width: int | None
    law: str
    runs: int
    wins: int
    share: float
    lower: float
    upper: float


@dataclass(frozen=True)
class ExponentSpread:
    """How a law's exponent varies over the `runs` with a finite optimum, `at_bound` of them on a bound.

    Attributes
    ----------
    sd_within, sd_between : float or None
        Standard deviations over the seeds of a cell, and between cells (components of variance).
    p_task, p_width : float or None
        p-values that it does not depend on the task (given the width), or on the width (given the task).
    """

    law: str
    exponent: str
    runs: int
    at_bound: int
    mean: float | None
    sd_within: float | None
    sd_between: float | None
    p_task: float | None
    p_width: float | None


@dataclass(frozen=True)
class Replicates:
    """Shares of wins by (task, width) and law, and the spread of each law's exponent."""

    shares: tuple[WinShare, ...]
    exponents: tuple[ExponentSpread, ...]


def count_wins(work: Work[None]) -> None:
    """Write the shares of wins and the spread of exponents of an experiment."""
    runs = read_fitted(work.inputs["curves"], work.inputs["fits"], work.laws, whole=0)
    found = Replicates(tuple(win_shares(runs, work.laws)), tuple(exponent_spread(runs, work.laws)))
    write_record(work.output("found"), found)
    write_csv(work.output("shares"), map(asdict, found.shares))
    write_csv(work.output("exponents"), map(asdict, found.exponents))


def win_shares(runs: Sequence[FittedCurve], laws: Sequence[Law]) -> list[WinShare]:
    """Return for each (task, width) and law the share of the seeds that the law wins, with Wilson's 95% interval.

    Rows are in the order of the tasks, then of the widths. A law of the list that wins nowhere has a row all the same;
    runs without any fit count among the `runs`.
    """
    rows = []
    for (task, width), members in _cells(runs).items():
        for law in laws:
            wins = sum(run.support.best == law.name for run in members)
            value, lower, upper = share(wins, len(members))
            rows.append(WinShare(task, width, law.name, len(members), wins, value, lower, upper))
    return rows


def _cells(runs: Sequence[FittedCurve]) -> dict[tuple[str, int | None], list[FittedCurve]]:
    tasks = list(dict.fromkeys(run.task for run in runs))
    cells: dict[tuple[str, int | None], list[FittedCurve]] = {}
    for run in sorted(runs, key=lambda run: (tasks.index(run.task), run.width or 0)):
        cells.setdefault((run.task, run.width), []).append(run)
    return cells


def exponent_spread(runs: Sequence[FittedCurve], laws: Sequence[Law]) -> list[ExponentSpread]:
    """Return for each law how its exponent varies within cells (over seeds) and between cells.

    The components of a one-way analysis of variance: σ²_within is the mean square within cells, σ²_between =
    max(0, (MS_between − MS_within)/n₀) with n₀ = (N − Σn²/N)/(cells − 1) (Searle 1971). Fits at infinity have no
    exponent and are left out; those on a bound are counted.
    """
    rows = []
    for law in laws:
        fitted = [[fit for fit in run.fits if fit.name == law.name and fit.status == OK] for run in runs]
        chosen = [(run, fit[0]) for run, fit in zip(runs, fitted, strict=True) if fit]
        groups: dict[tuple[str, int | None], list[float]] = {}
        for run, fit in chosen:
            groups.setdefault((run.task, run.width), []).append(fit.params[law.exponent])
        within, between = _components(list(groups.values()))
        rows.append(
            ExponentSpread(
                law=law.name,
                exponent=law.exponent,
                runs=len(chosen),
                at_bound=sum(law.exponent in fit.at_bound for _, fit in chosen),
                mean=fmean(value for values in groups.values() for value in values) if chosen else None,
                sd_within=within,
                sd_between=between,
                p_task=difference(chosen, law, "task"),
                p_width=difference(chosen, law, "width"),
            )
        )
    return rows


def _components(groups: Sequence[Sequence[float]]) -> tuple[float | None, float | None]:
    """Return the standard deviations within and between groups; None where there are too few values."""
    sizes = np.array([len(group) for group in groups])
    total, cells = int(sizes.sum()), len(groups)
    if total <= cells or cells < 2:
        return None, None
    means = np.array([np.mean(group) for group in groups])
    grand = float(np.average(means, weights=sizes))
    inside = sum(float(np.sum((np.asarray(group) - mean) ** 2)) for group, mean in zip(groups, means, strict=True))
    mean_square_within = inside / (total - cells)
    mean_square_between = float(np.sum(sizes * (means - grand) ** 2)) / (cells - 1)
    balanced = (total - float(np.sum(sizes**2)) / total) / (cells - 1)
    return mean_square_within**0.5, max(0.0, (mean_square_between - mean_square_within) / balanced) ** 0.5


def difference(chosen: Sequence[tuple[FittedCurve, FittedLaw]], law: Law, factor: str) -> float | None:
    """Return the p-value that a law's exponent does not depend on a factor; None where it has only one level.

    A permutation test: exponents are ranked within each level of the other factor and permuted there, so that the
    other factor's effect is kept; the statistic is the sum of squares between the levels' mean ranks.
    """
    # SciPy's statistics take long to import.
    from scipy.stats import rankdata

    other = next(name for name in FACTORS if name != factor)
    values = np.array([fit.params[law.exponent] for _, fit in chosen])
    levels = _codes([FACTORS[factor](run) for run, _ in chosen])
    strata = _codes([FACTORS[other](run) for run, _ in chosen])
    if len(set(levels)) < 2:
        return None
    stream = np.random.default_rng(0)
    rounds = np.empty((PERMUTATIONS + 1, values.size))
    for stratum in range(max(strata) + 1):
        members = np.flatnonzero(np.array(strata) == stratum)
        ranks = rankdata(values[members]) - (members.size + 1) / 2
        rounds[0, members] = ranks
        rounds[1:, members] = stream.permuted(np.tile(ranks, (PERMUTATIONS, 1)), axis=1)
    statistic = _between(rounds, np.array(levels))
    return float(np.mean(statistic >= statistic[0] * (1 - 1e-12)))


def _codes(labels: Sequence[object]) -> list[int]:
    known = list(dict.fromkeys(labels))
    return [known.index(label) for label in labels]


def _between(rounds: Array, levels: Array) -> Array:
    """Return Σ n·mean² over the levels for every row of `rounds`."""
    total = np.zeros(len(rounds))
    for level in np.unique(levels):
        members = rounds[:, levels == level]
        total += members.sum(axis=1) ** 2 / members.shape[1]
    return total
