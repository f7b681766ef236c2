"""Back-test: how well the ends of curves are predicted, and how often intervals hold, for curves left out in turn."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from losslaws.core.arrays import Array
from losslaws.curves.curve import Curve
from losslaws.forecasting.attempts import COMBINATION, FRACTIONS, Attempt, make_attempts
from losslaws.forecasting.conformal import SIMULATED, Calibration, Pool, multipliers
from losslaws.forecasting.schedule_ahead import CHANGES

AS_BEFORE = "as before"
"""The group of schedules that are constant or unknown; the other is `CHANGES`."""

GROUPS = {AS_BEFORE: "LR constant or unknown", CHANGES: "LR changes"}
"""What tables and figures call the groups."""


@dataclass(frozen=True)
class BacktestRow:
    """The scores of one forecaster on one prefix of one curve."""

    curve: str
    """the curve"""
    schedule: str
    """what the learning rate does after the seen points: `steady`, `changes` or `unknown`"""
    fraction: float
    """the fraction of the points that was seen"""
    n_seen: int
    """how many those are"""
    t_seen: float
    """the last t that was seen"""
    t_end: float
    """the last t of the curve"""
    forecaster: str
    """`combination`, `last_value`, or a law fitted to all seen points"""
    weight: float | None
    """the law's weight in the combination"""
    loss_end: float
    """the last loss of the curve"""
    forecast_end: float
    """its prediction"""
    error_end: float
    """its absolute error"""
    relative_error_end: float | None
    """the same as a share of the loss"""
    error_later: float
    """mean absolute error over all later points"""
    relative_error_later: float | None
    """the same as a share of their mean absolute loss"""
    coverage_50: float
    """share of the later points inside the 50% interval"""
    width_50: float
    """mean width of the 50% interval, in units of the loss"""
    coverage_90: float
    """share of the later points inside the 90% interval"""
    width_90: float
    """mean width of the 90% interval, in units of the loss"""


@dataclass(frozen=True)
class BacktestSummary:
    """Scores of one forecaster over the curves of one group of schedules."""

    schedule: str
    """`as before`, where the learning rate is constant or unknown, or `changes`"""
    fraction: float | None
    """the fraction of the points that was seen; none for all of them together"""
    forecaster: str
    """as in the table"""
    curves: int
    """number of curves"""
    error_end: float | None
    """median over the curves and fractions, as all that follow but coverage"""
    relative_error_end: float | None
    """median"""
    error_later: float | None
    """median"""
    relative_error_later: float | None
    """median"""
    coverage_50: float
    """mean"""
    width_50: float | None
    """median"""
    coverage_90: float
    """mean"""
    width_90: float | None
    """median"""


@dataclass(frozen=True)
class ErrorQuartiles:
    """The quartiles over curves of the combination's mean absolute error over later points."""

    schedule: str
    fraction: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Backtest:
    """A back-test of a set of curves.

    Attributes
    ----------
    rows : list of BacktestRow
        One for each curve, fraction and forecaster.
    pools : mapping of (schedule group, forecaster) to Pool
        Scores, to calibrate the forecasts of other curves.
    notes : list of str
        What was left out.
    """

    rows: list[BacktestRow]
    pools: Mapping[tuple[str, str], Pool]
    notes: list[str]

    @property
    def summary(self) -> list[BacktestSummary]:
        """One row for each schedule group, fraction (and all of them, None) and forecaster."""
        return list(_summaries(self.rows))

    @property
    def quartiles(self) -> list[ErrorQuartiles]:
        """One for each schedule group and fraction."""
        errors: dict[tuple[str, float], list[float]] = {}
        for row in self.rows:
            if row.forecaster == COMBINATION:
                errors.setdefault((group_of(row.schedule), row.fraction), []).append(row.error_later)
        return [ErrorQuartiles(*key, *np.quantile(own, (0.25, 0.75)).tolist()) for key, own in sorted(errors.items())]

    def calibration(self, schedule: str) -> Calibration:
        """Return the calibration of the combination's intervals for a new curve with this schedule ahead."""
        group = group_of(schedule)
        pool = self.pools.get((group, COMBINATION))
        if pool is None:
            return SIMULATED
        count = len(pool.scores)
        source = f"{count} other curve{'s' * (count != 1)}{' whose learning rate changes' * (group == CHANGES)}"
        return Calibration(multipliers(pool), source)


