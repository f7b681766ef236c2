"""Bounded Levenberg–Marquardt for many small problems at once.

Where residuals stay large at the optimum, JᵀJ is not the Hessian and its steps overshoot or crawl. So the rest of the
Hessian is estimated from the gradients on the way (Dennis, Gay and Welsch 1981). When to stop is judged by JᵀJ alone.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from losslaws.core.arrays import Array, Index, Mask

MAX_ITERATIONS = 1000
"""Few fits need more than 50; in a narrow, bent valley some do."""
SMALLEST_GAIN = 1e-13
"""Stop when the step promises a smaller relative gain in the cost."""

COARSE_GAIN = 1e-9
"""The same where 1e-9·n in −2 ln likelihood is all that is asked for."""

MIN_CURVATURE = 0.25
"""The estimated Hessian is used where it has at least this part of the curvature of JᵀJ in every direction."""

MAX_STEP = 20.0
"""Relative to one plus the coordinate's size."""

SMALLEST_CURVATURE = np.finfo(np.float64).tiny
"""Coordinates along which JᵀJ is smaller are held."""

FIRST_DAMPING, SMALLEST_DAMPING, MAX_DAMPING = 1e-3, 1e-12, 1e12

BLOCK = 2**16
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

    def follow(self, at: Array, step: Array) -> Array:
        """Return the coordinates that a step from coordinates `at` leads to, all of shape (m, p)."""
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


