"""The best shapes, amplitudes and level of curves under one setting, found globally."""

from dataclasses import dataclass, replace

import numpy as np

from losslaws.core.arrays import Array, Index
from losslaws.fitting.coarse_search import binned_starts, correlated_starts, distinct, relative_starts
from losslaws.fitting.joint import Joint
from losslaws.fitting.levenberg_marquardt import COARSE_GAIN, costs, minimise
from losslaws.fitting.model import Setting
from losslaws.fitting.projection import Projected, Solution
from losslaws.fitting.valley_starts import along_valleys

RHO_OF_STARTS = (0.0, 0.5, 0.9, 0.98, 0.999)
"""A start begins with those of these that are better than their neighbours."""

FIRST_ITERATIONS, SURVIVORS = (4, 6), 3
"""Where a polish is costly, the different starts get so many iterations, and the best so many of a curve the rest."""


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
    options = setting.options
    logarithmic, correlated = options.space == "log", options.errors == "ar1"
    plain = replace(options, space="linear", errors="independent", huber=None, covariance="none")
    independent = Setting(setting.law, setting.t, plain)
    found = [binned_starts(independent, losses)]
    if near is not None:
        found.append((np.arange(len(losses)), near))
    if logarithmic:
        found.append(relative_starts(independent, losses))
    if correlated:
        found.append(correlated_starts(independent, losses, logarithmic))
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
        rows, coordinates = _with_correlation(model, rows, coordinates)
    if setting.options.joint or setting.options.errors == "ar1":
        for iterations in FIRST_ITERATIONS:
            if len(rows) > SURVIVORS * len(losses):
                coordinates, cost = minimise(model, rows, coordinates, bounds, COARSE_GAIN, iterations)
                rows, coordinates, cost = distinct(rows, coordinates, cost)
        if len(rows) > SURVIVORS * len(losses):
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


def _with_correlation(model: Projected | Joint, rows: Index, coordinates: Array) -> tuple[Index, Array]:
    """Return starts with z = artanh ρ as their last coordinate, at the local optima of ρ for their shapes."""
    z = np.arctanh(np.array(RHO_OF_STARTS))
    cost = np.stack([costs(model, rows, _with_z(coordinates, value)) for value in z])
    around = np.pad(cost, ((1, 1), (0, 0)), constant_values=np.inf)
    lowest = (around[1:-1] <= around[:-2]) & (around[1:-1] < around[2:])
    lowest[cost.argmin(axis=0), np.arange(len(rows))] = True
    which, start = np.nonzero(lowest)
    return rows[start], _with_z(coordinates[start], z[which])


def _with_z(coordinates: Array, z: Array) -> Array:
    return np.column_stack([coordinates, np.broadcast_to(z, len(coordinates))])


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
