"""Long curves made short, evenly in the logarithm: means over bins for fits, points for figures and files."""

import numpy as np

from losslaws.core.arrays import Array, Index

MAX_BINS = 500
"""With so many bins a fit costs no more than with fewer."""


def log_bins(t: Array, losses: Array, max_bins: int = MAX_BINS) -> tuple[Array, Array, Array]:
    """Return means of curves over bins that are even in the logarithm of a point's number.

    A curve with no more than `max_bins` points is left as it is.

    Parameters
    ----------
    t : ndarray of shape (n,)
        Positive.
    losses : ndarray of shape (N, n)
        The curves.
    max_bins : int
        The largest number of bins.

    Returns
    -------
    t : ndarray of shape (m,)
        The geometric mean of each bin's t.
    losses : ndarray of shape (N, m)
        The mean over each bin; the first bins are single points.
    weights : ndarray of shape (m,)
        The number of points of each bin: with these, least squares weigh the curve as its own points do.
    """
    n = t.size
    if n <= max_bins:
        return t, losses, np.ones(n)
    first = np.unique(np.geomspace(1, n + 1, max_bins + 1).round().astype(int))[:-1] - 1
    size = np.diff(np.append(first, n))
    means = np.add.reduceat(losses, first, axis=1) / size
    middle = np.where(size == 1, t[first], np.exp(np.add.reduceat(np.log(t), first) / size))
    return middle, means, size.astype(np.float64)


def log_points(t: Array, max_points: int) -> Index:
    """Return the numbers of at most `max_points` points that are even in ln t, the first and the last among them.

    For each of `max_points` values of t, evenly spaced in the logarithm, it is the first point not before it. A curve
    with no more than `max_points` keeps all; where one point is wanted it is the last.

    Parameters
    ----------
    t : ndarray of shape (n,)
        Positive and strictly increasing, n ≥ 1.
    max_points : int
        At least 1.
    """
    if t.size <= max_points:
        return np.arange(t.size)
    places = np.searchsorted(t, np.geomspace(t[0], t[-1], max_points))
    places[-1] = t.size - 1
    return np.unique(places)
