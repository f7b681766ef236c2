"""Bounded Levenberg–Marquardt for many small problems at once."""

from typing import Protocol

import numpy as np

from losslaws.arrays import Array, Index, Mask

MAX_ITERATIONS = 120
SMALLEST_GAIN = 1e-13
"""Stop when the step promises a smaller relative gain in the cost."""

COARSE_GAIN = 1e-9
"""The same where 1e-9·n in −2 ln likelihood is all that is asked for."""

LARGEST_STEP = 20.0
"""Relative to one plus the coordinate's size."""

SMALLEST_DAMPING, LARGEST_DAMPING = 1e-12, 1e12

BLOCK = 2**18
"""Numbers per array and block of problems: a few such arrays fit in a processor's cache."""


class Residuals(Protocol):
    """Problems with n residuals each in the same p coordinates."""

    @property
    def n(self) -> int:
        """Number of residuals."""
        ...

    def evaluate(self, rows: Index, coordinates: Array) -> tuple[Array, tuple[Array, ...]]:
        """Return the costs, shape (m,), of problems `rows` at coordinates (m, p), infinite where impossible.

        With them comes what :meth:`linearise` needs, arrays whose first axis has length m.
        """
        ...

    def linearise(self, rows: Index, coordinates: Array, kept: tuple[Array, ...]) -> tuple[Array, Array]:
        """Return the residuals, shape (m, n), and the columns that the model gains per coordinate, (m, p, n)."""
        ...


def minimise(
    model: Residuals,
    rows: Index,
    starts: Array,
    bounds: Array,
    smallest_gain: float = SMALLEST_GAIN,
    iterations: int = MAX_ITERATIONS,
) -> tuple[Array, Array]:
    """Improve each start until no step promises a gain.

    Parameters
    ----------
    model : Residuals
        The problems.
    rows : ndarray of int, shape (m,)
        The problem that each start belongs to.
    starts : ndarray of shape (m, p)
        Coordinates, clipped to the bounds.
    bounds : ndarray of shape (p, 2)
        Closed bounds of the coordinates.
    smallest_gain : float
        See `SMALLEST_GAIN`.
    iterations : int
        Stop after this many at the latest.

    Returns
    -------
    coordinates : ndarray of shape (m, p)
        At least as good as the starts, on a bound exactly where the optimum is.
    cost : ndarray of shape (m,)
        Their costs.
    """
    best, cost = np.empty_like(starts), np.empty(len(starts))
    size = max(1, BLOCK // model.n)
    for first in range(0, len(starts), size):
        block = slice(first, first + size)
        best[block], cost[block] = _minimise_block(model, rows[block], starts[block], bounds, smallest_gain, iterations)
    return best, cost


def _minimise_block(
    model: Residuals, rows: Index, starts: Array, bounds: Array, smallest_gain: float, iterations: int
) -> tuple[Array, Array]:
    best = np.clip(starts, bounds[:, 0], bounds[:, 1])
    cost, kept = model.evaluate(rows, best)
    damping = np.full(len(best), 1e-3)
    active = np.flatnonzero(np.isfinite(cost)) if best.shape[1] else np.empty(0, dtype=np.intp)
    kept = tuple(entry[active] for entry in kept)
    for _ in range(iterations):
        if not active.size:
            break
        residuals, columns = model.linearise(rows[active], best[active], kept)
        step, promise = _step(residuals, columns, best[active], damping[active], bounds)
        working = (promise > smallest_gain * cost[active]) & (damping[active] < LARGEST_DAMPING)
        active, step = active[working], step[working]
        trial = np.clip(best[active] + step, bounds[:, 0], bounds[:, 1])
        proposed, fresh = model.evaluate(rows[active], trial)
        better = proposed < cost[active]
        best[active[better]], cost[active[better]] = trial[better], proposed[better]
        damping[active] = np.maximum(damping[active] * np.where(better, 0.1, 8.0), SMALLEST_DAMPING)
        kept = tuple(_merge(better, new, old[working]) for new, old in zip(fresh, kept, strict=True))
    return best, cost


def _step(residuals: Array, columns: Array, at: Array, damping: Array, bounds: Array) -> tuple[Array, Array]:
    """Return the damped Gauss–Newton step and the gain in cost that the linear model promises."""
    normal = columns @ columns.transpose(0, 2, 1)
    slope = (columns @ residuals[:, :, None])[:, :, 0]
    diagonal = np.einsum("ijj->ij", normal).copy()
    held = ((at <= bounds[:, 0]) & (slope < 0)) | ((at >= bounds[:, 1]) & (slope > 0)) | ~(diagonal > 0)
    held |= bounds[:, 0] == bounds[:, 1]
    slope = np.where(held, 0.0, slope)
    scale = 1.0 / np.sqrt(np.where(held, 1.0, diagonal))
    correlation = np.where(held[:, :, None] | held[:, None, :], 0.0, normal * scale[:, :, None] * scale[:, None, :])
    index = np.arange(at.shape[1])
    correlation[:, index, index] = 1.0 + damping[:, None]
    solution = np.linalg.solve(correlation, (slope * scale)[:, :, None])[:, :, 0] * scale
    reach = LARGEST_STEP * (1.0 + np.abs(at))
    step = np.clip(solution, -reach, reach)
    return step, np.einsum("ij,ij->i", slope, step)


def _merge(better: Mask, new: Array, old: Array) -> Array:
    return np.where(better.reshape(-1, *(1 for _ in new.shape[1:])), new, old)
