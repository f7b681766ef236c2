"""What a law is: shapes that enter nonlinearly, amplitudes and an offset that enter linearly.

Every law here reads L(t) = Σ_j a_j·exp(g_j(t; θ)) + L∞. The log-bases g_j are what a law's module writes down; the
fitter does the rest. Working with g instead of exp(g) keeps precision where exp(g) is nearly constant (1 − exp(g) is
computed as −expm1(g)) and where it over- or underflows (only differences of g matter to the fit).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from losslaws.core.arrays import Array

Preset = Literal["paper", "wide"]
Bounds = tuple[float, float]
BoundsOnGrid = Bounds | Callable[[Array], Bounds]
Terms = Array | tuple[Array, ...]


@dataclass(frozen=True)
class Shape:
    """A parameter that enters a law nonlinearly.

    Attributes
    ----------
    name : str
        As in tables: ``"beta"``.
    bounds : mapping of preset to (lower, upper), or to a function of t that returns them
        Closed bounds of the search; without presets, those of both.
    points : int
        Number of values on the search grid.
    finest : callable
        ``finest(t)`` is the smallest distance from the origin that the search tells apart from 0.
    origin : callable
        ``origin(t)`` is the value from which distances are measured: grids are geometric and the polish works in the
        logarithm of the distance, unless the bounds reach beyond the origin.
    """

    name: str
    bounds: Mapping[Preset, BoundsOnGrid] | BoundsOnGrid
    points: int = 40
    finest: Callable[[Array], float] = lambda t: 1e-4
    origin: Callable[[Array], float] = lambda t: 0.0

    def bounds_on(self, preset: Preset, t: Array) -> Bounds:
        """Return the bounds of a preset for curves on the grid `t`."""
        bounds = self.bounds[preset] if isinstance(self.bounds, Mapping) else self.bounds
        return bounds(t) if callable(bounds) else bounds


@dataclass(frozen=True)
class Limit:
    """Where a law tends to as one shape goes to a bound at which a·exp(g) + L∞ degenerates.

    Exactly one of `basis` and `law` is given.

    Attributes
    ----------
    shape : str
        Which shape parameter tends to the bound.
    value : float
        The value it tends to.
    text : str
        For reports: ``"β → 0: L = c − b·ln t"``.
    basis : callable or None
        The law tends to c0 − c1·``basis(t)``, an increasing function of t, with c1 ≥ 0 while a and −L∞ grow without
        bound.
    law : Law or None
        The law tends to another law.
    """

    shape: str
    value: float
    text: str
    basis: Callable[[Array], Array] | None = None
    law: "Law | None" = None


@dataclass(frozen=True, repr=False)
class Law:
    """L(t) = Σ_j a_j·exp(g_j(t; θ)) + L∞.

    Attributes
    ----------
    name : str
        The module's name.
    formula : str
        Mathematics for people, in Unicode.
    shapes : tuple of Shape
        The shape parameters θ, in the order in which `log_basis` takes them.
    log_basis : callable
        ``g(t, *θ)``, or a tuple of g_j if there are several amplitudes. `t` has shape (n,); each θ broadcasts against
        it, as (m, 1) does.
    exponent : str
        The parameter that studies of the law report.
    gradient : callable or None
        ``(∂g/∂θ_1, …)`` at the same arguments, each entry as `log_basis` returns g. None for numerical derivatives.
    amplitudes : tuple of str
        Names of the a_j.
    offset : bool
        Whether the law has an L∞.
    latex : str
        The formula for figures, without dollar signs; empty to use `formula`.
    source : str
        Where the law comes from.
    limits : tuple of Limit
        Optima that may lie at infinity.
    nests : mapping of str to mapping of str to float
        Laws that this one contains, and the values of its parameters at which it does:
        ``{"exponential": {"gamma": 1}}``.
    t_above : float
        The law is defined for t > `t_above`; −∞ if it is everywhere.
    grid : callable or None
        ``grid(t)`` returns search points of shape (G_1, …, G_p, p) where a grid in the shapes themselves would miss
        the optimum; they are clipped to the bounds.
    follow : callable or None
        ``follow(t, at, step)`` returns where the polish should try a step from coordinates `at`, both of shape (m, p),
        where the best shapes of one value after the other lie on a curve; None for ``at + step``. Only if all shapes
        are searched in the logarithm.
    ordered : tuple of str
        The shapes that tell the terms of a sum apart, largest first; empty where there is one term.
    """

    name: str
    formula: str
    shapes: tuple[Shape, ...]
    log_basis: Callable[..., Terms]
    exponent: str
    gradient: Callable[..., tuple[Terms, ...]] | None = None
    amplitudes: tuple[str, ...] = ("a",)
    offset: bool = True
    latex: str = ""
    source: str = "user"
    limits: tuple[Limit, ...] = ()
    nests: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    t_above: float = 0.0
    grid: Callable[[Array], Array] | None = None
    follow: Callable[[Array, Array, Array], Array] | None = None
    ordered: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Name the law and its formula."""
        return f"<Law {self.name}: {self.formula}>"

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of all parameters: the amplitudes, the shapes, then ``"L_inf"`` where there is one."""
        return (*self.amplitudes, *(shape.name for shape in self.shapes), *(("L_inf",) if self.offset else ()))

    def __call__(self, t: Array, parameters: Mapping[str, float]) -> Array:
        """Return L(t) for one set of `parameters`, keyed by name."""
        shapes = [parameters[shape.name] for shape in self.shapes]
        with np.errstate(over="ignore", under="ignore"):
            terms = as_terms(self.log_basis(t, *shapes))
            loss = sum(parameters[name] * np.exp(g) for name, g in zip(self.amplitudes, terms, strict=True))
        return np.asarray(loss + parameters.get("L_inf", 0.0))


def as_terms(terms: Terms) -> tuple[Array, ...]:
    """Return the log-bases of a law as a tuple, also where there is one."""
    return terms if isinstance(terms, tuple) else (terms,)


def numerical_gradient(law: Law) -> Callable[..., tuple[Terms, ...]]:
    """Return central differences of a law's log-basis, for laws that come without a gradient.

    The step is a relative 6e-6, the cube root of the rounding error; where θ is 0 it is absolute.
    """

    def gradient(t: Array, *shapes: Array) -> tuple[Terms, ...]:
        result: list[Terms] = []
        for index, shape in enumerate(shapes):
            step = 6e-6 * np.where(shape == 0, 1.0, np.abs(shape))
            above, below = (
                as_terms(law.log_basis(t, *shapes[:index], shape + move, *shapes[index + 1 :]))
                for move in (step, -step)
            )
            result.append(tuple((up - down) / (2 * step) for up, down in zip(above, below, strict=True)))
        return tuple(result)

    return gradient
