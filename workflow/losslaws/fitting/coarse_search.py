"""Global searches on shorter copies of long curves, whose results are starts for the polish.

A search takes errors for independent and looks at no space, so fits of the same curves that differ in these alone share
one: the latest are remembered.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import wraps
from hashlib import blake2b

import numpy as np

from losslaws.core.arrays import Array, Index
from losslaws.fitting.levenberg_marquardt import minimise
from losslaws.fitting.model import Setting
from losslaws.fitting.projection import Projected
from losslaws.fitting.search import grid_of, starts

SINGLE, BINS, THINNED = 48, 150, 150
"""Starts are sought on a curve's first points and bins of growing size, and on thinned points."""

RHO_OF_SEARCH = 0.95

SHORT_GAIN = 1e-7
"""A polish on a shorter copy stops when steps promise a smaller relative gain."""

SAME_COST, SAME_PLACE = 1e-6, 1e-2
"""Starts of a curve are one and the same if their costs (relative) and coordinates differ by no more than this."""

REMEMBERED = 64
"""How many searches are remembered; of each only the starts that it found."""

Starts = tuple[Index, Array]
Search = Callable[[Setting, Array], Starts]


def remembered(search: Search) -> Search:
    """Return `search` with a memory of its latest results."""
    latest: OrderedDict[Hashable, Starts] = OrderedDict()

    @wraps(search)
    def searched(setting: Setting, losses: Array) -> Starts:
        key = setting.law.log_basis, _digest(setting, losses)
        found = latest.pop(key, None) or search(setting, losses)
        latest[key] = found
        if len(latest) > REMEMBERED:
            latest.popitem(last=False)
        return found

    return searched


def _digest(setting: Setting, losses: Array) -> bytes:
    """Return a fingerprint of everything that a search with the setting's law depends on."""
    options = setting.options
    content = blake2b(repr((replace(options, weights=None), losses.shape)).encode())
    weights = setting.t[:0] if options.weights is None else options.weights
    for array in (setting.search_bounds, setting.t, losses, weights):
        content.update(array.tobytes())
    return content.digest()


@remembered
def binned_starts(setting: Setting, losses: Array) -> Starts:
    """Search with squared residuals, on means over bins that keep what a smooth law can tell from a long curve.

    The starts are polished on the bins, where that is cheap.
    """
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
    problem = Projected(short, means)
    rows, shapes = starts(problem)
    coordinates, cost = minimise(problem, rows, short.coordinates(shapes), short.coordinate_bounds, SHORT_GAIN)
    rows, coordinates, _ = distinct(rows, coordinates, cost)
    return rows, short.shapes(coordinates)


def distinct(rows: Index, coordinates: Array, cost: Array) -> tuple[Index, Array, Array]:
    """Return starts without those that are at the place of a better one of the same curve, in order of cost."""
    order = np.lexsort((cost, rows))
    rows, coordinates, cost = rows[order], coordinates[order], cost[order]
    same = np.zeros(len(rows), dtype=bool)
    with np.errstate(invalid="ignore"):
        same[1:] = (rows[1:] == rows[:-1]) & (np.diff(cost) <= SAME_COST * cost[:-1])
        same[1:] &= (np.abs(np.diff(coordinates, axis=0)) <= SAME_PLACE).all(axis=1)
    return rows[~same], coordinates[~same], cost[~same]


@remembered
def relative_starts(setting: Setting, losses: Array) -> Starts:
    """Search with relative errors, to first order those of the logarithm, curve by curve on thinned points."""
    short, keep, weights = _thinned(setting, losses)
    grid = grid_of(short) if setting.law.shapes else None
    rows, places = [], []
    for number, loss in enumerate(losses[:, keep]):
        problem = Projected(short, loss[None, :], weights[number : number + 1] / np.square(loss))
        _, shapes = starts(problem, grid=grid)
        rows.append(np.full(len(shapes), number))
        places.append(shapes)
    return np.concatenate(rows), np.concatenate(places)


def correlated_starts(setting: Setting, losses: Array, logarithmic: bool) -> Starts:
    """Search with strongly correlated errors on thinned points; in logarithmic space they grow with the mean curve."""
    short, keep, weights = _thinned(setting, losses)
    if logarithmic:
        weights = weights / np.square(np.exp(np.log(losses).mean(axis=0))[keep])
    return starts(Projected(short, losses[:, keep], weights), RHO_OF_SEARCH)


def _thinned(setting: Setting, losses: Array) -> tuple[Setting, Index, Array]:
    """Return the setting on points that are even in the logarithm of their number, which points, and their weights."""
    n, own = setting.t.size, setting.options.weights
    keep = np.unique(np.geomspace(1, n, min(THINNED, n)).round().astype(int)) - 1
    short = Setting(setting.law, setting.t[keep], replace(setting.options, weights=None))
    weights = np.ones((len(losses), keep.size)) if own is None else np.tile(own[keep], (len(losses), 1))
    return short, keep, weights
