"""Functional scaling law in its practical form: time is the sum of learning rates, falls pay out as a power of it."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losslaws.core.arrays import Array
from losslaws.laws.schedule._drops import drop_sums
from losslaws.laws.schedule.history import History, highest_rate
from losslaws.laws.separable import SeparableLaw, ShapeParameter


def _columns(past: History, shapes: Array) -> Array:
    exponent, scale, memory = shapes
    past = _falls(past)

    def gain(between: NDArray[Any], after: NDArray[Any], before: NDArray[Any]) -> NDArray[Any]:
        paid = 1 - np.exp(-memory * np.log1p(scale * _since(between, after)))
        return np.stack([paid, paid * (before + after) ** -exponent])

    fixed, falling = drop_sums(past, gain, 2)
    return np.stack([np.ones_like(past.total), past.total**-exponent, -fixed, -falling], axis=-2)


def _derivatives(past: History, shapes: Array) -> Array:
    exponent, scale, memory = shapes
    past = _falls(past)

    def slopes(between: NDArray[Any], after: NDArray[Any], before: NDArray[Any]) -> NDArray[Any]:
        since = _since(between, after)
        x = scale * since
        growth = np.log1p(x)
        left = np.exp(-memory * growth)
        by_scale, by_memory = memory * left * since / (1 + x), left * growth
        time = before + after
        level = time**-exponent
        by_exponent = -np.log(time) * level * (1 - left)
        return np.stack([by_scale, by_memory, by_exponent, by_scale * level, by_memory * level])

    sums = drop_sums(past, slopes, 5)
    columns = np.zeros((4, 3, past.step.size))
    columns[1, 0] = -np.log(past.total) * past.total**-exponent
    columns[2, 1:] = -sums[:2]
    columns[3, 0], columns[3, 1:] = -sums[2], -sums[3:]
    return columns


def _since(between: NDArray[Any], after: NDArray[Any]) -> NDArray[Any]:
    """Return T − T_i, 0 where the fall has not happened."""
    return np.where(between.real > 0, between - after, 0.0)


def _falls(past: History) -> History:
    """Return the history without the rises of a warm-up."""
    return replace(past, drop=np.where(past.drop.real > 0, past.drop, 0.0))


LAW = SeparableLaw(
    name="functional",
    formula="L0 + c1·T^(−s) − Σ_(Δη_i>0) Δη_i·(c23 + c2·T_i^(−s))·[1 − (1 + c4·(T − T_i))^(−g)], T = Σ η, c23 = c2·c3",
    source="Li et al. 2025, practical form",
    amplitudes=("L0", "c1", "c23", "c2"),
    shapes=(ShapeParameter("s", (1e-3, 10.0)), ShapeParameter("c4", (1e-6, 1e9)), ShapeParameter("g", (1e-3, 20.0))),
    columns=_columns,
    derivatives=_derivatives,
    starts=lambda pasts: (
        (0.2, 0.4, 0.7),
        tuple(1 / (steps * highest_rate(pasts)) for steps in (3, 30, 300, 3000)),
        (0.2, 0.5, 1.0),
    ),
)
