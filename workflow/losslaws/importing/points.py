"""What becomes of points: gaps filled, rows that later ones overwrite, the learning rate summed up, thinning."""

import numpy as np
from numpy.typing import NDArray

from losslaws.curves.thinning import log_points

Floats = NDArray[np.float64]

MIXED_SHARE = 1 / 3
"""If t goes back over a larger share of a curve's points, they are taken for several curves in one."""


def held(values: Floats, numbers: NDArray[np.int32], before: Floats) -> Floats:
    """Return values in which each gap is filled with the last value before it of the same curve.

    With the values 0.1, NaN, NaN, 0.3 of the curves 0, 0, 1, 0, and the last values NaN and 0.2 of the curves 0 and 1
    from earlier batches, the result is 0.1, 0.1, 0.2, 0.3.

    Parameters
    ----------
    values : ndarray of shape (n,)
        In the order of the rows, NaN for a gap.
    numbers : ndarray of shape (n,)
        The curve of each row.
    before : ndarray of shape (curves,)
        The last value of each curve from earlier rows, NaN if there is none.
    """
    if not np.isnan(values).any():
        return values
    order = np.argsort(numbers, kind="stable")
    of, ordered = numbers[order], values[order]
    first = np.append(True, of[1:] != of[:-1])
    source = np.maximum.accumulate(np.where(~np.isnan(ordered) | first, np.arange(of.size), 0))
    carried = ordered[source]
    filled = np.empty_like(values)
    filled[order] = np.where(np.isnan(carried), before[of], carried)
    return filled


def last_of_equal(t: Floats) -> NDArray[np.bool_]:
    """Return which rows are the last of a stretch of rows with the same t."""
    return np.append(np.diff(t) != 0, True)


def standing(t: Floats) -> NDArray[np.bool_]:
    """Return which rows stand: those after which t is never the same or smaller.

    A run that is resumed from a checkpoint goes back in t and records a stretch again; what it recorded there before
    belongs to a branch that was given up.
    """
    smallest_later = np.append(np.minimum.accumulate(t[::-1])[::-1][1:], np.inf)
    return np.asarray(t < smallest_later)


def looks_mixed(t: Floats) -> bool:
    """Say whether t looks like that of several curves, one after the other or in turn.

    It does if every t stands in several rows, if t goes back to where it began, or if going back overwrites more than
    a third of the points.
    """
    last = last_of_equal(t)
    if last.sum() > 1 and (np.diff(np.flatnonzero(last), prepend=-1) > 1).all():
        return True
    t = t[last]
    starts_over = bool(((np.diff(t) < 0) & (t[1:] <= t[0])).any())
    return starts_over or bool((~standing(t)).sum() > MIXED_SHARE * t.size)


def cumulative_rate(steps: Floats, rate: Floats) -> Floats:
    """Return the sum of the learning rate over steps, S_i = Σ_{j ≤ i} η_j (s_j − s_{j−1}) with s_0 = 0.

    The rate recorded at a step counts for all steps since the row before; the first row's for all steps up to it.
    """
    return np.cumsum(rate * np.diff(steps, prepend=0.0))


def thinned(t: Floats, every: int | None, most: int | None) -> NDArray[np.int64]:
    """Return which points are kept; the last one always is.

    Parameters
    ----------
    t : ndarray of shape (n,)
        Positive and strictly increasing.
    every : int or None
        Keep the first point and each `every`-th after it.
    most : int or None
        Of those keep at most `most`: for each of `most` values of t, evenly spaced in its logarithm from the first
        point to the last, the first point that is not before it.
    """
    kept = np.arange(0, t.size, every or 1)
    if kept.size and kept[-1] != t.size - 1:
        kept = np.append(kept, t.size - 1)
    return kept if most is None else kept[log_points(t[kept], most)]
