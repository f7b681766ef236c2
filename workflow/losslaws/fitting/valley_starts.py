"""Starts further along a valley: where the data hardly tell one direction, a polish may stop far from the best place.

The cost then changes so little along the valley that no gradient leads on, and the valley is too narrow for the grid.
"""

import numpy as np

from losslaws.core.arrays import Array, Index
from losslaws.fitting.levenberg_marquardt import BLOCK
from losslaws.fitting.projection import Projected

SHALLOW = 1e-3
"""A valley is shallow where a step of one unit along it changes the cost by less than this, relative to the cost."""

STEPS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""How far along a valley starts are, in units of the coordinate that changes most, both ways."""

PLATEAU_STEPS = (1.0, 2.0)
"""How far along each single coordinate: on a plateau every direction is flat, and a valley may begin anywhere."""


def along_valleys(model: Projected, at: Array, cost: Array, bounds: Array) -> tuple[Index, Array]:
    """Return starts along shallow valleys: curve numbers, shape (m,), and coordinates, (m, p).

    Parameters
    ----------
    model : Projected
        The curves.
    at : ndarray of shape (N, p)
        Each curve's best coordinates so far.
    cost : ndarray of shape (N,)
        Their costs.
    bounds : ndarray of shape (p, 2)
        Bounds of the coordinates.
    """
    none = np.empty(0, dtype=np.intp), np.empty((0, at.shape[1]))
    numbers = np.flatnonzero(np.isfinite(cost) & (cost > 0))
    if at.shape[1] < 2 or not numbers.size:
        return none
    direction, rise = _flattest(model, numbers, at[numbers])
    shallow = rise < SHALLOW * cost[numbers]
    rows, direction = numbers[shallow], direction[shallow]
    if not rows.size:
        return none
    moves = [sign * step * direction for sign in (1, -1) for step in STEPS]
    moves += [sign * step * axis for axis in np.eye(at.shape[1]) for sign in (1, -1) for step in PLATEAU_STEPS]
    places = [model.follow(at[rows], np.broadcast_to(move, direction.shape)) for move in moves]
    starts = np.clip(np.concatenate(places), bounds[:, 0], bounds[:, 1])
    finite = np.isfinite(starts).all(axis=1)
    return np.tile(rows, len(places))[finite], starts[finite]


def _flattest(model: Projected, rows: Index, at: Array) -> tuple[Array, Array]:
    """Return the direction in which the cost rises least, its largest part 1, and how much it rises over it."""
    count, p = at.shape
    normal = np.empty((count, p, p))
    size = max(1, BLOCK // model.n)
    for first in range(0, count, size):
        block = slice(first, first + size)
        _, kept = model.evaluate(rows[block], at[block])
        _, columns = model.linearise(rows[block], at[block], kept)
        normal[block] = columns @ columns.transpose(0, 2, 1)
    # Coordinates without effect, such as fixed ones, lead nowhere.
    diagonal = np.einsum("ijj->ij", normal)
    diagonal[diagonal == 0] = 1.0
    length = np.sqrt(diagonal)
    values, vectors = np.linalg.eigh(normal / (length[:, :, None] * length[:, None, :]))
    direction = vectors[:, :, 0] / length
    largest = np.abs(direction).max(axis=1)
    return direction / largest[:, None], np.maximum(values[:, 0], 0.0) / largest**2
