"""Chinchilla in steps: the loss as if the schedule did not matter."""

import numpy as np

from losslaws.core.arrays import Array
from losslaws.laws.schedule.history import History
from losslaws.laws.separable import SeparableLaw, ShapeParameter


def _columns(past: History, shapes: Array) -> Array:
    power = np.broadcast_to(past.step ** -shapes[0], past.total.shape)
    return np.stack([np.ones_like(power), power], axis=-2)


def _derivatives(past: History, shapes: Array) -> Array:
    slope = -np.log(past.step) * past.step ** -shapes[0]
    return np.stack([np.zeros_like(slope), slope])[:, None, :]


LAW = SeparableLaw(
    name="chinchilla_steps",
    formula="L0 + A·t^(−α)",
    source="Hoffmann et al. 2022, at one model size",
    amplitudes=("L0", "A"),
    shapes=(ShapeParameter("alpha", (1e-3, 10.0)),),
    columns=_columns,
    derivatives=_derivatives,
    starts=lambda pasts: ((0.1, 0.2, 0.4, 0.7, 1.2),),
)
