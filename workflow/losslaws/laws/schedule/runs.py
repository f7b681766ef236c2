"""Runs: recorded losses with the schedule that they were recorded under."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.laws.schedule.history import Drops, History, Schedule, history, schedule_of

FEWEST = 5
"""Recorded points that a run needs after its warm-up."""


@dataclass(frozen=True)
class Run:
    """One curve and its schedule.

    Attributes
    ----------
    name : str
        The curve's name.
    schedule : Schedule
        Over all steps from the first, the warm-up included.
    steps, loss : ndarray of shape (n,)
        The records that count: those from the peak of the learning rate on.
    past : History
        The schedule, summed up at `steps`.
    in_warmup : int
        Records before the peak; they make part of the schedule and are not fitted.
    """

    name: str
    schedule: Schedule
    steps: Array
    loss: Array
    past: History
    in_warmup: int


def run_of(curve: Curve, warmup: int = 0, drops: Drops = "peak", most: float = np.inf) -> Run:
    """Return a curve as a run.

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
    if steps.size < FEWEST:
        raise LosslawsError(
            f"curve {curve.name!r} has {steps.size} records from the peak of its learning rate at step "
            f"{schedule.peak_step:g} on, and a fit needs {FEWEST}: leave the curve out"
        )
    bad = np.flatnonzero(~(np.isfinite(loss) & (loss > 0)))
    if bad.size:
        raise LosslawsError(
            f"curve {curve.name!r} has the loss {loss[bad[0]]:g} at step {steps[bad[0]]:g}, and its logarithm "
            "is fitted, which needs finite losses above 0: import the curve up to there, or leave it out"
        )
    return Run(curve.name, schedule, steps, loss, history(schedule, steps, drops), int((~counted).sum()))


def check_fittable(runs: Sequence[Run], parameters: int) -> None:
    """Raise a LosslawsError if the runs have no more records than a law has parameters, or share a name."""
    records = sum(run.steps.size for run in runs)
    if records <= parameters:
        raise LosslawsError(
            f"{records} records in {len(runs)} curves are too few for a law of {parameters} parameters: fit more curves"
        )
    names = [run.name for run in runs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise LosslawsError(f"curve {twice[0]!r} is among the curves twice: name every curve once")
