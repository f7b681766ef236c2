"""Compute-optimal horizons: where each size is the best choice for its compute, at rates that do not decay."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from losslaws.analyses.collapse.ladder import Rung
from losslaws.analyses.collapse.results import Frontier, FrontierPoint, HorizonLaw
from losslaws.analyses.collapse.scaling import fit_horizon_law
from losslaws.core.arrays import Array, Index
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve

SMOOTHING = 0.2
"""Half the width, in ln t, of the windows that losses of trained networks are averaged over."""

REPLICATES = 200
"""Draws of seeds that the error of the exponent comes from."""


def compute_frontier(ladder: Sequence[Rung], smoothing: float = 0.0, points: int = 2000) -> list[FrontierPoint]:
    """Return for each size between the smallest and the largest the t at which it is compute-optimal.

    At each compute C = p·t on a logarithmic grid, the mean losses of the seeds are compared, interpolated in ln t. The
    smallest and the largest size are optimal over ranges that end where the ladder ends; they are left out, as are
    sizes that are never best, and those whose range ends where a record begins or ends instead of where two curves
    cross. For curves whose learning rate does not decay; where it does, only the end counts.

    Parameters
    ----------
    ladder : sequence of Rung
        Four sizes or more.
    smoothing : float
        Losses are averaged over all records whose ln t differs by up to this much. Where losses of neighbouring records
        scatter by more than sizes differ, which size is best would be a matter of luck without.
    points : int
        Of the grid of compute.

    Raises
    ------
    LosslawsError
        If there are fewer than four sizes.
    """
    if len(ladder) < 4:
        raise LosslawsError(f"a frontier needs four sizes, and there are {len(ladder)}: add runs of other widths")
    low = min(rung.size * rung.t[0] for rung in ladder)
    high = max(rung.size * rung.horizon for rung in ladder)
    compute = np.geomspace(low, high, points)
    losses = np.stack([_interpolated(rung, compute, smoothing) for rung in ladder])
    best = np.argmin(np.where(np.isnan(losses), np.inf, losses), axis=0)
    frontier = []
    for index, rung in enumerate(ladder[1:-1], start=1):
        # Of several ranges, the longest.
        owned = np.flatnonzero(best == index)
        if not owned.size:
            continue
        ranges = np.split(owned, np.flatnonzero(np.diff(owned) > 1) + 1)
        longest = max(ranges, key=len)
        if not (_crossing(losses, best, longest[0] - 1) and _crossing(losses, best, longest[-1])):
            continue
        first, last = compute[longest[0]] / rung.size, compute[longest[-1]] / rung.size
        middle = float(np.sqrt(first * last))
        frontier.append(FrontierPoint(rung.label, rung.size, middle, float(first), float(last)))
    return frontier


def _crossing(losses: Array, best: Index, place: int) -> bool:
    """Return whether the best size changes after a place on the grid because two curves cross that go on there."""
    if place < 0 or place + 1 == best.size:
        return False
    both = losses[np.ix_([best[place], best[place + 1]], [place, place + 1])]
    return bool(np.isfinite(both).all())


def _interpolated(rung: Rung, compute: Array, smoothing: float) -> Array:
    t = np.log(rung.t)
    sums = np.append(0.0, np.cumsum(rung.loss.mean(axis=0)))
    first, last = np.searchsorted(t, t - smoothing, "left"), np.searchsorted(t, t + smoothing, "right")
    means = (sums[last] - sums[first]) / (last - first)
    return np.asarray(np.interp(np.log(compute / rung.size), t, means, left=np.nan, right=np.nan))


def find_frontier(curves: Sequence[Curve], ladder: Sequence[Rung]) -> Frontier:
    """Return where each size is the best choice for its compute, and the law of horizons through these points.

    Parameters
    ----------
    curves : sequence of Curve
        Those of the ladder; their learning rates, where they have them, must not fall.
    ladder : sequence of Rung
        The same, by size.

    Raises
    ------
    LosslawsError
        If a learning rate falls, there are fewer than four sizes, or fewer than two have a place on the frontier.
    """
    for curve in curves:
        if _falls(curve):
            raise LosslawsError(
                f"the learning rate of {curve.name!r} falls, so that only its end would count: give runs at a constant "
                "rate"
            )
    found = compute_frontier(ladder, SMOOTHING)
    if len(found) < 2:
        raise LosslawsError(
            f"{len(found)} of {len(ladder)} sizes are the best choice from one crossing of curves to another, and two "
            "are needed: train for longer, or add sizes"
        )
    law = _law(found)
    return Frontier(tuple(found), law.exponent, law.scale, _error(ladder))


def _falls(curve: Curve) -> bool:
    rate = curve.series.get("lr")
    # A rate that was written with few digits may waver in the last one.
    return rate is not None and bool(np.any(np.diff(rate) < -1e-6 * np.nanmax(rate)))


def _law(frontier: Sequence[FrontierPoint]) -> HorizonLaw:
    return fit_horizon_law(np.array([point.size for point in frontier]), np.array([point.t for point in frontier]))


def _error(ladder: Sequence[Rung]) -> float | None:
    stream = np.random.default_rng(0)
    exponents = []
    for _ in range(REPLICATES):
        drawn = [
            replace(rung, loss=rung.loss[stream.integers(len(rung.names), size=len(rung.names))]) for rung in ladder
        ]
        found = compute_frontier(drawn, SMOOTHING)
        if len(found) >= 2:
            exponents.append(_law(found).exponent)
    return float(np.std(exponents)) if len(exponents) > REPLICATES // 2 else None
