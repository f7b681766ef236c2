"""Starts for the polish: the local minima of the projected residual sum of squares on a grid of shapes."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from losslaws.core.arrays import Array, Index, Mask
from losslaws.fitting.model import Setting
from losslaws.fitting.projection import Projected, dot
from losslaws.laws.law import Shape

STARTS = 3
"""How many local minima of a curve are polished, best first."""

TIE = 1e-13
"""Gains that differ by less, relative to the largest, are equal."""

NEARLY_EXACT = 1e-9
"""Where a law leaves less than this part of a curve's sum of squares, gains agree in too many digits to compare."""

MIN_COST = 1e-35
"""Costs below this part of a curve's sum of squares are rounding."""

UNUSABLE = -1.0
"""Marks grid points at which a law cannot be evaluated: worse than one that explains nothing."""

BLOCK = 2**20
"""Numbers held at once, which bounds the memory of the search."""


@dataclass(frozen=True)
class Grid:
    """The points at which a law is tried, and its columns there; several searches on one setting can share it.

    Attributes
    ----------
    points : ndarray of shape (G, p)
        Shapes.
    sizes : tuple of int
        Number of values along each axis.
    distinct : ndarray of bool, shape (G,)
        Which points are not another one again, as those are that bounds clip to the same place.
    columns : tuple of ndarray of shape (G, n)
        One per amplitude, see :class:`losslaws.fitting.model.Columns`.
    usable : ndarray of bool, shape (G,)
        Where the law can be evaluated.
    """

    points: Array
    sizes: tuple[int, ...]
    distinct: Mask
    columns: tuple[Array, ...]
    usable: Mask


def grid_of(setting: Setting) -> Grid:
    """Return the grid of a law, with its columns at the points of the setting."""
    points, sizes = shape_grid(setting)
    distinct = np.zeros(len(points), dtype=bool)
    distinct[np.unique(points, axis=0, return_index=True)[1]] = True
    columns = setting.columns(points)
    return Grid(points, sizes, distinct, columns.values, columns.usable)


def shape_grid(setting: Setting) -> tuple[Array, tuple[int, ...]]:
    """Return the grid's points, shape (G, p), and the number of values along each axis."""
    low, high = setting.search_bounds.T
    if setting.law.grid is not None and not setting.options.bounds:
        points = setting.law.grid(setting.t)
        return np.clip(points.reshape(-1, points.shape[-1]), low, high), points.shape[:-1]
    axes = [_axis(setting, index, shape) for index, shape in enumerate(setting.law.shapes)]
    return np.array(list(product(*axes))), tuple(len(axis) for axis in axes)


def _axis(setting: Setting, index: int, shape: Shape) -> Array:
    """Return grid values of one shape: geometric in the distance from the origin, on both sides where bounds allow."""
    low, high = (float(edge) for edge in setting.search_bounds[index])
    if low == high:
        return np.array([low])
    origin, finest = setting.origin[index], shape.finest(setting.t)
    if setting.logarithmic[index]:
        at_origin = setting.bounds[index, 0] == origin
        return np.asarray(origin + np.geomspace(finest if at_origin else low - origin, high - origin, shape.points))
    half = shape.points // 2
    below = -np.geomspace(finest, origin - low, half)[::-1] if low < origin else np.empty(0)
    above = np.geomspace(finest, high - origin, half) if high > origin else np.empty(0)
    return np.asarray(np.clip(origin + np.concatenate([below, [0.0], above]), low, high))


