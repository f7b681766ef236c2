"""Residuals that are not linear in a and L∞: the logarithm of the loss, and Huber's loss.

All parameters are polished together. What differs between the two is how amplitudes and level become coordinates: see
:class:`Plain` and :class:`Positive`.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from losslaws.core.arrays import Array, Index
from losslaws.fitting.model import Setting, finite
from losslaws.fitting.projection import Projected, dot
from losslaws.fitting.robust import huber
from losslaws.fitting.whitening import rho_slope

SMALLEST = 1e-12
"""The least amplitude that a start in logarithmic coordinates may have, relative to the curve's spread."""

VANISHED = 1e-9
"""An amplitude that has ended below this, relative to the curve's spread, is 0."""


class Amplitudes(Protocol):
    """Coordinates u of coefficients and level, relative to a curve's spread; `last` are the columns' last values."""

    def bounds(self, count: int) -> list[list[float]]:
        """Return bounds for `count` coordinates."""
        ...

    def to_coordinates(self, coefficients: Array, level: Array | None, last: Array) -> Array:
        """Return u, (m, J) or (m, J + 1), for coefficients (m, J), a level (m,) if it is free, and last (m, J)."""
        ...

    def from_coordinates(self, u: Array, last: Array) -> tuple[Array, Array | None]:
        """Return coefficients and level."""
        ...

    def slopes(self, u: Array, last: Array, columns: list[Array]) -> list[Array]:
        """Return the derivatives of the curve with respect to u, (m, n) each."""
        ...

    def shape_slope(self, slope: Array, column: Array) -> Array:
        """Return how a column moves with a shape at given u, from how it moves at a given coefficient."""
        ...


