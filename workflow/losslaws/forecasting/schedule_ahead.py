"""Learning rates: whether a schedule goes on as it is, and what a law in t cannot know."""

import numpy as np

from losslaws.core.arrays import Array

STEADY, CHANGES, UNKNOWN = "steady", "changes", "unknown"
SCHEDULES = {
    STEADY: "the learning rate stays what it is at the end of what was seen",
    CHANGES: "the learning rate changes after what was seen",
    UNKNOWN: "the learning rate is not known",
}
"""What lies ahead of a prefix, and what that means."""

TOLERANCE = 0.01
"""A learning rate has changed where it differs by this share of the largest one."""


def schedule_after(learning_rate: Array | None, seen: int) -> str:
    """Return whether the learning rates change after the first `seen` points: a key of `SCHEDULES`."""
    if learning_rate is None:
        return UNKNOWN
    last, later = learning_rate[seen - 1], learning_rate[seen:]
    return CHANGES if bool((abs(later - last) > TOLERANCE * learning_rate.max()).any()) else STEADY


def planned_schedule(learning_rate: Array | None, planned: tuple[Array, Array]) -> str:
    """Return whether a planned schedule changes, from the last learning rate seen or else from its own first."""
    times, rates = planned
    known = rates if learning_rate is None else np.append(learning_rate[-1:], rates)
    return schedule_after(known, 1) if times.size else UNKNOWN


def schedule_warnings(learning_rate: Array | None, t: Array, planned: tuple[Array, Array] | None) -> list[str]:
    """Say what of the learning rate a law in t cannot know.

    Parameters
    ----------
    learning_rate : ndarray of shape (n,) or None
        As far as the curve has been seen.
    t : ndarray of shape (n,)
        Where.
    planned : (t, learning rate) or None
        The schedule ahead, up to the horizon.
    """
    sentences = []
    if learning_rate is not None:
        changed = abs(learning_rate - learning_rate[-1]) > TOLERANCE * learning_rate.max()
        place = int(changed.nonzero()[0].max()) + 1 if changed.any() else 0
        if place > t.size // 10:
            sentences.append(
                f"The learning rate was still changing at t = {t[place]:g}, to {learning_rate[-1]:g}: a law in t takes "
                "that for the course of the loss and cannot know how the schedule goes on."
            )
    if planned is not None and learning_rate is not None:
        times, rates = planned
        differs = abs(rates - learning_rate[-1]) > TOLERANCE * max(learning_rate.max(), rates.max())
        if differs.any():
            sentences.append(
                f"The learning rate changes at t = {times[differs.argmax()]:g}, after what was seen: a law in t cannot "
                "know that; expect a lower loss where the rate decays."
            )
    return sentences
