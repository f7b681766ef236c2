"""Huber's loss (Huber 1964): quadratic in small residuals, linear in large ones."""

import numpy as np

from losslaws.core.arrays import Array

DELTA = 1e-3
"""δ for residuals of ln L, as scaling-law studies take it."""


def huber(residuals: Array, delta: float = DELTA) -> Array:
    """Return r²/2 up to δ and δ(|r| − δ/2) beyond; δ = ∞ gives r²/2 throughout."""
    size = np.abs(residuals)
    if np.isinf(delta):
        return np.asarray(0.5 * size**2)
    return np.where(size <= delta, 0.5 * size**2, delta * (size - 0.5 * delta))
