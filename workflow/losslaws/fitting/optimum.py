"""The best shapes, amplitudes and level of curves under one setting, found globally."""

from dataclasses import dataclass, replace

import numpy as np

from losslaws.arrays import Array, Index
from losslaws.fitting.joint import Joint
from losslaws.fitting.levenberg import COARSE_GAIN, minimise
from losslaws.fitting.projection import Projected, Solution
from losslaws.fitting.search import starts
from losslaws.fitting.setting import Setting
from losslaws.fitting.valley import along_valleys

SINGLE, BINS, THINNED = 48, 150, 150
"""Starts are sought on a shorter copy of a long curve: its first points and bins of growing size, or thinned points."""

RHO_OF_SEARCH = 0.95
RHO_OF_STARTS = (0.3, 0.999)

FIRST_ITERATIONS, SURVIVORS = 10, 3
"""Where a polish is costly, all starts get so many iterations and the best so many of a curve the rest."""


@dataclass(frozen=True)
class Optimum:
    """What was found for N curves.

    Attributes
    ----------
    shapes : ndarray of shape (N, p)
        Within the bounds.
    coefficients : ndarray of shape (N, J)
        Of the columns of the setting.
    level : ndarray of shape (N,)
        What is added to the columns: L∞, plus the coefficients where the offset is free.
    cost : ndarray of shape (N,)
        Sum of squares of the residuals in the chosen space, weighted and whitened.
    rho : ndarray of shape (N,) or None
        Lag-one correlation of the errors, if it was estimated.
    """

    shapes: Array
    coefficients: Array
    level: Array
    cost: Array
    rho: Array | None


def find_optimum(setting: Setting, losses: Array, near: Array | None = None) -> Optimum:
    """Search globally and polish.

    Parameters
    ----------
    setting : Setting
        The law, the grid, the options.
    losses : ndarray of shape (N, n)
        The curves.
    near : ndarray of shape (N, p) or None
        Shapes that may be close to the optimum, such as those of the same curve with fewer points: further starts.
    """
    independent = Setting(setting.law, setting.t, replace(setting.options, errors="independent"))
    found = [_binned_starts(independent, losses)]
    if near is not None:
        found.append((np.arange(len(losses)), near))
    if setting.options.space == "log":
        found.append(_relative_starts(independent, losses))
    if setting.options.errors == "ar1":
        found.append(_correlated_starts(independent, losses))
    rows = np.concatenate([rows for rows, _ in found])
    low, high = setting.search_bounds.T
    shapes = np.clip(np.concatenate([shapes for _, shapes in found]), low, high)
    return polish(setting, losses, rows, shapes)


def polish(setting: Setting, losses: Array, rows: Index, shapes: Array) -> Optimum:
    """Improve the starts (curve numbers, shape (m,), and shapes, (m, p)) and keep each curve's best."""
    model: Projected | Joint
    if setting.options.joint:
        model = Joint(setting, losses)
        coordinates = model.starting(rows, shapes)
    else:
        model = Projected(setting, losses)
        coordinates = setting.coordinates(shapes)
    bounds = np.array([*model.own_bounds, *setting.correlation_bounds]).reshape(-1, 2)
    if setting.options.errors == "ar1":
        z = np.arctanh(np.repeat(RHO_OF_STARTS, len(rows)))
        rows, coordinates = np.tile(rows, len(RHO_OF_STARTS)), np.tile(coordinates, (len(RHO_OF_STARTS), 1))
        coordinates = np.column_stack([coordinates, z])
    if setting.options.joint or setting.options.errors == "ar1":
        if len(rows) > SURVIVORS * len(losses):
            coordinates, cost = minimise(model, rows, coordinates, bounds, COARSE_GAIN, FIRST_ITERATIONS)
            promising = _best(rows, cost, SURVIVORS)
            rows, coordinates = rows[promising], coordinates[promising]
        coordinates, cost = minimise(model, rows, coordinates, bounds, COARSE_GAIN)
    else:
        coordinates, cost = minimise(model, rows, coordinates, bounds)
        rows, coordinates, cost = _with_valleys(model, rows, coordinates, cost, bounds)
    first = _best(rows, cost, 1)
    inner, z = setting.split_correlation(coordinates[first])
    rho = None if z is None else np.tanh(z)
    numbers = np.arange(len(losses))
    if isinstance(model, Joint):
        return Optimum(*model.unpack(numbers, inner), cost[first], rho)
    best: Solution = model.solve(numbers, setting.shapes(inner), rho)
    return Optimum(setting.shapes(inner), best.coefficients, best.level, best.cost, rho)