def costs(model: Residuals, rows: Index, coordinates: Array) -> Array:
    """Return the costs of problems `rows`, shape (m,), at coordinates (m, p), in blocks that bound the memory."""
    size = max(1, BLOCK // model.n)
    parts = [slice(first, first + size) for first in range(0, len(rows), size)]
    return np.concatenate([model.evaluate(rows[part], coordinates[part])[0] for part in parts])


def _minimise_block(
    model: Residuals, rows: Index, starts: Array, bounds: Array, smallest_gain: float, iterations: int
) -> tuple[Array, Array]:
    best = np.clip(starts, bounds[:, 0], bounds[:, 1])
    cost, kept = model.evaluate(rows, best)
    active = np.flatnonzero(np.isfinite(cost)) if best.shape[1] else np.empty(0, dtype=np.intp)
    state = State.at_start(best.shape)
    moved, kept = active, tuple(entry[active] for entry in kept)
    for _ in range(iterations):
        if not active.size:
            break
        if moved.size:
            state.linearise(moved, best[moved], *model.linearise(rows[moved], best[moved], kept))
        step, promise = state.step(active, best[active], bounds)
        working = (promise > smallest_gain * cost[active]) & (state.damping[active] < MAX_DAMPING)
        active, step = active[working], step[working]
        trial = np.clip(model.follow(best[active], step), bounds[:, 0], bounds[:, 1])
        proposed, kept = model.evaluate(rows[active], trial)
        better = proposed < cost[active]
        moved = active[better]
        best[moved], cost[moved] = trial[better], proposed[better]
        kept = tuple(entry[better] for entry in kept)
        state.adapt(active, better)
    return best, cost


def solve(matrices: Array, right: Array) -> Array:
    """Return the solutions of m symmetric systems, (m, p, p) and (m, p); the shortest of a singular one."""
    try:
        return np.asarray(np.linalg.solve(matrices, right[:, :, None])[:, :, 0])
    except np.linalg.LinAlgError:
        return np.asarray((np.linalg.pinv(matrices, hermitian=True) @ right[:, :, None])[:, :, 0])


@dataclass(frozen=True)
class State:
    """What is known of the cost around the best coordinates of m problems; all arrays change in place.

    Attributes
    ----------
    normal : ndarray of shape (m, p, p)
        JᵀJ.
    slope : ndarray of shape (m, p)
        −Jᵀr.
    rest : ndarray of shape (m, p, p)
        An estimate of what the Hessian has besides JᵀJ.
    at : ndarray of shape (m, p)
        Where the slope was taken; NaN at first.
    damping, failures : ndarray of shape (m,)
        Of the next step; how many steps in a row were in vain.
    """

    normal: Array
    slope: Array
    rest: Array
    at: Array
    damping: Array
    failures: Array

    @classmethod
    def at_start(cls, shape: tuple[int, ...]) -> "State":
        """Return the state of problems with starts of shape (m, p), before anything is known."""
        count, p = shape
        square = (count, p, p)
        return cls(
            np.zeros(square),
            np.zeros(shape),
            np.zeros(square),
            np.full(shape, np.nan),
            np.full(count, FIRST_DAMPING),
            np.zeros(count),
        )

    def linearise(self, rows: Index, at: Array, residuals: Array, columns: Array) -> None:
        """Take in the linear models of problems `rows` at coordinates `at`."""
        normal = columns @ columns.transpose(0, 2, 1)
        slope = (columns @ residuals[:, :, None])[:, :, 0]
        with np.errstate(invalid="ignore"):
            move = np.where(at == self.at[rows], 0.0, at - self.at[rows])
        self.rest[rows] = secant(self.rest[rows], move, self.slope[rows] - slope, normal)
        self.normal[rows], self.slope[rows], self.at[rows] = normal, slope, at

    def step(self, rows: Index, at: Array, bounds: Array) -> tuple[Array, Array]:
        """Return damped steps for problems `rows`, and the gains in cost that the linear models promise."""
        normal, slope = self.normal[rows], self.slope[rows]
        diagonal = np.einsum("ijj->ij", normal)
        held = (
            ((at <= bounds[:, 0]) & (slope < 0))
            | ((at >= bounds[:, 1]) & (slope > 0))
            | ~(diagonal > SMALLEST_CURVATURE)
        )
        held |= bounds[:, 0] == bounds[:, 1]
        scale = np.where(held, 0.0, 1.0 / np.sqrt(np.where(held, 1.0, diagonal)))
        slope = slope * scale
        outer = scale[:, :, None] * scale[:, None, :]
        index = np.arange(at.shape[1])
        gauss = normal * outer
        gauss[:, index, index] = 1.0
        full = gauss + self.rest[rows] * outer
        bowl = np.linalg.eigvalsh(full - MIN_CURVATURE * gauss)[:, 0] > 0
        full[~bowl] = gauss[~bowl]
        both = np.concatenate([full, gauss])
        both[:, index, index] += np.tile(self.damping[rows], 2)[:, None]
        solution = solve(both, np.concatenate([slope, slope]))
        reach = MAX_STEP * (1.0 + np.abs(at))
        step = np.clip(solution[: len(rows)] * scale, -reach, reach)
        return step, np.einsum("ij,ij->i", slope, solution[len(rows) :])

    def adapt(self, rows: Index, better: Mask) -> None:
        """Damp less after a step that helped, and ever more after steps in vain."""
        failures = np.where(better, 0.0, self.failures[rows] + 1.0)
        factor = np.where(better, 0.1, 8.0**failures)
        self.damping[rows] = np.maximum(self.damping[rows] * factor, SMALLEST_DAMPING)
        self.failures[rows] = failures


def secant(rest: Array, move: Array, change: Array, normal: Array) -> Array:
    """Return a new estimate of the Hessian less JᵀJ, from how the gradient changed over the last move.

    The structured secant update of Dennis, Gay and Welsch (1981, eq. 2.9 and 2.11), with their sizing: the least change
    of `rest`, shape (m, p, p), that explains `change`, the difference of the gradients over `move`, (m, p), beside
    `normal`, JᵀJ at the new place.
    """
    with np.errstate(all="ignore"):
        explained = change - np.einsum("ijk,ik->ij", normal, move)
        before = np.einsum("ijk,ik->ij", rest, move)
        size = np.abs(np.einsum("ij,ij->i", move, explained)) / np.abs(np.einsum("ij,ij->i", move, before))
        size = np.where(size < 1.0, size, 1.0)
        missing = explained - size[:, None] * before
        along = np.einsum("ij,ij->i", change, move)
        symmetric = missing[:, :, None] * change[:, None, :]
        update = (symmetric + symmetric.transpose(0, 2, 1)) / along[:, None, None]
        curvature = np.einsum("ij,ij->i", missing, move) / along**2
        update -= curvature[:, None, None] * change[:, :, None] * change[:, None, :]
        new = size[:, None, None] * rest + update
    return np.where(np.isfinite(new).all(axis=(1, 2), keepdims=True), new, rest)
