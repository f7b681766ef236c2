"""Multi-power law: every fall of the learning rate pays out as a power of the learning that follows it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losslaws.core.arrays import Array
from losslaws.laws.schedule._drops import drop_sums
from losslaws.laws.schedule.history import History, highest_rate
from losslaws.laws.separable import SeparableLaw, ShapeParameter


def _columns(past: History, shapes: Array) -> Array:
    alpha, scale, beta, gamma = shapes

    def gain(between: NDArray[Any], after: NDArray[Any], _before: NDArray[Any]) -> NDArray[Any]:
        return np.expand_dims(1 - np.exp(-beta * np.log1p(scale * after**-gamma * between)), 0)

    return np.stack([np.ones_like(past.total), past.total**-alpha, -drop_sums(past, gain, 1)[0]], axis=-2)


def _derivatives(past: History, shapes: Array) -> Array:
    alpha, scale, beta, gamma = shapes

    def slopes(between: NDArray[Any], after: NDArray[Any], _before: NDArray[Any]) -> NDArray[Any]:
        x = scale * after**-gamma * between
        growth = np.log1p(x)
        left = np.exp(-beta * growth)
        # d(1 − (1 + x)^(−β)) by C, β and γ, with x = C η^(−γ) S
        by_x = beta * left * x / (1 + x)
        return np.stack([by_x / scale, left * growth, -by_x * np.log(after)])

    columns = np.zeros((3, 4, past.step.size))
    columns[1, 0] = -np.log(past.total) * past.total**-alpha
    columns[2, 1:] = -drop_sums(past, slopes, 3)
    return columns


def _starts(pasts: Sequence[History]) -> tuple[tuple[float, ...], ...]:
    # At the peak, x = C·η^(1−γ)·k after k steps; γ = ½ serves to set the scale.
    peak = highest_rate(pasts)
    return (0.3, 0.6), tuple(peak**-0.5 / steps for steps in (3, 30, 300)), (0.2, 0.5, 1.0), (0.2, 0.6)


LAW = SeparableLaw(
    name="multi_power",
    formula="L0 + A·S1^(−α) − B·Σ_k (η_(k−1) − η_k)·[1 − (1 + C·η_k^(−γ)·S_k)^(−β)], S_k = Σ_(τ=k..t) η_τ",
    source="Luo et al. 2025",
    amplitudes=("L0", "A", "B"),
    shapes=(
        ShapeParameter("alpha", (1e-3, 10.0)),
        ShapeParameter("C", (1e-6, 1e6)),
        ShapeParameter("beta", (1e-3, 20.0)),
        ShapeParameter("gamma", (1e-3, 3.0)),
    ),
    columns=_columns,
    derivatives=_derivatives,
    starts=_starts,
)
