"""Curves that are fitted together, and those that cannot be fitted at all."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from losslaws.core.arrays import Array
from losslaws.curves.curve import Curve
from losslaws.fitting.fit_table import batches, unusable_reason
from losslaws.fitting.status import TOO_SHORT

MIN_POINTS = 4
"""Curves with fewer points are not judged."""


@dataclass(frozen=True)
class Batch:
    """Curves that share their t.

    Attributes
    ----------
    t : ndarray of shape (n,)
        Without the points left out.
    members : tuple of int
        Numbers of the N curves that can be fitted.
    losses : ndarray of shape (N, n)
        Their losses.
    unusable : dict of int to str
        Numbers of the others, and the status that says why.
    """

    t: Array
    members: tuple[int, ...]
    losses: Array
    unusable: dict[int, str]


def usable_batches(curves: Sequence[Curve], skipped: Callable[[int], int]) -> Iterator[Batch]:
    """Yield all curves in batches.

    Parameters
    ----------
    curves : sequence of Curve
        The curves; their numbers are their places.
    skipped : callable
        ``skipped(n)`` returns how many points are left out at the start of a curve of n points.
    """
    by_skip: dict[int, list[int]] = {}
    for number, curve in enumerate(curves):
        by_skip.setdefault(skipped(curve.t.size), []).append(number)
    for skip, numbers in by_skip.items():
        for places, t, losses in batches([curves[number] for number in numbers], skip):
            members = [numbers[place] for place in places]
            reasons = [TOO_SHORT if t.size < MIN_POINTS else unusable_reason(loss) for loss in losses]
            usable = [reason is None for reason in reasons]
            yield Batch(
                t,
                tuple(member for member, fine in zip(members, usable, strict=True) if fine),
                losses[usable],
                {member: reason for member, reason in zip(members, reasons, strict=True) if reason},
            )
