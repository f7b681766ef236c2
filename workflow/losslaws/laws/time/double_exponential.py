"""Sum of two exponentials."""

import math

import numpy as np

from losslaws.core.arrays import Array
from losslaws.laws.law import Law, Shape


def log_basis(t: Array, fast: Array, slow: Array) -> tuple[Array, Array]:
    """Return g_1 = −λ1·t and g_2 = −λ2·t."""
    return -fast * t, -slow * t


def gradient(t: Array, fast: Array, slow: Array) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Return (∂g_1, ∂g_2)/∂λ1 = (−t, 0) and (∂g_1, ∂g_2)/∂λ2 = (0, −t)."""
    del fast, slow
    return (-t, np.zeros_like(t)), (np.zeros_like(t), -t)


def rate(name: str) -> Shape:
    """Return a rate's bounds and grid."""
    return Shape(
        name,
        {"paper": (0.0, 1.0), "wide": lambda t: (0.0, 40.0 / (t[1] - t[0]))},
        points=40,
        finest=lambda t: 1e-3 / (t[-1] - t[0]),
    )


LAW = Law(
    name="double_exponential",
    formula="a1·exp(−λ1·t) + a2·exp(−λ2·t) + L∞",
    latex=r"a_1 e^{-\lambda_1 t} + a_2 e^{-\lambda_2 t} + L_\infty",
    shapes=(rate("lambda_1"), rate("lambda_2")),
    log_basis=log_basis,
    gradient=gradient,
    amplitudes=("a1", "a2"),
    exponent="lambda_2",
    source="common in relaxation experiments",
    nests={"exponential": {"a1": 0.0}},
    t_above=-math.inf,
    ordered=("lambda_1", "lambda_2"),
)
