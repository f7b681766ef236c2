"""Loss against compute: a power law above an irreducible loss."""

import numpy as np

from losslaws.core.arrays import Array
from losslaws.laws.separable import SeparableLaw, ShapeParameter


def _derivatives(compute: Array, shapes: Array) -> Array:
    slope = -np.log(compute) * compute ** -shapes[0]
    return np.stack([np.zeros_like(slope), slope])[:, None, :]


LAW = SeparableLaw(
    name="compute",
    formula="L0 + A·C^(−b)",
    source="Qiu et al. 2025",
    amplitudes=("L0", "A"),
    shapes=(ShapeParameter("b", (1e-6, 10.0)),),
    columns=lambda compute, shapes: np.stack([np.ones_like(compute), compute ** -shapes[0]]),
    derivatives=_derivatives,
    starts=lambda computes: ((0.05, 0.1, 0.2, 0.4, 0.8, 1.6),),
)
