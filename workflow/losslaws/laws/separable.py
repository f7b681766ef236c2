"""Separable laws: columns that enter linearly, made by parameters that enter nonlinearly, of anything.

What a law is a function of, x, is any record: compute, sizes and amounts of data, or the history of a learning-rate
schedule.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Generic, Literal, TypeVar

import numpy as np

from losslaws.core.arrays import Array

X = TypeVar("X")


@dataclass(frozen=True)
class Observations(Generic[X]):
    """One run's share of what a law is fitted to.

    Attributes
    ----------
    name : str
        The run.
    x : record
        What the law is a function of, at n records.
    y : ndarray of shape (n,)
        What was measured there, above 0: the loss, as a rule.
    """

    name: str
    x: X
    y: Array


@dataclass(frozen=True)
class ShapeParameter:
    """A parameter that enters nonlinearly.

    Attributes
    ----------
    name : str
        As in the source.
    bounds : (float, float)
        Closed.
    scale : {"log", "complement", "linear"}
        What is searched: ln(value), for a value above 0; ln(1 − value), for a factor close to 1; or the value itself.
    """

    name: str
    bounds: tuple[float, float]
    scale: Literal["log", "complement", "linear"] = "log"

    def coordinate(self, value: float) -> float:
        """Return where the search is for a value."""
        if self.scale == "linear":
            return value
        return float(np.log(1.0 - value if self.scale == "complement" else value))

    def value(self, coordinate: float) -> float:
        """Return the value at a coordinate."""
        if self.scale == "linear":
            return float(coordinate)
        return float(1.0 - np.exp(coordinate) if self.scale == "complement" else np.exp(coordinate))

    def slope(self, value: float) -> float:
        """Return the derivative of the value by the coordinate."""
        return {"log": value, "complement": value - 1.0, "linear": 1.0}[self.scale]

    @property
    def coordinate_bounds(self) -> tuple[float, float]:
        """The bounds of the coordinate."""
        low, high = sorted(map(self.coordinate, self.bounds))
        return low, high


@dataclass(frozen=True)
class SeparableLaw(Generic[X]):
    """L(x) = Σ_i amplitude_i · column_i(x; θ), with amplitudes ≥ 0.

    Attributes
    ----------
    name, formula, source : str
        What it is called, reads and comes from.
    amplitudes : tuple of str
        Names of what enters linearly.
    shapes : tuple of ShapeParameter
        The nonlinear parameters θ.
    columns : callable
        ``columns(x, θ)`` returns shape (…, q, n): a column per amplitude and record.
    derivatives : callable
        ``derivatives(x, θ)`` returns shape (q, p, n): the columns' derivatives by each nonlinear parameter.
    starts : callable
        ``starts(xs)`` returns values to try of each nonlinear parameter, for the x of the runs to fit.
    """

    name: str
    formula: str
    source: str
    amplitudes: tuple[str, ...]
    shapes: tuple[ShapeParameter, ...]
    columns: Callable[[X, Array], Array]
    derivatives: Callable[[X, Array], Array]
    starts: Callable[[Sequence[X]], tuple[tuple[float, ...], ...]]

    def __call__(self, x: X, parameters: Mapping[str, float]) -> Array:
        """Return L at the records of x, shape (…, n), for `parameters` by name."""
        shapes = np.array([parameters[shape.name] for shape in self.shapes])
        amplitudes = np.array([parameters[name] for name in self.amplitudes])
        return np.asarray(np.einsum("q,...qn->...n", amplitudes, self.columns(x, shapes)))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of all parameters: amplitudes, then nonlinear ones."""
        return (*self.amplitudes, *(shape.name for shape in self.shapes))

    @property
    def coordinate_bounds(self) -> Array:
        """Bounds of the coordinates of the nonlinear parameters, shape (p, 2)."""
        return np.array([shape.coordinate_bounds for shape in self.shapes])

    def shapes_at(self, coordinates: Array) -> Array:
        """Return the nonlinear parameters at coordinates, shape (p,)."""
        return np.array([shape.value(at) for shape, at in zip(self.shapes, coordinates, strict=True)])

    def start_coordinates(self, xs: Sequence[X]) -> Array:
        """Return all combinations of values to start from, as coordinates within the bounds, shape (starts, p)."""
        values = [
            [shape.coordinate(value) for value in tried]
            for shape, tried in zip(self.shapes, self.starts(xs), strict=True)
        ]
        low, high = self.coordinate_bounds.T
        return np.asarray(np.clip(np.array(list(product(*values))), low, high))