def group_of(schedule: str) -> str:
    """Return which curves are judged together: forecasts ignore a change of the learning rate."""
    return CHANGES if schedule == CHANGES else AS_BEFORE


def backtest_curves(
    curves: Sequence[Curve], laws: Sequence[str] | None = None, fractions: Sequence[float] = FRACTIONS
) -> Backtest:
    """Back-test a set of curves; see :func:`losslaws.forecasting.attempts.make_attempts` for the parameters."""
    attempts, notes = make_attempts(curves, laws, fractions)
    return judge(attempts, notes)


def judge(attempts: Sequence[Attempt], notes: Sequence[str] = ()) -> Backtest:
    """Calibrate the intervals of each curve on the other curves, and score errors and intervals.

    Prefixes after which the learning rate changes are calibrated and reported separately.
    """
    grouped: dict[tuple[str, str], dict[str, list[Attempt]]] = {}
    for attempt in attempts:
        key = group_of(attempt.schedule), attempt.forecaster
        grouped.setdefault(key, {}).setdefault(attempt.curve, []).append(attempt)
    pools = {}
    scored: dict[int, BacktestRow] = {}
    for key, by_curve in grouped.items():
        pool = Pool(tuple(np.concatenate([_scores(attempt) for attempt in own]) for own in by_curve.values()))
        pools[key] = pool
        for number, own in enumerate(by_curve.values()):
            width = multipliers(pool, without=number)
            for attempt in own:
                scored[id(attempt)] = _row(attempt, width)
    return Backtest([scored[id(attempt)] for attempt in attempts], pools, list(notes))


def _scores(attempt: Attempt) -> Array:
    return np.asarray(np.abs(attempt.loss - attempt.forecast) / attempt.scale)


def _row(attempt: Attempt, width: Mapping[float, float]) -> BacktestRow:
    error = np.abs(attempt.loss - attempt.forecast)
    scores, scale = _scores(attempt), attempt.scale.mean()
    size, mean = abs(float(attempt.loss[-1])), float(np.abs(attempt.loss).mean())
    return BacktestRow(
        curve=attempt.curve,
        schedule=attempt.schedule,
        fraction=attempt.fraction,
        n_seen=attempt.n_seen,
        t_seen=attempt.t_seen,
        t_end=float(attempt.t[-1]),
        forecaster=attempt.forecaster,
        weight=None if np.isnan(attempt.weight) else attempt.weight,
        loss_end=float(attempt.loss[-1]),
        forecast_end=float(attempt.forecast[-1]),
        error_end=float(error[-1]),
        relative_error_end=float(error[-1]) / size if size else None,
        error_later=float(error.mean()),
        relative_error_later=float(error.mean()) / mean if mean else None,
        coverage_50=float((scores <= width[0.5]).mean()),
        width_50=float(2 * width[0.5] * scale),
        coverage_90=float((scores <= width[0.9]).mean()),
        width_90=float(2 * width[0.9] * scale),
    )


def _summaries(rows: Sequence[BacktestRow]) -> Iterator[BacktestSummary]:
    groups = [group_of(row.schedule) for row in rows]
    fractions = sorted({row.fraction for row in rows})
    names = list(dict.fromkeys(row.forecaster for row in rows))
    for group in (AS_BEFORE, CHANGES):
        for fraction in (None, *fractions):
            for name in names:
                chosen = [
                    row
                    for row, own in zip(rows, groups, strict=True)
                    if own == group and row.forecaster == name and fraction in (None, row.fraction)
                ]
                if chosen:
                    yield _summary(chosen, group, fraction, name)


def _summary(rows: Sequence[BacktestRow], group: str, fraction: float | None, name: str) -> BacktestSummary:
    return BacktestSummary(
        schedule=group,
        fraction=fraction,
        forecaster=name,
        curves=len({row.curve for row in rows}),
        error_end=_median(row.error_end for row in rows),
        relative_error_end=_median(row.relative_error_end for row in rows),
        error_later=_median(row.error_later for row in rows),
        relative_error_later=_median(row.relative_error_later for row in rows),
        coverage_50=float(np.mean([row.coverage_50 for row in rows])),
        width_50=_median(row.width_50 for row in rows),
        coverage_90=float(np.mean([row.coverage_90 for row in rows])),
        width_90=_median(row.width_90 for row in rows),
    )


def _median(values: Iterable[float | None]) -> float | None:
    """Return the median of the finite values; None without any."""
    known = [value for value in values if value is not None and np.isfinite(value)]
    return float(np.median(known)) if known else None
