"""Bounded Levenberg–Marquardt on the shapes, for many curves at once, amplitude and offset projected out."""

import numpy as np

from losslaws.arrays import Array, Index, Mask
from losslaws.fitting.projection import Problem, Projection, jacobian, project

MAX_ITERATIONS = 60
SMALLEST_GAIN = 1e-14
"""Stop when the step promises a smaller relative gain in the residual sum of squares."""

BLOCK = 2**18
"""Numbers per array and block of curves: a few of them fit in a processor's cache."""


def polish(problem: Problem, rows: Index, shapes: Array, lower: Array, upper: Array) -> tuple[Array, Array]:
    """Improve each start until no step promises a gain.

    Parameters
    ----------
    problem : Problem
        The curves and the law.
    rows : ndarray of int, shape (m,)
        The curve of each start.
    shapes : ndarray of shape (m, p)
        The starts, within bounds.
    lower, upper : ndarray of shape (p,)
        Closed bounds, lower > 0. The search runs in ln θ when a bound spans decades, which all do.

    Returns
    -------
    shapes : ndarray of shape (m, p)
        At least as good as the starts; on a bound exactly where the optimum is.
    rss : ndarray of shape (m,)
        Their residual sums of squares.
    """
    best_shapes, best_rss = np.empty_like(shapes), np.empty(len(shapes))
    step = max(1, BLOCK // problem.t.size)
    for start in range(0, len(shapes), step):
        block = slice(start, start + step)
        best_shapes[block], best_rss[block] = _polish_block(problem, rows[block], shapes[block], lower, upper)
    return best_shapes, best_rss


def _polish_block(problem: Problem, rows: Index, shapes: Array, lower: Array, upper: Array) -> tuple[Array, Array]:
    shapes = np.clip(shapes, lower, upper)
    state = project(problem, rows, shapes)
    rss, damping = state.rss.copy(), np.full(len(shapes), 1e-3)
    best = shapes.copy()
    active = np.flatnonzero(np.isfinite(rss) & (state.drop > 0))
    state = _take(state, active)
    for _ in range(MAX_ITERATIONS):
        if not active.size:
            break
        step, promise = _step(problem, best[active], state, damping[active], lower, upper)
        working = promise > SMALLEST_GAIN * rss[active]
        active, step, state = active[working], step[working], _take(state, working)
        trial = np.clip(best[active] * np.exp(step), lower, upper)
        proposal = project(problem, rows[active], trial)
        better = proposal.rss < rss[active]
        best[active[better]], rss[active[better]] = trial[better], proposal.rss[better]
        damping[active] = np.where(better, damping[active] / 8, damping[active] * 8)
        state = _merge(better, proposal, state)
        stuck = damping[active] > 1e12
        active, state = active[~stuck], _take(state, ~stuck)
    return best, rss


def _step(
    problem: Problem, shapes: Array, state: Projection, damping: Array, lower: Array, upper: Array
) -> tuple[Array, Array]:
    """Return the damped Gauss–Newton step in ln θ and the gain in rss that the linear model promises."""
    columns = jacobian(problem, shapes, state) * shapes[:, :, None]
    normal = np.einsum("ijn,ikn->ijk", columns, columns)
    slope = np.einsum("ijn,in->ij", columns, state.residuals)
    blocked = ((shapes <= lower) & (slope < 0)) | ((shapes >= upper) & (slope > 0))
    diagonal = np.einsum("ijj->ij", normal)
    blocked |= diagonal <= 0
    slope = np.where(blocked, 0.0, slope)
    normal = np.where(blocked[:, :, None] | blocked[:, None, :], 0.0, normal)
    index = np.arange(shapes.shape[1])
    normal[:, index, index] = np.where(blocked, 1.0, diagonal * (1.0 + damping[:, None]))
    step = np.clip(np.linalg.solve(normal, slope[:, :, None])[:, :, 0], -3.0, 3.0)
    return step, np.einsum("ij,ij->i", slope, step)


def _take(state: Projection, rows: Index | Mask) -> Projection:
    return Projection(state.drop[rows], state.rss[rows], state.residuals[rows], state.basis[rows], state.decay[rows])


def _merge(better: Mask, proposal: Projection, state: Projection) -> Projection:
    chosen = better[:, None]
    return Projection(
        np.where(better, proposal.drop, state.drop),
        np.where(better, proposal.rss, state.rss),
        np.where(chosen, proposal.residuals, state.residuals),
        np.where(chosen, proposal.basis, state.basis),
        np.where(chosen, proposal.decay, state.decay),
    )
