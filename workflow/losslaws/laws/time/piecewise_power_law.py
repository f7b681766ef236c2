"""Piecewise power law: quadratic in ln t up to a break, then a power law with value and slope matched; no offset."""

import numpy as np

from losslaws.core.arrays import Array
from losslaws.laws.law import Bounds, Law, Shape


def log_basis(t: Array, beta: Array, curvature: Array, t_break: Array) -> Array:
    """Return g = −β·x + κ·min(x, 0)² with x = ln(t/t_break)."""
    x = np.log(t) - np.log(t_break)
    return np.asarray(-beta * x + curvature * np.square(np.minimum(x, 0.0)))


def gradient(t: Array, beta: Array, curvature: Array, t_break: Array) -> tuple[Array, ...]:
    """Return ∂g/∂β, ∂g/∂κ, ∂g/∂t_break."""
    x = np.log(t) - np.log(t_break)
    before = np.minimum(x, 0.0)
    return -x, np.square(before), (beta - 2 * curvature * before) / t_break


def within(t: Array) -> Bounds:
    """Return bounds of the break: anywhere in the data."""
    return t[0], t[-1]


LAW = Law(
    name="piecewise_power_law",
    formula="a·exp(−β·x + κ·min(x, 0)²), x = ln(t/t_break)",
    latex=r"a\,e^{-\beta x + \kappa \min(x, 0)^2},\ x = \ln(t/t_b)",
    shapes=(
        Shape("beta", {"paper": (0.0, 10.0), "wide": (0.0, 100.0)}, points=16, finest=lambda t: 1e-3),
        Shape("curvature", {"paper": (-10.0, 10.0), "wide": (-100.0, 100.0)}, points=20, finest=lambda t: 1e-3),
        Shape("t_break", {"paper": within, "wide": within}, points=12),
    ),
    log_basis=log_basis,
    gradient=gradient,
    offset=False,
    exponent="beta",
    source="Jain et al. 2023 (PPL)",
)
