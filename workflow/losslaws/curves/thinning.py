"""Long curves made short: means over bins that grow with t, weighed by how many points they stand for."""

import numpy as np

from losslaws.core.arrays import Array

MOST = 500
"""Longer curves are thinned: with so many points a fit costs no more than with fewer."""


def thin(t: Array, losses: Array, most: int = MOST) -> tuple[Array, Array, Array]:
    """Return t (m,), losses (N, m) and weights (m,) of no more than `most` bins.

    The bins are even in the logarithm of a point's number, one point each at the start. A bin's loss is the mean over
    it and stands at the geometric mean of its t; its weight is the number of its points, so that least squares weigh
    the curve as its own points do. A curve with no more than `most` points is left as it is.
    """
    n = t.size
    if n <= most:
        return t, losses, np.ones(n)
    first = np.unique(np.geomspace(1, n + 1, most + 1).round().astype(int))[:-1] - 1
    size = np.diff(np.append(first, n))
    means = np.add.reduceat(losses, first, axis=1) / size
    middle = np.where(size == 1, t[first], np.exp(np.add.reduceat(np.log(t), first) / size))
    return middle, means, size.astype(np.float64)
