"""What a law is: shapes that enter nonlinearly, an amplitude and an offset that enter linearly.

Every law here reads L(t) = a·exp(g(t; θ)) + L∞. The log-basis g is what a law's module writes down; the fitter does
the rest. Working with g instead of exp(g) keeps precision where exp(g) is nearly constant (1 − exp(g) is computed as
−expm1(g)) and where it over- or underflows (only differences of g matter to the fit).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from losslaws.arrays import Array

Preset = Literal["paper", "wide"]
Bounds = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """A parameter that enters a law nonlinearly.

    Attributes
    ----------
    name : str
        As in tables: ``"beta"``.
    bounds : mapping of preset to (lower, upper)
        Closed bounds of the search.
    finest : callable
        ``finest(t_first, t_last)`` is the smallest value that the search tells apart from a lower bound of 0.
    points : int
        Number of values on the search grid, which is logarithmic.
    """

    name: str
    bounds: Mapping[Preset, Bounds]
    points: int
    finest: Callable[[float, float], float] = lambda t_first, t_last: 1e-4


@dataclass(frozen=True)
class Limit:
    """Where a law tends to as one shape goes to a bound at which a·exp(g) + L∞ degenerates.

    As θ → `value`, a and −L∞ grow without bound while the law itself tends to c0 + c1·``basis(t)`` with c1 ≤ 0.

    Attributes
    ----------
    shape : str
        Which shape parameter tends to the bound.
    value : float
        The bound.
    basis : callable
        An increasing function of t.
    text : str
        For reports: ``"β → 0: L = c − b·ln t"``.
    """

    shape: str
    value: float
    basis: Callable[[Array], Array]
    text: str


@dataclass(frozen=True)
class Law:
    """L(t) = a·exp(g(t; θ)) + L∞ with a ≥ 0 and L∞ free.

    Attributes
    ----------
    name : str
        The module's name.
    formula : str
        Mathematics for people, in Unicode.
    latex : str
        The same for figures, without dollar signs.
    shapes : tuple of Shape
        The shape parameters θ, in the order in which `log_basis` takes them.
    log_basis : callable
        ``g(t, *θ)``. `t` has shape (n,); each θ broadcasts against it, as (m, 1) does.
    gradient : callable
        ``(∂g/∂θ_1, …)`` at the same arguments.
    exponent : str
        The parameter that studies of the law report.
    source : str
        Where the law comes from.
    limits : tuple of Limit
        Optima that may lie at infinity.
    t_above : float
        The law is defined for t > `t_above`.
    """

    name: str
    formula: str
    latex: str
    shapes: tuple[Shape, ...]
    log_basis: Callable[..., Array]
    gradient: Callable[..., tuple[Array, ...]]
    exponent: str
    source: str
    limits: tuple[Limit, ...] = ()
    t_above: float = 0.0

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of all parameters in the order of the formula: ``("a", …shapes, "L_inf")``."""
        return ("a", *(shape.name for shape in self.shapes), "L_inf")

    def __call__(self, t: Array, parameters: Mapping[str, float]) -> Array:
        """Return L(t) for one set of `parameters`, keyed by name."""
        shapes = [parameters[shape.name] for shape in self.shapes]
        with np.errstate(over="ignore", under="ignore"):
            return parameters["a"] * np.exp(self.log_basis(t, *shapes)) + parameters["L_inf"]
