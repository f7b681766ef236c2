"""A law on a time grid under given options: bounds, coordinates, columns."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from losslaws.core.arrays import Array, Mask
from losslaws.fitting.options import FitOptions
from losslaws.laws.law import Law, Shape, as_terms, numerical_gradient

MAX_LOG_AMPLITUDE = 690.0
"""a = c·exp(−g(t₁)) must be a float64; shapes that would make it overflow are outside the search."""

NEXT_TO_ORIGIN = 1e-5
"""A bound on the origin, where laws degenerate, is replaced by this times the finest value that the data can tell."""


MAX_Z = float(np.arctanh(0.9999))
"""Bound on artanh ρ: beyond it the errors of any curve here are a random walk."""


@dataclass(frozen=True)
class Columns:
    """The columns that enter linearly, for m sets of shapes.

    Attributes
    ----------
    values : tuple of ndarray of shape (m, n)
        One per amplitude: expm1(h), with h = g − g(t₁), where a free offset makes that equivalent to exp(g); exp(h)
        without one; exp(g) + factor where the offset is tied to the amplitude.
    decays : tuple of ndarray of shape (m, n)
        exp(h) or exp(g), which the columns' derivatives are multiples of.
    log_scale : tuple of ndarray of shape (m,)
        The amplitude a is the column's coefficient times exp(−log_scale).
    usable : ndarray of bool, shape (m,)
        Whether the law can be evaluated and its amplitude represented.
    """

    values: tuple[Array, ...]
    decays: tuple[Array, ...]
    log_scale: tuple[Array, ...]
    usable: Mask


@dataclass(frozen=True)
class Setting:
    """A law, a grid of t of shape (n,), and options.

    Attributes
    ----------
    law : Law
        The law.
    t : ndarray of shape (n,)
        The grid.
    options : FitOptions
        The options.
    """

    law: Law
    t: Array
    options: FitOptions

    @cached_property
    def offset(self) -> str:
        """How L∞ enters: ``"free"``, ``"tied"``, ``"fixed"`` or ``"none"``."""
        if not self.law.offset:
            return "none"
        if "L_inf" in self.options.tied:
            return "tied"
        return "fixed" if "L_inf" in self.options.fixed else "free"

    @cached_property
    def fixed_offset(self) -> float:
        """The value of L∞ where it is fixed, else 0."""
        return self.options.fixed["L_inf"] if self.offset == "fixed" else 0.0

    def split_correlation(self, coordinates: Array) -> tuple[Array, Array | None]:
        """Return the coordinates without the last, z = artanh ρ, and that one; None if errors are independent."""
        if self.options.errors == "independent":
            return coordinates, None
        return coordinates[:, :-1], coordinates[:, -1]

    @cached_property
    def correlation_bounds(self) -> list[list[float]]:
        """Bounds of z = artanh ρ under AR(1) errors, as a list that is empty otherwise."""
        return [] if self.options.errors == "independent" else [[-MAX_Z, MAX_Z]]

    @cached_property
    def bounds(self) -> Array:
        """Closed bounds of the shapes, shape (p, 2)."""
        return np.array([self._bounds(shape) for shape in self.law.shapes]).reshape(-1, 2)

    def _bounds(self, shape: Shape) -> tuple[float, float]:
        if shape.name in self.options.fixed:
            return self.options.fixed[shape.name], self.options.fixed[shape.name]
        return self.options.bounds.get(shape.name) or shape.bounds_on(self.options.preset, self.t)

    @cached_property
    def origin(self) -> Array:
        """Origins of the shapes, shape (p,)."""
        return np.array([shape.origin(self.t) for shape in self.law.shapes])

    @cached_property
    def logarithmic(self) -> Mask:
        """Which shapes are searched in the logarithm of their distance from the origin, shape (p,)."""
        return np.asarray(self.bounds[:, 0] >= self.origin)

    @cached_property
    def search_bounds(self) -> Array:
        """Bounds of the search, shape (p, 2): as `bounds`, but next to an origin instead of on it."""
        bounds = self.bounds.copy()
        for index, shape in enumerate(self.law.shapes):
            if bounds[index, 0] == self.origin[index] and shape.name not in self.options.fixed:
                bounds[index, 0] += NEXT_TO_ORIGIN * shape.finest(self.t)
        return bounds

    @cached_property
    def coordinate_bounds(self) -> Array:
        """The bounds of the search in coordinates, shape (p, 2)."""
        return np.stack([self.coordinates(edge) for edge in self.search_bounds.T], axis=1)

    def coordinates(self, shapes: Array) -> Array:
        """Return ln(θ − origin), or θ itself where the search is not logarithmic; `shapes` is (…, p)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.logarithmic, np.log(shapes - self.origin), shapes)

    def shapes(self, coordinates: Array) -> Array:
        """Return the shapes at `coordinates`, exactly on a bound where those are."""
        with np.errstate(over="ignore"):
            shapes = np.where(self.logarithmic, self.origin + np.exp(coordinates), coordinates)
        low, high = self.coordinate_bounds.T
        shapes = np.where(coordinates <= low, self.search_bounds[:, 0], shapes)
        return np.where(coordinates >= high, self.search_bounds[:, 1], shapes)

    def follow(self, at: Array, step: Array) -> Array:
        """Return where a step from coordinates `at` of the shapes leads, both of shape (m, p)."""
        if self.law.follow is None or not self.logarithmic.all():
            return at + step
        return self.law.follow(self.t, at, step)

    def columns(self, shapes: Array) -> Columns:
        """Return the linear columns for `shapes` of shape (m, p)."""
        values, decays, scales = [], [], []
        usable = np.ones(len(shapes), dtype=bool)
        with np.errstate(all="ignore"):
            for g in as_terms(self.law.log_basis(self.t, *shapes.T[:, :, None])):
                g = np.broadcast_to(g, (len(shapes), self.t.size))
                scale = np.zeros(len(shapes)) if self.offset == "tied" else g[:, 0]
                h = g - scale[:, None]
                rise = np.expm1(h)
                decays.append(rise + 1.0)
                if self.offset == "free":
                    values.append(rise)
                else:
                    values.append(decays[-1] if self.offset != "tied" else rise + (1.0 + self._tie()))
                scales.append(scale)
                usable &= (-scale < MAX_LOG_AMPLITUDE) & np.isfinite(decays[-1]).all(axis=1)
        return Columns(tuple(values), tuple(decays), tuple(scales), usable)

    def _tie(self) -> float:
        """Return the factor f of L∞ = a/f⁻¹: the column is exp(g) + f."""
        return self.options.tied["L_inf"]

    def shape_slopes(self, shapes: Array) -> list[tuple[Array, ...]]:
        """Return ``[shape][term]``, the derivatives ∂g/∂θ of the log-bases for shapes (m, p), each (m, n)."""
        gradient = self.law.gradient or numerical_gradient(self.law)
        with np.errstate(all="ignore"):
            entries = [as_terms(entry) for entry in gradient(self.t, *shapes.T[:, :, None])]
        size = (len(shapes), self.t.size)
        return [tuple(np.broadcast_to(slope, size) for slope in entry) for entry in entries]

    def slopes(self, shapes: Array, decays: tuple[Array, ...]) -> list[list[Array]]:
        """Return the derivatives of each column with respect to each coordinate, ``[term][shape]`` of shape (m, n)."""
        gradient = self.law.gradient or numerical_gradient(self.law)
        stretch = np.where(self.logarithmic, shapes - self.origin, 1.0)
        result: list[list[Array]] = [[] for _ in decays]
        with np.errstate(all="ignore"):
            for index, entry in enumerate(gradient(self.t, *shapes.T[:, :, None])):
                for term, slope in enumerate(as_terms(entry)):
                    moved = slope if self.offset == "tied" else slope - slope[..., :1]
                    result[term].append(finite(decays[term] * (moved * stretch[:, index, None])))
        return result


def finite(values: Array) -> Array:
    """Return `values` with 0 in place of what is not finite."""
    return values if np.isfinite(values).all() else np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