def quality(problem: Projected, grid: Grid, rho: float | None) -> Array:
    """Return for each curve and grid point how well the law fits, larger for better, shape (N, G).

    This is the part of the curve's sum of squares that the law explains, the squared length of the projection on the
    law's columns, where the amplitudes have the allowed sign: one matrix product for all curves. For curves that the
    law leaves next to nothing of, it is the inverse of what is left. Where the law cannot be evaluated it is
    `UNUSABLE`.
    """
    rows = np.zeros(1, dtype=np.intp)
    correlation = None if rho is None else np.full(1, rho)
    constant = problem.constant(rows, correlation)

    def prepared(values: Array) -> Array:
        repeated = None if correlation is None else np.repeat(correlation, len(values))
        return problem.without_constant(problem.weighted(values, rows, repeated), constant)

    targets = prepared(problem.losses - problem.setting.fixed_offset)
    gain = np.empty((len(targets), len(grid.points)))
    size = max(1, BLOCK // problem.n)
    for first in range(0, len(grid.points), size):
        block = slice(first, first + size)
        scores, units = [], []
        with np.errstate(all="ignore"):
            for values in grid.columns:
                unit = prepared(values[block])
                unit /= np.sqrt(dot(unit, unit))[:, None]
                unit[~(grid.usable[block] & np.isfinite(unit).all(axis=1))] = 0.0
                units.append(unit)
                scores.append(targets @ unit.T)
            gain[:, block] = _gain(problem, scores, units)
    total = dot(targets, targets)
    for row in np.flatnonzero((total > 0) & (gain.max(axis=1) >= (1 - NEARLY_EXACT) * total)):
        cost = _costs_at(problem, int(row), grid.points, rho)
        gain[row] = np.where(gain[row] > 0, 1.0 / np.maximum(cost, MIN_COST * total[row]), 0.0)
    gain[:, ~grid.usable] = UNUSABLE
    return gain


def _costs_at(problem: Projected, row: int, points: Array, rho: float | None) -> Array:
    """Return the cost of curve `row` at every point of shape (G, p), from its residuals."""
    size = max(1, BLOCK // problem.n)
    costs = []
    for first in range(0, len(points), size):
        shapes = points[first : first + size]
        correlation = None if rho is None else np.full(len(shapes), rho)
        costs.append(problem.solve(np.full(len(shapes), row), shapes, correlation).cost)
    return np.concatenate(costs)


def _gain(problem: Projected, scores: list[Array], units: list[Array]) -> Array:
    """Return what one or two unit columns explain, given their inner products with the curves."""
    clip = problem.setting.options.clip_amplitude
    single = [np.square(clip(score)) for score in scores]
    if len(scores) == 1:
        return np.asarray(single[0])
    overlap = dot(units[0], units[1])
    room = 1.0 - np.square(overlap)
    weights = [scores[0] - overlap * scores[1], scores[1] - overlap * scores[0]]
    both = (np.square(scores[0]) + np.square(scores[1]) - 2 * overlap * scores[0] * scores[1]) / room
    allowed = (clip(weights[0]) == weights[0]) & (clip(weights[1]) == weights[1]) & (room > 1e-12)
    return np.where(allowed, both, np.maximum(single[0], single[1]))


def _without_rounding(gain: Array) -> Array:
    """Return gains as multiples of the least difference that means something, so that equal ones tie.

    Of points that tie the first is taken, on whose side of the plateau the rest of the grid is.
    """
    least = TIE * gain.max(axis=1, keepdims=True)
    return np.where(gain > 0, np.floor(gain / np.where(least > 0, least, 1.0)) * least, gain)


def _lowest_around(cost: Array) -> Array:
    """Return the least cost of each grid point and its neighbours, for costs of shape (N, …).

    SciPy's `minimum_filter` does it, too, but importing `scipy.ndimage` takes longer than most jobs' fits.
    """
    for axis in range(1, cost.ndim):
        padded = np.pad(cost, [(int(other == axis),) * 2 for other in range(cost.ndim)], mode="edge")
        shifted = np.lib.stride_tricks.sliding_window_view(padded, 3, axis=axis)
        cost = shifted.min(axis=-1)
    return cost


def starts(problem: Projected, rho: float | None = None, grid: Grid | None = None) -> tuple[Index, Array]:
    """Return the shapes to polish: curve numbers, shape (m,), and shapes, (m, p).

    Every curve has at least one start, its best grid point, and at most `STARTS`. With `rho`, errors are taken for
    AR(1) with that correlation. `grid` is that of the problem's setting, if it is there already.
    """
    if not problem.setting.law.shapes:
        return np.arange(len(problem.losses)), np.empty((len(problem.losses), 0))
    grid = grid or grid_of(problem.setting)
    rows, best = [], []
    block = max(1, BLOCK // len(grid.points))
    gain = quality(problem, grid, rho)
    for first in range(0, len(gain), block):
        part = _without_rounding(gain[first : first + block])
        cost = -part.reshape(-1, *grid.sizes)
        lowest = cost == _lowest_around(cost)
        candidate = np.where(lowest.reshape(part.shape) & grid.distinct, part, 2 * UNUSABLE)
        order = np.argsort(-candidate, axis=1, kind="stable")[:, :STARTS]
        found = np.take_along_axis(candidate, order, axis=1)
        keep = found > 0
        keep[np.arange(len(found)), found.argmax(axis=1)] = True
        row, rank = np.nonzero(keep)
        rows.append(row + first)
        best.append(order[row, rank])
    return np.concatenate(rows), grid.points[np.concatenate(best)]
