"""Power law with a shifted origin (pow4); a negative t0 is what curves with a cut-off warm-up need."""

import numpy as np

from losslaws.core.arrays import Array
from losslaws.laws.law import Bounds, Law, Limit, Shape
from losslaws.laws.time.exponential import LAW as EXPONENTIAL


def wide_shift(t: Array) -> Bounds:
    """Return bounds of t0 from just above −t₁ to far beyond the data."""
    return -t[0] * (1 - 1e-6), 1e3 * t[-1]


def gradient(t: Array, t0: Array, beta: Array) -> tuple[Array, Array]:
    """Return ∂g/∂t0 = −β/(t + t0) and ∂g/∂β = −ln(t + t0)."""
    return -beta / (t + t0), -np.log(t + t0)


LAW = Law(
    name="shifted_power_law",
    formula="a·(t + t0)^(−β) + L∞",
    latex=r"a\,(t + t_0)^{-\beta} + L_\infty",
    shapes=(
        Shape(
            "t0",
            {"paper": (0.0, 1e6), "wide": wide_shift},
            points=40,
            finest=lambda t: 1e-3 * t[0],
            origin=lambda t: -t[0],
        ),
        Shape("beta", {"paper": (0.0, 10.0), "wide": (0.0, 1e4)}, points=40, finest=lambda t: 1e-3),
    ),
    log_basis=lambda t, t0, beta: -beta * np.log(t + t0),
    gradient=gradient,
    exponent="beta",
    source="Domhan et al. 2015 (pow4)",
    limits=(
        Limit("beta", 0.0, "β → 0: L = c − b·ln(t + t0) at t0 = 0", basis=np.log),
        Limit("beta", 1e4, "t0, β → ∞: the exponential", law=EXPONENTIAL),
    ),
    nests={"power_law": {"t0": 0.0}},
)
