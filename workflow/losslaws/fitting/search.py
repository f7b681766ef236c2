"""Starts for the polish: the local minima of the projected residual sum of squares on a grid of shapes."""

from itertools import product

import numpy as np
from scipy.ndimage import minimum_filter

from losslaws.arrays import Array, Index
from losslaws.fitting.projection import Projected, dot
from losslaws.fitting.setting import Setting
from losslaws.laws._law import Shape

STARTS = 3
"""How many local minima of a curve are polished, best first."""

TIE = 1e-13
"""Gains that differ by less, relative to the largest, are equal."""

UNUSABLE = -1.0
"""Marks grid points at which a law cannot be evaluated: worse than one that explains nothing."""

BLOCK = 2**20
"""Numbers held at once, which bounds the memory of the search."""


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


def explained(problem: Projected, grid: Array, rho: float | None) -> Array:
    """Return for each curve and grid point the part of its sum of squares that the law explains, shape (N, G).

    This is the squared length of the projection on the law's columns, where the amplitudes have the allowed sign: one
    matrix product for all curves. Where the law cannot be evaluated it is `UNUSABLE`.
    """
    rows = np.zeros(1, dtype=np.intp)
    correlation = None if rho is None else np.full(1, rho)
    constant = problem.constant(rows, correlation)

    def prepared(values: Array) -> Array:
        repeated = None if correlation is None else np.repeat(correlation, len(values))
        return problem.without_constant(problem.weighted(values, rows, repeated), constant)

    targets = prepared(problem.losses - problem.setting.fixed_offset)
    gain = np.empty((len(targets), len(grid)))
    size = max(1, BLOCK // problem.n)
    for first in range(0, len(grid), size):
        columns = problem.setting.columns(grid[first : first + size])
        scores, units = [], []
        with np.errstate(all="ignore"):
            for values in columns.values:
                unit = prepared(values)
                unit /= np.sqrt(dot(unit, unit))[:, None]
                unit[~(columns.usable & np.isfinite(unit).all(axis=1))] = 0.0
                units.append(unit)
                scores.append(targets @ unit.T)
            part = _gain(problem, scores, units)
        part[:, ~columns.usable] = UNUSABLE
        gain[:, first : first + size] = part
    return gain


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


def starts(problem: Projected, rho: float | None = None) -> tuple[Index, Array]:
    """Return the shapes to polish: curve numbers, shape (m,), and shapes, (m, p).

    Every curve has at least one start, its best grid point, and at most `STARTS`. With `rho`, errors are taken for
    AR(1) with that correlation.
    """
    grid, sizes = shape_grid(problem.setting)
    if not sizes:
        return np.arange(len(problem.losses)), np.empty((len(problem.losses), 0))
    # Points that bounds clip to the same place are one point.
    distinct = np.zeros(len(grid), dtype=bool)
    distinct[np.unique(grid, axis=0, return_index=True)[1]] = True
    rows, best = [], []
    block = max(1, BLOCK // len(grid))
    gain = explained(problem, grid, rho)
    for first in range(0, len(gain), block):
        part = _without_rounding(gain[first : first + block])
        cost = -part.reshape(-1, *sizes)
        lowest = cost == minimum_filter(cost, size=(1, *(3 for _ in sizes)), mode="nearest")
        candidate = np.where(lowest.reshape(part.shape) & distinct, part, 2 * UNUSABLE)
        order = np.argsort(-candidate, axis=1, kind="stable")[:, :STARTS]
        found = np.take_along_axis(candidate, order, axis=1)
        keep = found > 0
        keep[np.arange(len(found)), found.argmax(axis=1)] = True
        row, rank = np.nonzero(keep)
        rows.append(row + first)
        best.append(order[row, rank])
    return np.concatenate(rows), grid[np.concatenate(best)]
