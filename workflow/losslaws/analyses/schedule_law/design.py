"""The non-increasing schedule with the lowest final loss that a fitted law predicts."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from losslaws.analyses.schedule_law.results import Comparison, Plan
from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.fitting.pooled import PooledFit
from losslaws.laws.schedule.catalogue import drop_terms
from losslaws.laws.schedule.curve import ScheduledCurve
from losslaws.laws.schedule.history import Drops, History, Schedule, history, history_of, rise
from losslaws.laws.schedule.references import check_plan, cosine, warmup_stable_decay, with_warmup

KNOTS = 64
"""Steps after the warm-up at which the learning rate is free."""

MIN_RATE = 1e-3
"""Relative to the peak: no designed schedule goes below."""

MAX_FALL = 40.0
"""In the logarithm of the learning rate, from one free step to the next."""

COMPLEX_STEP = 1e-30

NEAR = 1.01
"""A factor by which a schedule may leave the range of the runs without a warning."""


def final_loss(fit: PooledFit[History], schedule: Schedule, drops: Drops = "peak") -> float:
    """Return the loss that a fitted law predicts at a schedule's last step."""
    last = np.array([schedule.length])
    return float(fit.predict(history(schedule, last, drops))[0])


def references(plan: Plan) -> dict[str, Schedule]:
    """Return the schedules that a design is compared with, by name."""
    asked = plan.length, plan.peak, plan.warmup, plan.end * plan.peak
    return {
        "cosine": cosine(*asked),
        "wsd_linear": warmup_stable_decay(*asked, decay="linear"),
        "wsd_exponential": warmup_stable_decay(*asked, decay="exponential"),
    }


def design(fit: PooledFit[History], plan: Plan, start: Schedule | None = None) -> Schedule:
    """Return the schedule of the lowest predicted final loss that does not increase after its warm-up.

    The rates at some steps are η_i = η_min + (η_peak − η_min)·exp(−Σ_(j≤i) y_j) with y ≥ 0, so that every point of the
    search is non-increasing, from the peak to above η_min = `MIN_RATE`·η_peak. The gradient in y is exact (complex
    step); the search is L-BFGS-B from the best of the schedules to compare with.

    Parameters
    ----------
    fit : PooledFit
        The law.
    plan : Plan
        Length, peak and warm-up.
    start : Schedule, optional
        Where to start instead.

    Raises
    ------
    LosslawsError
        If no drop of the learning rate lowers the loss under the law, or the plan is impossible.
    """
    check_plan(plan.length, plan.peak, plan.warmup)
    if not any(fit.parameters[name] > 0 for name in drop_terms(fit.law)):
        raise LosslawsError(
            f"under the law {fit.law.name} as fitted no fall of the learning rate lowers the loss, so that it cannot "
            "choose a schedule: fit runs whose schedules fall, or another law"
        )
    search = _Search(fit, plan)
    if start is None:
        start = min(references(plan).values(), key=lambda each: final_loss(fit, each, plan.drops))
    rates = search.rates(search.minimum(search.falls(start)))
    return with_warmup(plan.warmup, np.append(plan.warmup, search.free), np.append(plan.peak, rates))


class _Search:
    """The final loss as a function of the logarithmic falls y between free steps."""

    def __init__(self, fit: PooledFit[History], plan: Plan) -> None:
        self.fit, self.plan = fit, plan
        # Closer together towards the end, where the rate falls most.
        share = 1 - (1 - np.linspace(0, 1, KNOTS + 1)[1:]) ** 1.5
        self.free = np.unique(np.maximum(np.rint(plan.warmup + share * (plan.length - plan.warmup)), plan.warmup + 1))
        before, self.head = rise(plan.warmup, plan.peak)
        self.knots = np.append(before, self.free)

    def rates(self, falls: NDArray[Any]) -> NDArray[Any]:
        """Return the learning rates at the free steps, shape (…, free)."""
        lowest = MIN_RATE * self.plan.peak
        return np.asarray(lowest + (self.plan.peak - lowest) * np.exp(-np.cumsum(falls, axis=-1)))

    def falls(self, schedule: Schedule) -> Array:
        """Return the point next to a schedule."""
        lowest = MIN_RATE * self.plan.peak
        above = np.maximum(schedule.at(self.free) - lowest, 0.1 * lowest) / (self.plan.peak - lowest)
        return np.maximum(-np.diff(np.log(above), prepend=0.0), 0.0)

    def value(self, falls: Array) -> tuple[float, Array]:
        """Return the final loss and its gradient."""
        bent = falls + 1j * COMPLEX_STEP * np.eye(falls.size)
        rates = self.rates(bent)
        rates = np.concatenate([np.broadcast_to(self.head, (falls.size, self.head.size)), rates], axis=-1)
        first = float(self.plan.warmup) if self.plan.drops == "peak" else 0.0
        past = history_of(self.knots, rates, self.knots[-1:], first)
        loss = self.fit.predict(past)[:, 0]
        return float(loss[0].real), loss.imag / COMPLEX_STEP

    def minimum(self, falls: Array) -> Array:
        """Return the local minimum that a point leads to."""
        bounds = [(0.0, MAX_FALL)] * falls.size
        found = minimize(
            self.value,
            falls,
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": 300, "ftol": 1e-13, "gtol": 1e-10},
        )
        return np.asarray(found.x)


def compare(
    fit: PooledFit[History], refits: Sequence[PooledFit[History]], plan: Plan, designed: Schedule
) -> list[Comparison]:
    """Return the predicted final losses of the designed schedule and those to compare with, with their uncertainty."""
    schedules = {"designed": designed, **references(plan)}
    rows = []
    chosen = np.array([final_loss(each, designed, plan.drops) for each in [fit, *refits]])
    for name, schedule in schedules.items():
        losses = np.array([final_loss(each, schedule, plan.drops) for each in [fit, *refits]])
        excess = losses - chosen
        (low, high), (least, most) = (np.quantile(values, (0.05, 0.95)).tolist() for values in (losses, excess))
        rows.append(Comparison(name, float(losses[0]), low, high, float(excess[0]), least, most))
    return rows


def rate_range(refits: Sequence[PooledFit[History]], plan: Plan, designed: Schedule) -> tuple[Array, Array]:
    """Return 5% and 95% quantiles of the schedules that refits would design, at the steps of `designed`."""
    rates = [design(each, plan, designed).at(designed.steps) for each in refits]
    low, high = np.quantile(rates, (0.05, 0.95), axis=0)
    return low, high


def extrapolations(runs: Sequence[ScheduledCurve], schedule: Schedule) -> list[str]:
    """Return a sentence for everything in which a schedule leaves the range of the runs that were fitted."""
    said = []
    longest = max(run.steps[-1] for run in runs)
    if schedule.length > longest * NEAR:
        said.append(f"The schedule has {schedule.length:g} steps; the longest run fitted has {longest:g}.")
    peaks = [run.schedule.peak for run in runs]
    if not min(peaks) / NEAR <= schedule.peak <= max(peaks) * NEAR:
        said.append(f"Its peak is {schedule.peak:g}; the runs fitted peak at {min(peaks):g} to {max(peaks):g}.")
    lowest = min(float(run.schedule.at(run.steps).min()) for run in runs)
    if schedule.rates[-1] < lowest / NEAR:
        said.append(f"It ends at a learning rate of {schedule.rates[-1]:.3g}; the lowest fitted is {lowest:.3g}.")
    return said