class Plain:
    """Coefficients and level themselves."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    def bounds(self, count: int) -> list[list[float]]:
        """See :class:`Amplitudes`."""
        return [[self.low, self.high]] * count

    def to_coordinates(self, coefficients: Array, level: Array | None, last: Array) -> Array:
        """See :class:`Amplitudes`."""
        del last
        return coefficients if level is None else np.column_stack([coefficients, level])

    def from_coordinates(self, u: Array, last: Array) -> tuple[Array, Array | None]:
        """See :class:`Amplitudes`."""
        terms = last.shape[1]
        return u[:, :terms], u[:, terms] if u.shape[1] > terms else None

    def slopes(self, u: Array, last: Array, columns: list[Array]) -> list[Array]:
        """See :class:`Amplitudes`."""
        return [*columns, *([np.ones_like(columns[0])] if u.shape[1] > last.shape[1] else [])]

    def shape_slope(self, slope: Array, column: Array) -> Array:
        """See :class:`Amplitudes`."""
        del column
        return np.asarray(slope)


class Positive:
    """ln of the drops D_j between the first and the last point, and of the last fitted value.

    A falling law is positive where its last value is, so these coordinates need no barrier; and the logarithm of the
    curve is nearly linear in them. With w_j = 1 − column/last the curve is f = f_n + Σ D_j w_j. Where the offset is not
    free, they are ln of the coefficients.
    """

    def bounds(self, count: int) -> list[list[float]]:
        """See :class:`Amplitudes`."""
        return [[-600.0, 600.0]] * count

    def to_coordinates(self, coefficients: Array, level: Array | None, last: Array) -> Array:
        """See :class:`Amplitudes`."""
        if level is None:
            return np.asarray(np.log(np.maximum(coefficients, SMALLEST)))
        drops = np.maximum(-coefficients * last, SMALLEST)
        final = np.maximum(level + (coefficients * last).sum(axis=1), SMALLEST)
        return np.asarray(np.log(np.column_stack([drops, final])))

    def from_coordinates(self, u: Array, last: Array) -> tuple[Array, Array | None]:
        """See :class:`Amplitudes`."""
        positive = np.exp(u)
        terms = last.shape[1]
        if u.shape[1] == terms:
            return positive, None
        return -positive[:, :terms] / last, positive.sum(axis=1)

    def slopes(self, u: Array, last: Array, columns: list[Array]) -> list[Array]:
        """See :class:`Amplitudes`."""
        positive = np.exp(u)
        if u.shape[1] == last.shape[1]:
            return [positive[:, term, None] * column for term, column in enumerate(columns)]
        drops = [positive[:, term, None] * (1.0 - column / last[:, term, None]) for term, column in enumerate(columns)]
        return [*drops, np.broadcast_to(positive[:, -1:], columns[0].shape)]

    def shape_slope(self, slope: Array, column: Array) -> Array:
        """See :class:`Amplitudes`."""
        return np.asarray(slope - column * (slope[:, -1:] / column[:, -1:]))


@dataclass(frozen=True)
class Joint:
    """Curves of one setting as problems in all free parameters, and ρ under AR(1) errors.

    Attributes
    ----------
    setting : Setting
        The law, the grid, the options.
    losses : ndarray of shape (N, n)
        The curves; positive if the space is logarithmic.
    """

    setting: Setting
    losses: Array

    @property
    def n(self) -> int:
        """Number of points."""
        return int(self.losses.shape[1])

    @cached_property
    def linear(self) -> Projected:
        """The same curves with squared residuals of the loss, which shares weights and whitening."""
        return Projected(self.setting, self.losses)

    @cached_property
    def spread(self) -> Array:
        """The scale of the linear coordinates, shape (N,)."""
        return np.asarray(np.ptp(self.losses, axis=1))

    @cached_property
    def logarithmic(self) -> bool:
        """Whether the residuals are those of the logarithm."""
        return self.setting.options.space == "log"

    @cached_property
    def amplitudes(self) -> Amplitudes:
        """The coordinates of amplitudes and level."""
        if self.logarithmic:
            return Positive()
        sign = self.setting.options.sign
        return Plain(0.0 if sign == "falling" else -np.inf, 0.0 if sign == "rising" else np.inf)

    @cached_property
    def linear_coordinates(self) -> int:
        """Number of coordinates of amplitudes and level."""
        return len(self.setting.law.amplitudes) + int(self.setting.offset == "free")

    @property
    def own_bounds(self) -> list[list[float]]:
        """Bounds of the coordinates, those of ρ apart."""
        terms = len(self.setting.law.amplitudes)
        bounds = self.amplitudes.bounds(self.linear_coordinates)
        if not self.logarithmic:
            bounds[terms:] = [[-np.inf, np.inf]] * (self.linear_coordinates - terms)
        return [*bounds, *self.setting.coordinate_bounds.tolist()]

    def starting(self, rows: Index, shapes: Array) -> Array:
        """Return coordinates at given shapes, the linear parameters from least squares (of relative errors)."""
        problem = self.linear
        if self.logarithmic:
            weights = 1.0 / np.square(self.losses)
            if self.setting.options.weights is not None:
                weights = weights * self.setting.options.weights
            problem = Projected(self.setting, self.losses, weights)
        solution = problem.solve(rows, shapes)
        scale = self.spread[rows]
        level = solution.level
        if self.logarithmic:
            lowest = (self.losses[rows] - solution.raw)[:, -1]
            floor = 0.1 * self.losses[rows].min(axis=1)
            level = level + np.where(lowest < floor, floor - lowest, 0.0)
        last = self._last(self.setting.columns(shapes).values)
        free = self.setting.offset == "free"
        u = self.amplitudes.to_coordinates(
            solution.coefficients / scale[:, None], level / scale if free else None, last
        )
        return np.hstack([u, self.setting.coordinates(shapes)])

    @staticmethod
    def _last(values: tuple[Array, ...] | list[Array]) -> Array:
        return np.stack([column[:, -1] for column in values], axis=1)

    def unpack(self, rows: Index, coordinates: Array) -> tuple[Array, Array, Array]:
        """Return shapes (m, p), coefficients (m, J) and level (m,)."""
        shapes = self.setting.shapes(coordinates[:, self.linear_coordinates :])
        coefficients, level = self._linear(rows, coordinates, self._last(self.setting.columns(shapes).values))
        if self.logarithmic:
            terms = coefficients.shape[1]
            coefficients = np.where(coordinates[:, :terms] > np.log(VANISHED), coefficients, 0.0)
        return shapes, coefficients, level

    def _linear(self, rows: Index, coordinates: Array, last: Array) -> tuple[Array, Array]:
        u = coordinates[:, : self.linear_coordinates]
        coefficients, level = self.amplitudes.from_coordinates(u, last)
        scale = self.spread[rows]
        fixed = np.full(len(rows), self.setting.fixed_offset)
        return coefficients * scale[:, None], fixed if level is None else level * scale

    def evaluate(self, rows: Index, coordinates: Array) -> tuple[Array, tuple[Array, ...]]:
        """See :class:`losslaws.fitting.levenberg_marquardt.Residuals`."""
        inner, z = self.setting.split_correlation(coordinates)
        columns = self.setting.columns(self.setting.shapes(inner[:, self.linear_coordinates :]))
        with np.errstate(all="ignore"):
            coefficients, level = self._linear(rows, inner, self._last(columns.values))
            fitted = level[:, None] + sum(
                coefficients[:, term, None] * column for term, column in enumerate(columns.values)
            )
            usable = columns.usable & np.isfinite(fitted).all(axis=1)
            if self.logarithmic:
                usable &= (fitted > 0).all(axis=1)
            fitted = np.where(usable[:, None], fitted, 1.0)
            residuals = self.residuals(rows, fitted, None if z is None else np.tanh(z))
            cost = np.where(usable, self.cost(residuals), np.inf)
        return cost, (fitted, residuals, coefficients, *columns.values, *columns.decays)

    def residuals(self, rows: Index, fitted: Array, rho: Array | None) -> Array:
        """Return weighted and whitened residuals of the loss or its logarithm, shape (m, n)."""
        return self.linear.weighted(self._raw(rows, fitted), rows, rho)

    def _raw(self, rows: Index, fitted: Array) -> Array:
        losses = self.losses[rows]
        if not self.logarithmic:
            return np.asarray(losses - fitted)
        with np.errstate(all="ignore"):
            return np.asarray(np.log(losses / fitted))

    def cost(self, residuals: Array) -> Array:
        """Return the residual sum of squares, or twice the sum of Huber's loss (Huber 1964), shape (m,)."""
        delta = self.setting.options.huber
        if delta is None:
            return dot(residuals, residuals)
        return np.asarray(2 * huber(residuals, delta).sum(axis=1))

    def follow(self, at: Array, step: Array) -> Array:
        """See :class:`losslaws.fitting.levenberg_marquardt.Residuals`."""
        shapes = slice(self.linear_coordinates, self.linear_coordinates + len(self.setting.law.shapes))
        trial = at + step
        trial[:, shapes] = self.setting.follow(at[:, shapes], step[:, shapes])
        return trial

    def linearise(self, rows: Index, coordinates: Array, kept: tuple[Array, ...]) -> tuple[Array, Array]:
        """See :class:`losslaws.fitting.levenberg_marquardt.Residuals`; Huber's loss by reweighting."""
        fitted, residuals, coefficients, *others = kept
        inner, z = self.setting.split_correlation(coordinates)
        rho = None if z is None else np.tanh(z)
        gain = 1.0 / fitted if self.logarithmic else 1.0
        columns = self._model_columns(rows, inner, coefficients, others)
        weighted = [self.linear.weighted(column * gain, rows, rho) for column in columns]
        if z is not None:
            raw = self.linear.weighted(self._raw(rows, fitted), rows, None)
            weighted.append(rho_slope(raw, residuals, z, self.linear.spacing))
        stacked = np.stack(weighted, axis=1)
        if self.setting.options.huber is not None:
            weight = np.sqrt(np.minimum(1.0, self.setting.options.huber / np.maximum(np.abs(residuals), 1e-300)))
            residuals, stacked = residuals * weight, stacked * weight[:, None]
        return residuals, finite(stacked)

    def _model_columns(self, rows: Index, inner: Array, coefficients: Array, kept: list[Array]) -> list[Array]:
        """Return the derivatives of the fitted curves with respect to each coordinate, (m, n) each."""
        terms = len(self.setting.law.amplitudes)
        values, decays = kept[:terms], tuple(kept[terms:])
        u = inner[:, : self.linear_coordinates]
        scale = self.spread[rows, None]
        with np.errstate(all="ignore"):
            columns = [slope * scale for slope in self.amplitudes.slopes(u, self._last(values), values)]
            slopes = self.setting.slopes(self.setting.shapes(inner[:, self.linear_coordinates :]), decays)
            for index in range(len(self.setting.law.shapes)):
                moved = [self._shape_slope(slope[index], value) for slope, value in zip(slopes, values, strict=True)]
                columns.append(np.asarray(sum(coefficients[:, term, None] * slope for term, slope in enumerate(moved))))
        return columns

    def _shape_slope(self, slope: Array, column: Array) -> Array:
        return self.amplitudes.shape_slope(slope, column) if self.setting.offset == "free" else slope
