"""Momentum law: every fall of the learning rate pays out over the next 1/(1 − λ) steps."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from losslaws.core.arrays import Array
from losslaws.laws.schedule.history import History
from losslaws.laws.separable import SeparableLaw, ShapeParameter


def _momentum(past: History, factor: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return m_t = Σ_(k≤t) (η_(k−1) − η_k) λ^(t−k) at the records and its derivative by λ, each of shape (…, n).

    Over a stretch of M steps with decrement d, m becomes λ^M·m + d·(1 − λ^M)/(1 − λ).
    """
    size = past.size
    kept = factor**size
    gained = (1 - kept) / (1 - factor)
    momentum = _recurrence(kept, past.slope * gained)
    before = np.concatenate([np.zeros_like(momentum[..., :1]), momentum[..., :-1]], axis=-1)
    kept_slope = size * kept / factor
    gained_slope = (gained - kept_slope) / (1 - factor)
    slope = _recurrence(kept, kept_slope * before + past.slope * gained_slope)
    at = np.searchsorted(past.end, past.step)
    return momentum[..., at], slope[..., at]


def _recurrence(factor: Array, added: NDArray[Any]) -> NDArray[Any]:
    """Return x_i = factor_i·x_(i−1) + added_i from x = 0, in log2(n) passes over ever longer stretches."""
    factor, x = factor.copy(), added.copy()
    reach = 1
    while reach < factor.size:
        x[..., reach:] += factor[reach:] * x[..., :-reach]
        factor[reach:] *= factor[:-reach].copy()
        reach *= 2
    return x


def _columns(past: History, shapes: Array) -> Array:
    alpha, factor = shapes
    # Σ_(i≤t) m_i = (Σ_k d_k − λ·m_t)/(1 − λ)
    area = (past.fallen - factor * _momentum(past, factor)[0]) / (1 - factor)
    return np.stack([np.ones_like(past.total), past.total**-alpha, -area], axis=-2)


def _derivatives(past: History, shapes: Array) -> Array:
    alpha, factor = shapes
    momentum, slope = _momentum(past, factor)
    area = (past.fallen - factor * momentum) / (1 - factor)
    columns = np.zeros((3, 2, past.step.size))
    columns[1, 0] = -np.log(past.total) * past.total**-alpha
    columns[2, 1] = -(area - momentum - factor * slope) / (1 - factor)
    return columns


LAW = SeparableLaw(
    name="momentum",
    formula="L0 + A·S1^(−α) − C·Σ_(i≤t) m_i, m_i = λ·m_(i−1) + (η_(i−1) − η_i)",
    source="Tissue, Wang and Wang 2024",
    amplitudes=("L0", "A", "C"),
    shapes=(ShapeParameter("alpha", (1e-3, 10.0)), ShapeParameter("lambda", (0.5, 1 - 1e-6), scale="complement")),
    columns=_columns,
    derivatives=_derivatives,
    starts=lambda pasts: ((0.2, 0.4, 0.7), tuple(1 - 1 / memory for memory in (20, 100, 500, 2500))),
)
