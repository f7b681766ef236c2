"""Back-test: how well the ends of curves can be foretold, and how often intervals hold, for curves left out in turn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from losslaws.core.arrays import Array, Mask
from losslaws.curves.curve import Curve
from losslaws.forecasting.attempts import COMBINATION, FRACTIONS, Attempt, make_attempts
from losslaws.forecasting.conformal import DEFAULT, LEVELS, Pool, multipliers
from losslaws.forecasting.schedule_ahead import CHANGES

BACKTEST = {
    "curve": "the curve",
    "schedule": "what the learning rate does after the prefix: `steady`, `changes` or `unknown`",
    "fraction": "the share of the points that was seen",
    "n_seen": "how many those are",
    "t_seen": "the last t that was seen",
    "t_end": "the last t of the curve",
    "forecaster": "`combination`, `last_value`, or a law fitted to all that was seen",
    "weight": "the law's weight in the combination",
    "loss_end": "the last loss of the curve",
    "forecast_end": "what was foretold of it",
    "error_end": "absolute error of that",
    "relative_error_end": "the same as a share of the loss",
    "error_later": "mean absolute error over all later points",
    "relative_error_later": "the same as a share of their mean absolute loss",
    "coverage_50": "share of the later points inside the 50% interval",
    "width_50": "mean width of the 50% interval, in units of the loss",
    "coverage_90": "share of the later points inside the 90% interval",
    "width_90": "mean width of the 90% interval, in units of the loss",
}
"""The columns of a back-test's table, and what they mean."""

SUMMARY = {
    "schedule": "`as before`, where the learning rate is steady or unknown, or `changes`",
    "fraction": "the share of the points that was seen; none for all of them together",
    "forecaster": "as in the table",
    "curves": "number of curves",
    "error_end": "median over the curves and fractions, as all that follow but coverage",
    "relative_error_end": "median",
    "error_later": "median",
    "relative_error_later": "median",
    "coverage_50": "mean",
    "width_50": "median",
    "coverage_90": "mean",
    "width_90": "median",
}
"""The columns of a back-test's summary, and what they mean."""

AS_BEFORE = "as before"

Row = dict[str, str | int | float | None]


@dataclass(frozen=True)
class Backtest:
    """A back-test of a set of curves.

    Attributes
    ----------
    rows : list of dict
        One for each curve, fraction and forecaster, with the keys of `BACKTEST`.
    pools : mapping of (schedule group, forecaster) to Pool
        Scores, to calibrate forecasts of other curves on.
    notes : list of str
        What was left out.
    """

    rows: list[Row]
    pools: Mapping[tuple[str, str], Pool]
    notes: list[str]

    @property
    def summary(self) -> list[Row]:
        """One row for each schedule group, fraction (and all of them, None) and forecaster; keys of `SUMMARY`."""
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
    scored: dict[int, Row] = {}
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


def _row(attempt: Attempt, width: Mapping[float, float]) -> Row:
    error = np.abs(attempt.loss - attempt.forecast)
    scores = _scores(attempt)
    size, mean = abs(float(attempt.loss[-1])), float(np.abs(attempt.loss).mean())
    row: Row = {
        "curve": attempt.curve,
        "schedule": attempt.schedule,
        "fraction": attempt.fraction,
        "n_seen": attempt.n_seen,
        "t_seen": attempt.t_seen,
        "t_end": float(attempt.t[-1]),
        "forecaster": attempt.forecaster,
        "weight": None if np.isnan(attempt.weight) else attempt.weight,
        "loss_end": float(attempt.loss[-1]),
        "forecast_end": float(attempt.forecast[-1]),
        "error_end": float(error[-1]),
        "relative_error_end": float(error[-1]) / size if size else None,
        "error_later": float(error.mean()),
        "relative_error_later": float(error.mean()) / mean if mean else None,
    }
    for level in LEVELS:
        row[f"coverage_{level * 100:.0f}"] = float((scores <= width[level]).mean())
        row[f"width_{level * 100:.0f}"] = float(2 * width[level] * attempt.scale.mean())
    return row


def _summaries(rows: Sequence[Row]) -> Iterator[Row]:
    groups = [group_of(str(row["schedule"])) for row in rows]
    fractions = sorted({float(row["fraction"] or 0) for row in rows})
    names = list(dict.fromkeys(row["forecaster"] for row in rows))
    for group in (AS_BEFORE, CHANGES):
        for fraction in (None, *fractions):
            for name in names:
                chosen = [
                    row
                    for row, own in zip(rows, groups, strict=True)
                    if own == group and row["forecaster"] == name and fraction in (None, row["fraction"])
                ]
                if chosen:
                    yield _summary(chosen, group, fraction, name)


def _summary(rows: Sequence[Row], group: str, fraction: float | None, name: object) -> Row:
    summary: Row = {
        "schedule": group,
        "fraction": fraction,
        "forecaster": str(name),
        "curves": len({row["curve"] for row in rows}),
    }
    for column in list(SUMMARY)[4:]:
        values = np.array([np.nan if row[column] is None else row[column] for row in rows], dtype=np.float64)
        known: Mask = np.isfinite(values)
        middle = np.mean if column.startswith("coverage") else np.median
        summary[column] = float(middle(values[known])) if known.any() else None
    return summary
