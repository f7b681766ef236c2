"""Schedules that people use: warm-up and then cosine, or stable and then a decay."""

from typing import Literal

import numpy as np

from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.laws.schedule.history import Schedule, rise

Decay = Literal["linear", "exponential"]

KNOTS = 128
"""Steps at which a smooth decay is known."""


def with_warmup(warmup: int, steps: Array, rates: Array) -> Schedule:
    """Return a linear rise from 0 to ``rates[0]`` at step `warmup`, and then the rates at later `steps`."""
    before, rising = rise(warmup, float(rates[0]))
    later = steps > before[-1]
    return Schedule(np.append(before, steps[later]), np.append(rising, rates[later]))


def check_plan(length: int, peak: float, warmup: int) -> None:
    """Raise a LosslawsError if no schedule has this length, peak and warm-up."""
    if not 0 <= warmup < length:
        raise LosslawsError(f"a warm-up of {warmup} steps does not fit into a schedule of {length} steps: choose fewer")
    if not (np.isfinite(peak) and peak > 0):
        raise LosslawsError(f"the peak of a schedule must be a learning rate above 0, not {peak:g}")


def cosine(length: int, peak: float, warmup: int, end: float) -> Schedule:
    """Return a cosine from the peak at the end of the warm-up to the rate `end` at the last step."""
    steps = np.unique(np.rint(np.linspace(warmup, length, KNOTS + 1)))
    rates = end + 0.5 * (peak - end) * (1 + np.cos(np.pi * (steps - warmup) / (length - warmup)))
    return with_warmup(warmup, steps, rates)


def warmup_stable_decay(
    length: int, peak: float, warmup: int, end: float, decay_share: float = 0.2, decay: Decay = "linear"
) -> Schedule:
    """Return the peak, and over the last `decay_share` of all steps a decay to the rate `end`."""
    start = max(float(warmup), np.rint(length * (1 - decay_share)))
    steps = np.unique(np.rint(np.linspace(start, length, KNOTS + 1)))
    passed = (steps - start) / (length - start)
    rates = peak + (end - peak) * passed if decay == "linear" else peak * (end / peak) ** passed
    return with_warmup(warmup, np.append(warmup, steps), np.append(peak, rates))
