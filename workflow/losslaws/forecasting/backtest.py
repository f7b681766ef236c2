"""Back-test: how well the ends of curves are predicted, and how often intervals hold, for curves left out in turn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from losslaws.core.arrays import Array, Mask
from losslaws.curves.curve import Curve
from losslaws.forecasting.attempts import COMBINATION, FRACTIONS, Attempt, make_attempts
from losslaws.forecasting.conformal import DEFAULT, Pool, multipliers
from losslaws.forecasting.schedule_ahead import CHANGES

AS_BEFORE = "as before"


@dataclass(frozen=True)
class BacktestRow:
    """One forecaster's try at one prefix of one curve, scored."""

    curve: str
    """the curve"""
    schedule: str
    """what the learning rate does after the prefix: `steady`, `changes` or `unknown`"""
    fraction: float
    """the share of the points that was seen"""
    n_seen: int
    """how many those are"""
    t_seen: float
    """the last t that was seen"""
    t_end: float
    """the last t of the curve"""
    forecaster: str
    """`combination`, `last_value`, or a law fitted to all that was seen"""
    weight: float | None
    """the law's weight in the combination"""
    loss_end: float
    """the last loss of the curve"""
    forecast_end: float
    """its prediction"""
    error_end: float
    """absolute error of that"""
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
    """`as before`, where the learning rate is steady or unknown, or `changes`"""
    fraction: float | None
    """the share of the points that was seen; none for all of them together"""
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
    coverage_50: float | None
    """mean"""
    width_50: float | None
    """median"""
    coverage_90: float | None
    """mean"""
    width_90: float | None
    """median"""


@dataclass(frozen=True)
class Backtest:
    """A back-test of a set of curves.

    Attributes
    ----------
    rows : list of BacktestRow
        One for each curve, fraction and forecaster.
    pools : mapping of (schedule group, forecaster) to Pool
        Scores, to calibrate forecasts of other curves on.
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

    def multipliers(self, schedule: str) -> dict[float, float]:
        """Return the multipliers of the combination's intervals for a new curve with this schedule ahead."""
        pool = self.pools.get((group_of(schedule), COMBINATION))
        return DEFAULT if pool is None else multipliers(pool)

    def calibrated_on(self, schedule: str) -> int:
        """Return how many curves those come from; 0 for the default."""
        pool = self.pools.get((group_of(schedule), COMBINATION))
        return 0 if pool is None else len(pool.scores)


def group_of(schedule: str) -> str:
    """Return which curves are judged together: a schedule that changes cannot be foreseen."""
    return CHANGES if schedule == CHANGES else AS_BEFORE


def backtest_curves(
    curves: Sequence[Curve], laws: Sequence[str] | None = None, fractions: Sequence[float] = FRACTIONS
) -> Backtest:
    """Back-test a set of curves; see :func:`losslaws.forecasting.attempts.make_attempts` for the parameters."""
    attempts, notes = make_attempts(curves, laws, fractions)
    return judge(attempts, notes)


def judge(attempts: Sequence[Attempt], notes: Sequence[str] = ()) -> Backtest:
    """Calibrate the intervals of each curve on the other curves, and score errors and intervals.

    Curves whose schedule changes after a prefix are calibrated and reported apart from the others.
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
    scores: dict[str, float | None] = {}
    for column in [field.name for field in fields(BacktestSummary)][4:]:
        values = np.array([np.nan if getattr(row, column) is None else getattr(row, column) for row in rows])
        known: Mask = np.isfinite(values)
        middle = np.mean if column.startswith("coverage") else np.median
        scores[column] = float(middle(values[known])) if known.any() else None
    return BacktestSummary(group, fraction, name, len({row.curve for row in rows}), **scores)
