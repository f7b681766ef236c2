"""Power law with an offset (pow3)."""

import numpy as np

from losslaws.laws.law import Law, Limit, Shape

LAW = Law(
    name="power_law",
    formula="a·t^(−β) + L∞",
    latex=r"a\,t^{-\beta} + L_\infty",
    shapes=(Shape("beta", {"paper": (0.0, 10.0), "wide": (0.0, 100.0)}, points=120),),
    log_basis=lambda t, beta: -beta * np.log(t),
    gradient=lambda t, beta: (-np.log(t),),
    exponent="beta",
    source="Domhan et al. 2015 (pow3); Du and Ji 2026",
    limits=(Limit("beta", 0.0, "β → 0: L = c − b·ln t", basis=np.log),),
)
