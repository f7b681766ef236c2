"""Sums over a schedule's drops, a few records at a time so that memory stays small."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losslaws.laws.schedule.history import History

BLOCK = 2**17
"""Numbers per array: a few such arrays fit in a processor's cache."""

Summand = Callable[[NDArray[Any], NDArray[Any], NDArray[Any]], NDArray[Any]]


def drop_sums(past: History, summand: Summand, count: int) -> NDArray[Any]:
    """Return Σ over the nodes before each record of ``summand``, shape (count, …, n).

    Parameters
    ----------
    past : History
        The schedule's nodes and the records.
    summand : callable
        ``summand(between, after, before)`` with between = S_k(t) of shape (…, records, nodes), and after = η_k and
        before = S1(k − 1) of shape (…, 1, nodes); returns shape (count, …, records, nodes), 0 at between = 0.
    count : int
        How many sums.
    """
    sums = np.zeros((count, *past.total.shape), dtype=past.total.dtype)
    for records, nodes in _blocks(past):
        after, before = past.after[..., None, nodes], past.before[..., None, nodes]
        between = past.total[..., records, None] - before
        # Later drops have not happened; at 0 they count nothing.
        between = np.where(between.real > 0, between, 0.0)
        drop = past.drop[..., nodes]
        sums[..., records] = np.einsum("...nk,...k->...n", summand(between, after, before), drop)
    return sums


def _blocks(past: History) -> Iterator[tuple[slice, slice]]:
    """Yield records, and the nodes that at least one of them comes after."""
    nodes = past.drop.shape[-1]
    if not nodes:
        return
    batch = max(1, past.total[..., 0].size)
    size = max(1, BLOCK // (nodes * batch))
    first_before = past.before.reshape(-1, nodes)[0].real
    last_total = past.total.reshape(-1, past.step.size)[0].real
    for start in range(0, past.step.size, size):
        records = slice(start, min(start + size, past.step.size))
        reached = nodes if batch > 1 else int(np.searchsorted(first_before, last_total[records.stop - 1]))
        if reached:
            yield records, slice(0, reached)
