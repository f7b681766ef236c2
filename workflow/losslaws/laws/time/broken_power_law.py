"""Smoothly broken power law with one break (BNSL)."""

import numpy as np

from losslaws.core.arrays import Array
from losslaws.laws.law import Bounds, Law, Shape


def log_basis(t: Array, c0: Array, c1: Array, d1: Array, f1: Array) -> Array:
    """Return g = −c0·ln t − c1·f1·ln(1 + (t/d1)^(1/f1))."""
    return np.asarray(-c0 * np.log(t) - c1 * f1 * np.logaddexp(0.0, (np.log(t) - np.log(d1)) / f1))


def gradient(t: Array, c0: Array, c1: Array, d1: Array, f1: Array) -> tuple[Array, ...]:
    """Return ∂g/∂c0, ∂g/∂c1, ∂g/∂d1, ∂g/∂f1."""
    del c0
    position = (np.log(t) - np.log(d1)) / f1
    soft = np.logaddexp(0.0, position)
    share = 1.0 / (1.0 + np.exp(-position))
    return -np.log(t), -f1 * soft, c1 * share / d1, -c1 * (soft - position * share)


def within(t: Array) -> Bounds:
    """Return bounds of the break: anywhere in the data."""
    return t[0], t[-1]


LAW = Law(
    name="broken_power_law",
    formula="b·t^(−c0)·(1 + (t/d1)^(1/f1))^(−c1·f1) + L∞",
    latex=r"b\,t^{-c_0}\,(1 + (t/d_1)^{1/f_1})^{-c_1 f_1} + L_\infty",
    shapes=(
        Shape("c0", {"paper": (0.0, 10.0), "wide": (0.0, 100.0)}, points=9, finest=lambda t: 1e-2),
        Shape("c1", {"paper": (0.0, 10.0), "wide": (0.0, 100.0)}, points=9, finest=lambda t: 1e-2),
        Shape("d1", {"paper": within, "wide": within}, points=10),
        Shape("f1", {"paper": (0.01, 10.0), "wide": (0.01, 10.0)}, points=4),
    ),
    log_basis=log_basis,
    gradient=gradient,
    amplitudes=("b",),
    exponent="c0",
    source="Caballero et al. 2022",
    nests={"power_law": {"c1": 0.0}},
)
