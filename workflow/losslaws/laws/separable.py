"""What a law of schedules is: columns that enter linearly, and the shape parameters that make them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from losslaws.core.arrays import Array
from losslaws.laws.schedule.history import History

Columns = Callable[[History, Array], Array]


@dataclass(frozen=True)
class Shape:
    """A parameter that enters nonlinearly, above 0.

    Attributes
    ----------
    name : str
        As in the source.
    bounds : (float, float)
        Closed.
    complement : bool
        Whether what is searched is ln(1 − value) and not ln(value): for a factor close to 1.
    """

    name: str
    bounds: tuple[float, float]
    complement: bool = False

    def coordinate(self, value: float) -> float:
        """Return where the search is for a value."""
        return float(np.log(1.0 - value if self.complement else value))

    def value(self, coordinate: float) -> float:
        """Return the value at a coordinate."""
        return float(1.0 - np.exp(coordinate) if self.complement else np.exp(coordinate))

    def slope(self, value: float) -> float:
        """Return the derivative of the value by the coordinate."""
        return value - 1.0 if self.complement else value

    @property
    def coordinate_bounds(self) -> tuple[float, float]:
        """The bounds of the coordinate."""
        low, high = sorted(map(self.coordinate, self.bounds))
        return low, high


@dataclass(frozen=True)
class ScheduleLaw:
    """L = Σ_i amplitude_i · column_i(schedule; shapes), with amplitudes ≥ 0.

    Attributes
    ----------
    name, formula, source : str
        What it is called, reads and comes from.
    amplitudes : tuple of str
        Names of what enters linearly, the first that of the constant column.
    shapes : tuple of Shape
        Names and bounds of what does not.
    columns : callable
        ``columns(history, shapes)`` returns shape (…, q, n): a column per amplitude and record.
    derivatives : callable
        ``derivatives(history, shapes)`` returns shape (q, p, n): the columns' derivatives by each shape.
    starts : callable
        ``starts(peak)`` returns values to try of each shape, for a highest learning rate.
    follows_schedule : bool
        Whether the loss depends on more than the number of steps.
    """

    name: str
    formula: str
    source: str
    amplitudes: tuple[str, ...]
    shapes: tuple[Shape, ...]
    columns: Columns
    derivatives: Columns
    starts: Callable[[float], tuple[tuple[float, ...], ...]]
    follows_schedule: bool = True

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of all parameters: amplitudes, then shapes."""
        return (*self.amplitudes, *(shape.name for shape in self.shapes))

    @property
    def coordinate_bounds(self) -> Array:
        """Bounds of the coordinates of the shapes, shape (p, 2)."""
        return np.array([shape.coordinate_bounds for shape in self.shapes])

    def shapes_at(self, coordinates: Array) -> Array:
        """Return the shapes at coordinates, shape (p,)."""
        return np.array([shape.value(at) for shape, at in zip(self.shapes, coordinates, strict=True)])

    def start_coordinates(self, peak: float) -> Array:
        """Return all combinations of values to start from, as coordinates within the bounds, shape (starts, p)."""
        values = [
            [shape.coordinate(value) for value in tried]
            for shape, tried in zip(self.shapes, self.starts(peak), strict=True)
        ]
        low, high = self.coordinate_bounds.T
        return np.asarray(np.clip(np.array(list(product(*values))), low, high))

    def loss(self, past: History, parameters: Mapping[str, float]) -> Array:
        """Return the loss at the records of a history, shape (…, n)."""
        shapes = np.array([parameters[shape.name] for shape in self.shapes])
        amplitudes = np.array([parameters[name] for name in self.amplitudes])
        return np.asarray(np.einsum("q,...qn->...n", amplitudes, self.columns(past, shapes)))
