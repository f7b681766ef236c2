"""A learning-rate schedule as a polygon over steps, and the sums over its steps that laws are made of.

Step k = 1, 2, … is taken with learning rate η_k. A schedule knows η at some steps and is linear between them; a jump is
linear over one step. Between two known steps all increments η_k − η_(k−1) are equal, so that sums over steps have
closed forms or are sums of a smooth function over evenly spaced steps, which need a few nodes and not every step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError

Drops = Literal["peak", "start"]
"""Which changes of the learning rate a drop term counts: those after the peak, or also the rises of the warm-up."""

SAME = 1e-6
"""Relative to the peak: smaller rises are rounding of the record."""

NODES = 4
"""Steps, or nodes that stand for them, per stretch of equal increments."""


@dataclass(frozen=True)
class Schedule:
    """A learning-rate schedule.

    Attributes
    ----------
    steps : ndarray of shape (k,)
        Whole numbers from 0, strictly increasing: where the learning rate is known.
    rates : ndarray of shape (k,)
        The learning rate there, above 0 from step 1 on; linear in the step between. ``rates[0]`` is no step's rate but
        where the first increment starts from: 0 for a warm-up from zero.
    """

    steps: Array
    rates: Array

    @property
    def peak(self) -> float:
        """The highest learning rate."""
        return float(self.rates.max())

    @property
    def peak_step(self) -> float:
        """The first step at which the highest learning rate is known: the end of the warm-up."""
        return float(self.steps[self.rates.argmax()])

    @property
    def length(self) -> float:
        """The last step."""
        return float(self.steps[-1])

    def at(self, steps: Array) -> Array:
        """Return the learning rate at some steps."""
        return np.interp(steps, self.steps, self.rates)


@dataclass(frozen=True)
class History:
    """Sums over the steps before each of n records, for one schedule or for a batch of schedules with equal steps.

    With G a smooth function, Σ_k (η_(k−1) − η_k)·G(η_k, S_(k−1)) is ``sum(drop * G(after, before))``.

    Attributes
    ----------
    step : ndarray of shape (n,)
        The recorded steps t.
    peak : ndarray of shape (…)
        The highest learning rate.
    total : ndarray of shape (…, n)
        S1(t) = Σ_(k≤t) η_k.
    fallen : ndarray of shape (…, n)
        Σ_(k≤t) (η_(k−1) − η_k), of the decrements that count.
    drop : ndarray of shape (…, m)
        Decrements η_(k−1) − η_k, each times the number of steps that its node stands for.
    after : ndarray of shape (…, m)
        η_k at the nodes.
    before : ndarray of shape (…, m)
        S1(k − 1) at the nodes, so that S_k(t) = Σ_(τ=k..t) η_τ is ``total − before``, and a node with before ≥ total
        lies after the record.
    end : ndarray of shape (s,)
        The last step of each stretch of equal decrements.
    size : ndarray of shape (s,)
        Its number of steps.
    slope : ndarray of shape (…, s)
        The decrement η_(k−1) − η_k of its steps; 0 where it does not count.
    """

    step: Array
    peak: NDArray[Any]
    total: NDArray[Any]
    fallen: NDArray[Any]
    drop: NDArray[Any]
    after: NDArray[Any]
    before: NDArray[Any]
    end: Array
    size: Array
    slope: NDArray[Any]


def history(schedule: Schedule, steps: Array, drops: Drops = "peak") -> History:
    """Return what laws need to know of `schedule` to give the loss at `steps`.

    Parameters
    ----------
    schedule : Schedule
        The schedule; beyond its last step the last rate goes on.
    steps : ndarray of shape (n,)
        Whole numbers ≥ 1, strictly increasing.
    drops : {"peak", "start"}
        Whether drop terms begin at the peak, or count the rises of the warm-up as negative drops, as the program
        published with the multi-power law does.
    """
    knots = np.union1d(schedule.steps[schedule.steps <= steps[-1]], np.append(steps, 0.0))
    rates = schedule.at(knots)
    first = schedule.peak_step if drops == "peak" else 0.0
    return history_of(knots, rates, steps, first)


def history_of(knots: Array, rates: NDArray[Any], steps: Array, first: float) -> History:
    """Return the history of learning rates known at `knots`, which start at 0 and contain `steps`.

    Parameters
    ----------
    knots : ndarray of shape (k,)
        Whole numbers from 0, strictly increasing.
    rates : ndarray of shape (…, k)
        The learning rates there, of any number of schedules; complex ones give complex sums.
    steps : ndarray of shape (n,)
        The recorded steps, all among the knots.
    first : float
        Changes up to this step are no drops.
    """
    size, start, stop = np.diff(knots), rates[..., :-1], rates[..., 1:]
    # Σ_(j=1..m) (a + j(b − a)/m) = m·a + (b − a)(m + 1)/2
    stretch = size * start + (stop - start) * (size + 1) / 2
    sums = np.cumsum(stretch, axis=-1)
    at = np.searchsorted(knots[1:], steps)
    counted = (knots[1:] > first) & (np.abs(stop - start).reshape(-1, size.size) > 0).any(axis=0)
    slope = np.where(counted, (start - stop) / size, 0.0)
    nodes = [_nodes(int(length)) for length in size[counted]]
    position = np.concatenate([place for place, _ in nodes]) if nodes else np.empty(0)
    weight = np.concatenate([mass for _, mass in nodes]) if nodes else np.empty(0)
    owner = np.repeat(np.flatnonzero(counted), [len(place) for place, _ in nodes])
    begin, fall = start[..., owner], slope[..., owner]
    sum_before = sums[..., owner] - stretch[..., owner]
    return History(
        step=steps,
        peak=rates.real.max(axis=-1),
        total=sums[..., at],
        fallen=np.cumsum(size * slope, axis=-1)[..., at],
        drop=weight * fall,
        after=begin - position * fall,
        before=sum_before + (position - 1) * (begin - fall * position / 2),
        end=knots[1:],
        size=size,
        slope=slope,
    )


@cache
def _nodes(steps: int) -> tuple[Array, Array]:
    """Return the Gauss rule for sums over 1..`steps`: exact for polynomials up to degree 2·NODES − 1.

    From the recurrence of the discrete Chebyshev polynomials (Gautschi 2004, section 1.4).
    """
    count = min(steps, NODES)
    degree = np.arange(1, count)
    beside = np.sqrt(degree**2 * (steps**2 - degree**2) / (4.0 * (4.0 * degree**2 - 1)))
    place, vectors = np.linalg.eigh(np.diag(beside, 1) + np.diag(beside, -1))
    return place + (steps + 1) / 2, steps * vectors[0] ** 2


def highest_rate(pasts: Sequence[History]) -> float:
    """Return the highest learning rate in several histories."""
    return max(float(past.peak) for past in pasts)


def schedule_of(steps: Array, rates: Array, warmup: int, name: str) -> Schedule:
    """Return the schedule of a run whose learning rate was recorded at some steps.

    - Up to the first record: a linear rise from 0 at step 0 to the first recorded rate at step `warmup`, then constant;
      with ``warmup=0`` the first recorded rate from the start.
    - Between records: linear in the step. But where the rate changes between two records and is constant over the
      intervals on either side, it jumps at the later one.

    Parameters
    ----------
    steps, rates : ndarray of shape (n,)
        Where the learning rate was recorded, and its values.
    warmup : int
        Steps of the warm-up, if it was left out of the record.
    name : str
        The curve, for messages.

    Raises
    ------
    LosslawsError
        If the warm-up ends after the first record, a step is no whole number, a rate is not above 0, or the rate rises
        again after it has fallen.
    """
    problem = _problem(steps, rates, warmup)
    if problem:
        raise LosslawsError(f"curve {name!r}: {problem}")
    change = np.diff(rates) != 0
    before, after = np.append(True, change)[:-1], np.append(change, True)[1:]
    jump = np.flatnonzero(change & ~before & ~after & (np.diff(steps) > 1))
    known = dict(zip(*rise(warmup, rates[0]), strict=True))
    known |= dict(zip(steps[jump + 1] - 1, rates[jump], strict=True)) | dict(zip(steps, rates, strict=True))
    places = np.array(sorted(known))
    return Schedule(places, np.array([known[place] for place in places]))


def rise(warmup: int, peak: float) -> tuple[Array, Array]:
    """Return steps from 0 to `warmup` and a linear rise from 0 to `peak`; for no warm-up the peak at step 0.

    Finer towards 0, where the sums over the warm-up are least smooth.
    """
    if not warmup:
        return np.zeros(1), np.array([peak])
    steps = np.unique(np.concatenate([[0.0], 2.0 ** np.arange(np.ceil(np.log2(warmup))), [float(warmup)]]))
    return steps, peak * steps / warmup


def _problem(steps: Array, rates: Array, warmup: int) -> str | None:
    broken = steps[steps != np.rint(steps)]
    if broken.size:
        return (
            f"t = {broken[0]:g} is no whole number, and laws of schedules count steps: import the curve with t in steps"
        )
    if warmup > steps[0]:
        return (
            f"the warm-up of {warmup} steps ends after the first recorded step {steps[0]:g}: "
            "leave it at 0 where the record contains the warm-up"
        )
    bad = np.flatnonzero(~(rates > 0) | ~np.isfinite(rates))
    if bad.size:
        return (
            f"the learning rate is {rates[bad[0]]:g} at step {steps[bad[0]]:g}, and the laws need one above 0: "
            "leave such points out"
        )
    change = np.diff(rates)
    change[np.abs(change) <= SAME * rates.max()] = 0.0
    wrong = np.flatnonzero((change > 0) & (np.minimum.accumulate(change) < 0))
    if wrong.size:
        where = wrong[0]
        return (
            f"the learning rate rises from {rates[where]:g} at step {steps[where]:g} to {rates[where + 1]:g} at step "
            f"{steps[where + 1]:g} after it has fallen, and the laws hold for schedules that do not increase after "
            "their warm-up: leave the curve out"
        )
    return None
