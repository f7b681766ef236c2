"""Exponential decay to an offset."""

import math

from losslaws.laws.law import Law, Limit, Shape

LAW = Law(
    name="exponential",
    formula="a·exp(−λt) + L∞",
    latex=r"a\,e^{-\lambda t} + L_\infty",
    shapes=(
        Shape(
            "lambda",
            {"paper": (0.0, 1.0), "wide": lambda t: (0.0, 40.0 / (t[1] - t[0]))},
            points=120,
            finest=lambda t: 1e-4 / (t[-1] - t[0]),
        ),
    ),
    log_basis=lambda t, rate: -rate * t,
    gradient=lambda t, rate: (-t,),
    exponent="lambda",
    source="Du and Ji 2026",
    limits=(Limit("lambda", 0.0, "λ → 0: L = c − b·t", basis=lambda t: t),),
    t_above=-math.inf,
)
