"""Starts for the polish: every local minimum of the projected residual sum of squares on a grid of shapes."""

from itertools import product

import numpy as np
from scipy.ndimage import minimum_filter

from losslaws.arrays import Array, Index
from losslaws.fitting.projection import Problem, evaluate
from losslaws.laws._law import Bounds, Law, Preset, Shape

STARTS = 3
"""How many local minima of a curve are polished, best first."""

BLOCK = 2**21
"""Numbers held at once, which bounds the memory of the search."""


def search_bounds(shape: Shape, preset: Preset, t: Array) -> Bounds:
    """Return the closed interval to search; a lower bound of 0 is replaced by a value next to it.

    At 0 itself a law with an offset is degenerate (its limit is fitted apart), so the search stops a factor 1e-5
    short of the finest value that the data can tell from 0.
    """
    lower, upper = shape.bounds[preset]
    return (lower if lower > 0 else 1e-5 * shape.finest(t[0], t[-1])), upper


def shape_grid(law: Law, preset: Preset, t: Array) -> tuple[Array, tuple[int, ...]]:
    """Return the grid's points, shape (G, p), and the number of values along each axis."""
    axes = []
    for shape in law.shapes:
        lower, upper = shape.bounds[preset]
        axes.append(np.geomspace(lower or shape.finest(t[0], t[-1]), upper, shape.points))
    return np.array(list(product(*axes))), tuple(axis.size for axis in axes)


def explained(problem: Problem, grid: Array) -> Array:
    """Return for each curve and grid point the part of its sum of squares that the law explains, shape (N, G).

    This is the squared length of the projection on the normalised basis, where the amplitude is positive: one matrix
    product for all curves.
    """
    gain = np.empty((len(problem.centred), len(grid)))
    step = max(1, BLOCK // problem.t.size)
    for start in range(0, len(grid), step):
        h, usable = evaluate(problem.law, problem.t, grid[start : start + step])
        with np.errstate(all="ignore"):
            basis = np.expm1(h)
            basis -= basis.mean(axis=1, keepdims=True)
            basis /= np.linalg.norm(basis, axis=1, keepdims=True)
        usable &= np.isfinite(basis).all(axis=1)
        score = problem.centred @ np.where(usable[:, None], basis, 0.0).T
        gain[:, start : start + step] = np.where(score > 0, score**2, 0.0)
    return gain


def starts(problem: Problem, preset: Preset) -> tuple[Index, Array]:
    """Return the shapes to polish: curve numbers, shape (m,), and shapes, (m, p).

    Every curve has at least one start, its best grid point.
    """
    grid, sizes = shape_grid(problem.law, preset, problem.t)
    gain = explained(problem, grid)
    field = -gain.reshape(-1, *sizes)
    is_minimum = (field == minimum_filter(field, size=(1, *(3 for _ in sizes)), mode="nearest")).reshape(gain.shape)
    candidate = np.where(is_minimum, gain, -1.0)
    best = np.argsort(-candidate, axis=1, kind="stable")[:, :STARTS]
    keep = np.take_along_axis(candidate, best, axis=1) > 0
    keep[:, 0] = True
    rows, ranks = np.nonzero(keep)
    return rows, grid[best[rows, ranks]]
