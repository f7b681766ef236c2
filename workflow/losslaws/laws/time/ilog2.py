"""Inverse logarithm, without a shape."""

import numpy as np

from losslaws.laws.law import Law

LAW = Law(
    name="ilog2",
    formula="a/ln(t + 1) + L∞",
    latex=r"\frac{a}{\ln(t + 1)} + L_\infty",
    shapes=(),
    log_basis=lambda t: -np.log(np.log1p(t)),
    gradient=lambda t: (),
    exponent="a",
    source="Domhan et al. 2015",
)
