"""Stretched exponential (Weibull, Janoschek, Kohlrausch): γ < 1 stretches, γ > 1 compresses."""

import numpy as np

from losslaws.arrays import Array
from losslaws.laws._law import Law, Shape


def log_basis(t: Array, tau: Array, gamma: Array) -> Array:
    """Return g = −(t/τ)^γ."""
    return np.asarray(-np.exp(gamma * (np.log(t) - np.log(tau))))


def gradient(t: Array, tau: Array, gamma: Array) -> tuple[Array, Array]:
    """Return ∂g/∂τ = (γ/τ)(t/τ)^γ and ∂g/∂γ = −(t/τ)^γ ln(t/τ)."""
    log_ratio = np.log(t) - np.log(tau)
    power = np.exp(gamma * log_ratio)
    return gamma / tau * power, -power * log_ratio


LAW = Law(
    name="stretched_exp",
    formula="a·exp(−(t/τ)^γ) + L∞",
    latex=r"a\,e^{-(t/\tau)^{\gamma}} + L_\infty",
    shapes=(
        Shape("tau", {"paper": (1.0, 1e6), "wide": (1e-12, 1e12)}, points=56),
        Shape("gamma", {"paper": (0.01, 5.0), "wide": (0.001, 20.0)}, points=40),
    ),
    log_basis=log_basis,
    gradient=gradient,
    exponent="gamma",
    source="Domhan et al. 2015 (Weibull, Janoschek); Du and Ji 2026",
)
