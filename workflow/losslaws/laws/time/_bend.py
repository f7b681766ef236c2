"""A search grid for laws that are functions of z = (t/scale)^power."""

import numpy as np

from losslaws.core.arrays import Array


def bends(t: Array, power: Array, least: float, most: float, steps: int = 90) -> Array:
    """Return pairs (scale, power), shape (steps, len(power), 2).

    For each power the scales go from z = `least` at the last point to z = `most` at the first, so that the law bends
    before, after and everywhere within the data, at even distances in the logarithm of t.
    """
    part = np.linspace(0.0, 1.0, steps)[:, None]
    first = np.log(least) - power * np.log(t[-1])
    last = np.log(most) - power * np.log(t[0])
    log_scale = -(first + part * (last - first)) / power
    return np.stack([np.exp(np.clip(log_scale, -600.0, 600.0)), np.broadcast_to(power, log_scale.shape)], axis=-1)
