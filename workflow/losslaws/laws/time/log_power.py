"""Power of the logarithm of time."""

import numpy as np

from losslaws.core.arrays import Array
from losslaws.laws.law import Law, Limit, Shape


def log_log(t: Array) -> Array:
    """Return ln ln t."""
    return np.asarray(np.log(np.log(t)))


LAW = Law(
    name="log_power",
    formula="a·(ln t)^(−β) + L∞",
    latex=r"a\,(\ln t)^{-\beta} + L_\infty",
    shapes=(Shape("beta", {"paper": (0.0, 20.0), "wide": (0.0, 200.0)}, points=120),),
    log_basis=lambda t, beta: -beta * log_log(t),
    gradient=lambda t, beta: (-log_log(t),),
    exponent="beta",
    source="Du and Ji 2026",
    limits=(Limit("beta", 0.0, "β → 0: L = c − b·ln ln t", basis=log_log),),
    t_above=1.0,
)
