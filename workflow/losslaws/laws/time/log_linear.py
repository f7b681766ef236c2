"""Logarithm of a linear function of ln t, turned round for losses: L = c − a·ln(ln t + s).

Domhan et al. fit rising scores with ln(α·ln t + β). Its negative plus a constant is c − ln(ln t + s) with s = β/α, the
constant absorbing ln α; here its amplitude is free as well, so that losses of any scale can follow it.
"""

import numpy as np

from losslaws.core.arrays import Array
from losslaws.laws.law import Bounds, Law, Shape

CEILING = 100.0
"""Makes the basis positive; it only shifts L∞."""


def log_basis(t: Array, s: Array) -> Array:
    """Return g with exp(g) = 100 − ln(ln t + s)."""
    return np.asarray(np.log(CEILING - np.log(np.log(t) + s)))


def wide_shift(t: Array) -> Bounds:
    """Return bounds of s from just above −ln t₁."""
    return -np.log(t[0]) * (1 - 1e-6) + 1e-9, 1e3


LAW = Law(
    name="log_linear",
    formula="a·(100 − ln(ln t + s)) + L∞",
    latex=r"L_\infty + a\,(100 - \ln(\ln t + s))",
    shapes=(
        Shape(
            "s",
            {"paper": (0.0, 100.0), "wide": wide_shift},
            points=120,
            origin=lambda t: -np.log(t[0]),
        ),
    ),
    log_basis=log_basis,
    exponent="s",
    source="Domhan et al. 2015, with the sign turned and the amplitude freed",
    t_above=1.0,
)
