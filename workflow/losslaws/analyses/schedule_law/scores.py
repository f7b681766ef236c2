"""How well a fitted law predicts: the published metrics, by curve, and hold-out by schedule."""

from collections.abc import Sequence

import numpy as np

from losslaws.analyses.schedule_law.results import Scores
from losslaws.core.arrays import Array
from losslaws.fitting.pooled import PooledFit, leave_one_out
from losslaws.laws.schedule.catalogue import ScheduleLaw
from losslaws.laws.schedule.curve import ScheduledCurve
from losslaws.laws.schedule.history import History


def scores(loss: Array, prediction: Array) -> Scores:
    """Return the metrics of a prediction, as in Luo et al. 2025."""
    error = prediction - loss
    spread = np.sum((loss - loss.mean()) ** 2)
    relative = np.abs(error) / loss
    return Scores(
        r2=float(1 - np.sum(error**2) / spread) if spread > 0 else None,
        mae=float(np.abs(error).mean()),
        rmse=float(np.sqrt(np.mean(error**2))),
        mean_relative=float(relative.mean()),
        worst_relative=float(relative.max()),
    )


def scores_by_curve(fit: PooledFit[History], curves: Sequence[ScheduledCurve]) -> dict[str, Scores]:
    """Return the metrics of each curve under a fitted law."""
    return {curve.name: scores(curve.y, fit.predict(curve.x)) for curve in curves}


def hold_out(law: ScheduleLaw, curves: Sequence[ScheduledCurve]) -> dict[str, Scores]:
    """Return how well each curve is predicted by a fit to all others.

    Raises
    ------
    LosslawsError
        If there is only one curve.
    """
    fits = leave_one_out(law, curves)
    return {curve.name: scores(curve.y, fit.predict(curve.x)) for curve, fit in zip(curves, fits, strict=True)}
