"""Vapour-pressure law, L = exp(b + c/t + d·ln t); no offset."""

import numpy as np

from losslaws.laws.law import Law, Shape

LAW = Law(
    name="vapor_pressure",
    formula="a·exp(c/t + d·ln t), a = exp(b)",
    latex=r"a\,e^{c/t + d\ln t}",
    shapes=(
        Shape(
            "c",
            {"paper": (-1e4, 1e4), "wide": lambda t: (-50.0 * t[0], 50.0 * t[0])},
            points=40,
            finest=lambda t: 1e-3 * t[0],
        ),
        Shape("d", {"paper": (-10.0, 10.0), "wide": (-50.0, 50.0)}, points=40, finest=lambda t: 1e-3),
    ),
    log_basis=lambda t, c, d: c / t + d * np.log(t),
    gradient=lambda t, c, d: (1.0 / t, np.log(t)),
    offset=False,
    exponent="d",
    source="Domhan et al. 2015",
)
