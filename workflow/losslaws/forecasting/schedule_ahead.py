"""Whether the learning rate changes after the seen part of a curve, and what that means for a forecast."""

import numpy as np

from losslaws.core.arrays import Array

STEADY, CHANGES, UNKNOWN = "steady", "changes", "unknown"
SCHEDULES = {
    STEADY: "the learning rate stays as it is at the last seen point",
    CHANGES: "the learning rate changes after the last seen point",
    UNKNOWN: "the learning rate is not known",
}
"""What the learning rate does after a prefix."""

IGNORED = "this forecast ignores the LR schedule"

TOLERANCE = 0.01
"""A learning rate has changed where it differs by more than this share of the largest one."""


def schedule_after(learning_rate: Array | None, seen: int) -> str:
    """Return whether the learning rates change after the first `seen` points: a key of `SCHEDULES`."""
    if learning_rate is None:
        return UNKNOWN
    last, later = learning_rate[seen - 1], learning_rate[seen:]
    return CHANGES if bool((abs(later - last) > TOLERANCE * learning_rate.max()).any()) else STEADY


def planned_schedule(learning_rate: Array | None, planned: tuple[Array, Array]) -> str:
    """Return whether a planned schedule changes from the last seen learning rate, or else from its own first."""
    times, rates = planned
    known = rates if learning_rate is None else np.append(learning_rate[-1:], rates)
    return schedule_after(known, 1) if times.size else UNKNOWN


def schedule_warnings(learning_rate: Array | None, t: Array, planned: tuple[Array, Array] | None) -> list[str]:
    """Return warnings where the learning rate is not constant: laws of t ignore it.

    Parameters
    ----------
    learning_rate : ndarray of shape (n,) or None
        Of the seen part of the curve.
    t : ndarray of shape (n,)
        Of the same points.
    planned : (t, learning rate) or None
        The schedule ahead, up to the horizon.
    """
    sentences = []
    if learning_rate is not None:
        changed = abs(learning_rate - learning_rate[-1]) > TOLERANCE * learning_rate.max()
        place = int(changed.nonzero()[0].max()) + 1 if changed.any() else 0
        if place > t.size // 10:
            sentences.append(
                f"The learning rate was still changing at t = {t[place]:g}, to {learning_rate[-1]:g}: {IGNORED}; if "
                "the LR decays further, expect a lower loss."
            )
    if planned is not None and learning_rate is not None:
        times, rates = planned
        differs = abs(rates - learning_rate[-1]) > TOLERANCE * max(learning_rate.max(), rates.max())
        if differs.any():
            sentences.append(
                f"The learning rate changes at t = {times[differs.argmax()]:g}, after the last seen point: {IGNORED}; "
                "where the LR decays, expect a lower loss."
            )
    return sentences
