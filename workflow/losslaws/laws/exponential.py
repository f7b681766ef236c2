"""Exponential decay to an offset."""

from losslaws.laws._law import Law, Limit, Shape

LAW = Law(
    name="exponential",
    formula="a·exp(−λt) + L∞",
    latex=r"a\,e^{-\lambda t} + L_\infty",
    shapes=(
        Shape(
            "lambda",
            {"paper": (0.0, 1.0), "wide": (0.0, 100.0)},
            points=120,
            finest=lambda t_first, t_last: 1e-4 / t_last,
        ),
    ),
    log_basis=lambda t, rate: -rate * t,
    gradient=lambda t, rate: (-t,),
    exponent="lambda",
    source="Du and Ji 2026",
    limits=(Limit("lambda", 0.0, lambda t: t, "λ → 0: L = c − b·t"),),
)
