"""Stretched exponential (Weibull, Janoschek, Kohlrausch): γ < 1 stretches, γ > 1 compresses."""

import numpy as np

from losslaws.core.arrays import Array
from losslaws.laws.law import Law, Limit, Shape
from losslaws.laws.time._bend import bends
from losslaws.laws.time.power_law import LAW as POWER_LAW

MIN_OF_BEND = 0.05
"""A step makes the law bend no less than by this factor: without a bend it would be at τ = ∞."""


def log_basis(t: Array, tau: Array, gamma: Array) -> Array:
    """Return g = −(t/τ)^γ."""
    return np.asarray(-np.exp(gamma * (np.log(t) - np.log(tau))))


def gradient(t: Array, tau: Array, gamma: Array) -> tuple[Array, Array]:
    """Return ∂g/∂τ = (γ/τ)(t/τ)^γ and ∂g/∂γ = −(t/τ)^γ ln(t/τ)."""
    log_ratio = np.log(t) - np.log(tau)
    power = np.exp(gamma * log_ratio)
    return gamma / tau * power, -power * log_ratio


def grid(t: Array) -> Array:
    """Return shapes: γ, and where the law bends, from z = (t/τ)^γ = 1e-4 at the last point to 300 at the first."""
    return bends(t, np.geomspace(0.02, 10.0, 30), 1e-4, 300.0)


def follow(t: Array, at: Array, step: Array) -> Array:
    """Follow a step from (ln τ, ln γ) along a straight line in ln γ and ln(1 + z), z = (t_h/τ)^γ.

    t_h is where the law has come down by half from its first value, or the last point. Three limits have a valley in
    which a straight step in ln τ would not get far. Towards the power law, and where the law falls before the second
    point, curves tell little but the slope γz; where the law hardly bends, γ depends on z. A step that leaves τ as it
    is, as on a bound, stays straight.
    """
    log_tau, log_gamma = at.T
    gamma, new_gamma = np.exp(log_gamma), np.exp(log_gamma + step[:, 1])
    half = np.logaddexp(gamma * (np.log(t[0]) - log_tau), np.log(np.log(2.0)))
    place = np.clip(log_tau + half / gamma, np.log(t[0]), np.log(t[-1]))
    log_z = gamma * (place - log_tau)
    bend = np.logaddexp(0.0, log_z)
    change = (log_z * step[:, 1] - gamma * step[:, 0]) * np.exp(log_z - bend)
    new_bend = np.maximum(bend + change, MIN_OF_BEND * bend)
    new_log_z = new_bend + np.log(-np.expm1(-new_bend))
    return np.column_stack(
        [np.where(step[:, 0] == 0, log_tau, place - new_log_z / new_gamma), log_gamma + step[:, 1]],
    )


LAW = Law(
    name="stretched_exp",
    formula="a·exp(−(t/τ)^γ) + L∞",
    latex=r"a\,e^{-(t/\tau)^{\gamma}} + L_\infty",
    shapes=(
        Shape("tau", {"paper": (1.0, 1e6), "wide": (1e-250, 1e250)}),
        Shape("gamma", {"paper": (0.01, 5.0), "wide": (0.0, 20.0)}, finest=lambda t: 1e-3),
    ),
    log_basis=log_basis,
    gradient=gradient,
    exponent="gamma",
    source="Domhan et al. 2015 (Weibull, Janoschek); Du and Ji 2026",
    nests={"exponential": {"gamma": 1.0}},
    limits=(Limit("gamma", 0.0, "γ, τ → 0: the power law", law=POWER_LAW),),
    grid=grid,
    follow=follow,
)