def _with_valleys(
    model: Projected | Joint, rows: Index, coordinates: Array, cost: Array, bounds: Array
) -> tuple[Index, Array, Array]:
    """Return polished starts, and with them what lies further along shallow valleys."""
    best = _best(rows, cost, 1)
    assert isinstance(model, Projected)
    further, starts_there = along_valleys(model, coordinates[best], cost[best], bounds)
    if not further.size:
        return rows, coordinates, cost
    found, lower = minimise(model, further, starts_there, bounds)
    return np.concatenate([rows, further]), np.concatenate([coordinates, found]), np.concatenate([cost, lower])


def _best(rows: Index, cost: Array, count: int) -> Index:
    """Return the positions of each curve's `count` lowest costs, in the order of the curves."""
    order = np.lexsort((cost, rows))
    ordered = rows[order]
    rank = np.arange(len(rows)) - np.searchsorted(ordered, ordered)
    return np.asarray(order[rank < count])


def _binned_starts(setting: Setting, losses: Array) -> tuple[Index, Array]:
    """Search with squared residuals, on means over bins that keep what a smooth law can tell from a long curve."""
    n = setting.t.size
    if n <= SINGLE + BINS:
        return starts(Projected(setting, losses))
    edges = np.unique(np.concatenate([np.arange(SINGLE), np.geomspace(SINGLE, n, BINS + 1).round().astype(int)]))
    first, size = edges[:-1], np.diff(edges)
    weights = setting.options.weights if setting.options.weights is not None else np.ones(n)
    total = np.add.reduceat(weights, first)
    means = np.add.reduceat(losses * weights, first, axis=1) / total
    middle = np.sqrt(setting.t[first] * setting.t[first + size - 1])
    short = Setting(setting.law, middle, replace(setting.options, weights=total))
    return starts(Projected(short, means))


def _thinned(setting: Setting) -> tuple[Index, Setting]:
    """Return points that are even in the logarithm of their number, and the setting on them."""
    n = setting.t.size
    keep = np.unique(np.geomspace(1, n, min(THINNED, n)).round().astype(int)) - 1
    weights = setting.options.weights
    options = replace(setting.options, weights=None if weights is None else weights[keep])
    return keep, Setting(setting.law, setting.t[keep], options)


def _relative_starts(setting: Setting, losses: Array) -> tuple[Index, Array]:
    """Search with relative errors, to first order those of the logarithm, curve by curve."""
    keep, short = _thinned(setting)
    rows, shapes = [], []
    for number, loss in enumerate(losses[:, keep]):
        weights = (1.0 if short.options.weights is None else short.options.weights) / np.square(loss)
        relative = Setting(short.law, short.t, replace(short.options, weights=weights))
        _, found = starts(Projected(relative, loss[None, :]))
        rows.append(np.full(len(found), number))
        shapes.append(found)
    return np.concatenate(rows), np.concatenate(shapes)


def _correlated_starts(setting: Setting, losses: Array) -> tuple[Index, Array]:
    """Search with strongly correlated errors."""
    keep, short = _thinned(setting)
    if setting.options.space == "log":
        typical = np.exp(np.log(losses).mean(axis=0))[keep]
        weights = (1.0 if short.options.weights is None else short.options.weights) / np.square(typical)
        short = Setting(short.law, short.t, replace(short.options, weights=weights))
    return starts(Projected(short, losses[:, keep]), RHO_OF_SEARCH)
