"""How well a fitted law predicts: the published metrics, by run, and hold-out by schedule."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np

from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.fitting.pooled import ScheduleFit, fit_schedule_law
from losslaws.laws.schedule.runs import Run
from losslaws.laws.separable import ScheduleLaw


@dataclass(frozen=True)
class Scores:
    """Metrics of one predicted curve, or their averages over several.

    Attributes
    ----------
    r2 : float
        1 − Σ(prediction − loss)²/Σ(loss − mean)²; NaN for a constant loss.
    mae, rmse : float
        Mean absolute error, and root of the mean squared error, in units of the loss.
    mean_relative, worst_relative : float
        Mean and largest |prediction − loss|/loss.
    """

    r2: float
    mae: float
    rmse: float
    mean_relative: float
    worst_relative: float


def scores(loss: Array, prediction: Array) -> Scores:
    """Return the metrics of a prediction, as in Luo et al. 2025."""
    error = prediction - loss
    spread = np.sum((loss - loss.mean()) ** 2)
    relative = np.abs(error) / loss
    return Scores(
        r2=float(1 - np.sum(error**2) / spread) if spread > 0 else float("nan"),
        mae=float(np.abs(error).mean()),
        rmse=float(np.sqrt(np.mean(error**2))),
        mean_relative=float(relative.mean()),
        worst_relative=float(relative.max()),
    )


def scores_by_run(fit: ScheduleFit, runs: Sequence[Run]) -> dict[str, Scores]:
    """Return the metrics of each run under a fitted law."""
    return {run.name: scores(run.loss, fit.predict(run)) for run in runs}


def average(several: Sequence[Scores]) -> Scores:
    """Return the plain mean of each metric over runs, as published (the worst error too is averaged)."""
    return Scores(*np.mean([astuple(entry) for entry in several], axis=0).tolist())


def hold_out(law: ScheduleLaw, runs: Sequence[Run]) -> dict[str, Scores]:
    """Return how well each run is predicted by a fit to all others.

    Raises
    ------
    LosslawsError
        If there is only one run.
    """
    if len(runs) < 2:
        raise LosslawsError(
            f"{runs[0].name!r} is the only curve, and hold-out by schedule needs another one to fit: add a run under "
            "another schedule"
        )
    held = {}
    for run in runs:
        fit = fit_schedule_law(law, [other for other in runs if other is not run])
        held[run.name] = scores(run.loss, fit.predict(run))
    return held
