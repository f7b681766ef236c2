"""Hill's sigmoid (MMF; the "log power" of Domhan et al.)."""

import numpy as np

from losslaws.core.arrays import Array
from losslaws.laws.law import Bounds, Law, Limit, Shape
from losslaws.laws.time._bend import bends
from losslaws.laws.time.power_law import LAW as POWER_LAW


def log_basis(t: Array, kappa: Array, delta: Array) -> Array:
    """Return g = −ln(1 + (t/κ)^δ)."""
    return np.asarray(-np.logaddexp(0.0, delta * (np.log(t) - np.log(kappa))))


def gradient(t: Array, kappa: Array, delta: Array) -> tuple[Array, Array]:
    """Return ∂g/∂κ = δs/κ and ∂g/∂δ = −s·ln(t/κ), with s = (t/κ)^δ/(1 + (t/κ)^δ)."""
    log_ratio = np.log(t) - np.log(kappa)
    share = 1.0 / (1.0 + np.exp(-delta * log_ratio))
    return delta * share / kappa, -share * log_ratio


def wide_kappa(t: Array) -> Bounds:
    """Return bounds of κ from 0 to a factor 10⁴ beyond the data."""
    return 0.0, 1e4 * t[-1]


def grid(t: Array) -> Array:
    """Return shapes: δ, and where the law bends, from z = (t/κ)^δ = 1e-4 at the last point to 1e4 at the first."""
    return bends(t, np.geomspace(0.01, 40.0, 30), 1e-4, 1e4)


LAW = Law(
    name="hill",
    formula="a/(1 + (t/κ)^δ) + L∞",
    latex=r"\frac{a}{1 + (t/\kappa)^{\delta}} + L_\infty",
    shapes=(
        Shape("kappa", {"paper": (1.0, 1e6), "wide": wide_kappa}, finest=lambda t: 1e-3 * t[0]),
        Shape("delta", {"paper": (0.01, 10.0), "wide": (0.01, 40.0)}),
    ),
    log_basis=log_basis,
    gradient=gradient,
    exponent="delta",
    source="Domhan et al. 2015 (MMF)",
    limits=(Limit("kappa", 0.0, "κ → 0: the power law", law=POWER_LAW),),
    grid=grid,
)
