"""The length of training that suits each size: a power of the number of parameters."""

import numpy as np

from losslaws.core.arrays import Array
from losslaws.laws.separable import SeparableLaw, ShapeParameter


def _columns(size: Array, shapes: Array) -> Array:
    return np.asarray(size ** shapes[0])[None, :]


def _derivatives(size: Array, shapes: Array) -> Array:
    return np.asarray(np.log(size) * size ** shapes[0])[None, None, :]


LAW = SeparableLaw(
    name="horizon",
    formula="A·p^γ = (p/p0)^γ",
    source="Qiu et al. 2025",
    amplitudes=("A",),
    shapes=(ShapeParameter("gamma", (-10.0, 10.0), scale="linear"),),
    columns=_columns,
    derivatives=_derivatives,
    starts=lambda sizes: ((0.5,),),
)
