"""Recorded losses with the learning-rate schedule that they were recorded under."""

from dataclasses import dataclass

import numpy as np

from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.laws.schedule.history import Drops, History, Schedule, history, schedule_of
from losslaws.laws.separable import Observations

MIN_RECORDS = 5
"""Recorded points that a curve needs after its warm-up."""


@dataclass(frozen=True)
class ScheduledCurve(Observations[History]):
    """One curve and its schedule: losses y from the peak of the learning rate on, x the schedule summed up there.

    Attributes
    ----------
    schedule : Schedule
        Over all steps from the first, the warm-up included.
    in_warmup : int
        Records before the peak; they make part of the schedule and are not fitted.
    """

    schedule: Schedule
    in_warmup: int

    @property
    def steps(self) -> Array:
        """The steps of the records that are fitted."""
        return self.x.step


def scheduled_curve(curve: Curve, warmup: int = 0, drops: Drops = "peak", most: float = np.inf) -> ScheduledCurve:
    """Return a curve with its schedule.

    Parameters
    ----------
    curve : Curve
        With its learning rate; t counts steps.
    warmup : int
        Steps of a linear warm-up that was left out of the record (see :func:`schedule_of`).
    drops : {"peak", "start"}
        The convention for drop terms (see :func:`history`).
    most : float
        Records after this step are left out: of the schedule as of the loss.

    Raises
    ------
    LosslawsError
        If the curve has no learning rate, too few records after the peak, a loss there that is not finite and above 0,
        or a schedule that laws cannot follow (see :func:`schedule_of`).
    """
    if "lr" not in curve.series:
        raise LosslawsError(
            f"curve {curve.name!r} has no learning rates, and laws of schedules need them: "
            "import the curve with its lr column"
        )
    kept = curve.t <= most
    steps, rates, loss = curve.t[kept], curve.series["lr"][kept], curve.loss[kept]
    if not steps.size:
        raise LosslawsError(f"curve {curve.name!r} has no record up to step {most:g}")
    schedule = schedule_of(steps, rates, warmup, curve.name)
    counted = steps >= schedule.peak_step
    steps, loss = steps[counted], loss[counted]
    if steps.size < MIN_RECORDS:
        raise LosslawsError(
            f"curve {curve.name!r} has {steps.size} records from the peak of its learning rate at step "
            f"{schedule.peak_step:g} on, and a fit needs {MIN_RECORDS}: leave the curve out"
        )
    bad = np.flatnonzero(~(np.isfinite(loss) & (loss > 0)))
    if bad.size:
        raise LosslawsError(
            f"curve {curve.name!r} has the loss {loss[bad[0]]:g} at step {steps[bad[0]]:g}, and its logarithm "
            "is fitted, which needs finite losses above 0: import the curve up to there, or leave it out"
        )
    return ScheduledCurve(curve.name, history(schedule, steps, drops), loss, schedule, int((~counted).sum()))
