"""Squared residuals with the amplitudes and the offset projected out (variable projection).

For given shapes, a and L∞ follow from linear least squares (Golub and Pereyra 1973), so what is left to search are the
shapes, and ρ under AR(1) errors. Derivatives are Kaufman's (1975): the columns' derivatives made orthogonal to the
columns.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from losslaws.core.arrays import Array, Index
from losslaws.fitting.model import Setting, finite
from losslaws.fitting.whitening import gaps, rho_slope, whiten


def dot(left: Array, right: Array) -> Array:
    """Return the row-wise inner products of two arrays that broadcast to (m, n)."""
    return np.asarray(np.einsum("...n,...n->...", left, right))


def unit(values: Array) -> Array:
    """Return `values`, shape (m, n), with rows of unit length; rows of zeros stay."""
    length = np.sqrt(dot(values, values))
    return np.asarray(values / np.where(length > 0, length, 1.0)[:, None])


@dataclass(frozen=True)
class Solution:
    """Linear least-squares solutions for m sets of shapes.

    Attributes
    ----------
    coefficients : ndarray of shape (m, J)
        Of the columns of :class:`~losslaws.fitting.model.Columns`, within the allowed sign.
    level : ndarray of shape (m,)
        What is added to the columns: L∞, plus the coefficients where the offset is free.
    raw : ndarray of shape (m, n)
        Loss minus law.
    residuals : ndarray of shape (m, n)
        The same, weighted and whitened.
    basis : tuple of ndarray of shape (m, n)
        Orthonormal vectors spanning the columns that are in use, apart from the offset; zero rows otherwise.
    decays : tuple of ndarray of shape (m, n)
        As in Columns.
    cost : ndarray of shape (m,)
        Sum of squares of the residuals; infinite where the law cannot be evaluated.
    """

    coefficients: Array
    level: Array
    raw: Array
    residuals: Array
    basis: tuple[Array, ...]
    decays: tuple[Array, ...]
    cost: Array


@dataclass(frozen=True)
class Projected:
    """Curves of one setting as problems in the shapes, and ρ under AR(1) errors.

    Attributes
    ----------
    setting : Setting
        The law, the grid, the options.
    losses : ndarray of shape (N, n)
        The curves.
    own_weights : ndarray of shape (N, n) or None
        Weights of each curve's points, instead of those of the options.
    """

    setting: Setting
    losses: Array
    own_weights: Array | None = None

    @property
    def n(self) -> int:
        """Number of points."""
        return int(self.losses.shape[1])

    @cached_property
    def spacing(self) -> Array:
        """The grid's spacings, see :func:`losslaws.fitting.whitening.gaps`."""
        return gaps(self.setting.t)

    @property
    def own_bounds(self) -> list[list[float]]:
        """Bounds of the coordinates, those of ρ apart."""
        return list(self.setting.coordinate_bounds.tolist())

    def weighted(self, values: Array, rows: Index, rho: Array | None) -> Array:
        """Weight and whiten `values`, of shape (m, n) or (1, n), as the errors of curves `rows` require."""
        if self.own_weights is not None:
            values = values * np.sqrt(self.own_weights[rows])
        elif self.setting.options.weights is not None:
            values = values * np.sqrt(self.setting.options.weights)
        return values if rho is None else whiten(values, rho, self.spacing)

    def constant(self, rows: Index, rho: Array | None) -> Array:
        """Return the weighted constant column with unit length, shape (m, n) or (1, n); zero without a free offset."""
        return unit(self._ones(rows, rho))

    def _ones(self, rows: Index, rho: Array | None) -> Array:
        """Return the weighted constant column, or zeros without a free offset."""
        column = np.ones((1, self.n))
        return self.weighted(column, rows, rho) if self.setting.offset == "free" else 0.0 * column

    def without_constant(self, values: Array, constant: Array) -> Array:
        """Return `values` less their part along the unit column `constant`."""
        return np.asarray(values - dot(values, constant)[..., None] * constant)

    def solve(self, rows: Index, shapes: Array, rho: Array | None = None) -> Solution:
        """Solve for the linear parameters with row k of `shapes` (and of `rho`) applied to curve ``rows[k]``."""
        setting = self.setting
        columns = setting.columns(shapes)
        ones = self._ones(rows, rho)
        constant = unit(ones)
        with np.errstate(all="ignore"):
            weighted = [self.weighted(values, rows, rho) for values in columns.values]
            vectors = [self.without_constant(values, constant) for values in weighted]
            targets = self.losses[rows] - setting.fixed_offset
            goal = self.without_constant(self.weighted(targets, rows, rho), constant)
            coefficients, basis = self._amplitudes(vectors, goal, columns.log_scale)
            usable = columns.usable & np.isfinite(coefficients).all(axis=1)
            coefficients = np.where(usable[:, None], coefficients, 0.0)
            raw = targets.copy()
            for term, values in enumerate(columns.values):
                raw -= coefficients[:, term, None] * np.where(usable[:, None], values, 0.0)
            residuals = self.weighted(raw, rows, rho)
            level = np.full(len(rows), setting.fixed_offset)
            if setting.offset == "free":
                level = dot(residuals, ones) / dot(ones, ones)
                residuals = residuals - level[:, None] * ones
                raw = raw - level[:, None]
            cost = np.where(usable, dot(residuals, residuals), np.inf)
        return Solution(coefficients, level, raw, residuals, basis, columns.decays, cost)

    def _amplitudes(
        self, vectors: list[Array], targets: Array, log_scale: tuple[Array, ...]
    ) -> tuple[Array, tuple[Array, ...]]:
        """Return the best allowed coefficients and an orthonormal basis of the columns in use."""
        options, law = self.setting.options, self.setting.law
        lengths = [np.sqrt(dot(vector, vector)) for vector in vectors]
        units = [vector / length[:, None] for vector, length in zip(vectors, lengths, strict=True)]
        if len(units) == 1:
            name = law.amplitudes[0]
            if name in options.fixed:
                return (options.fixed[name] * np.exp(log_scale[0]))[:, None], (np.zeros_like(units[0]),)
            coefficient = options.clip_amplitude(dot(units[0], targets) / lengths[0])
            return coefficient[:, None], (units[0],)
        return self._two_amplitudes(units, lengths, targets)

    def _two_amplitudes(
        self, units: list[Array], lengths: list[Array], targets: Array
    ) -> tuple[Array, tuple[Array, ...]]:
        """Solve for two amplitudes; where one has the wrong sign, keep the better of the two alone."""
        clip = self.setting.options.clip_amplitude
        first, second = units
        overlap = dot(first, second)
        second = second - overlap[:, None] * first
        remainder = np.sqrt(dot(second, second))
        second = second / remainder[:, None]
        along, across = dot(first, targets), dot(second, targets)
        both = np.stack([along - across / remainder * overlap, across / remainder], axis=1)
        single = np.stack([clip(along), clip(dot(units[1], targets))], axis=1)
        weaker = np.abs(single[:, 0]) < np.abs(single[:, 1])
        single = np.where(np.stack([weaker, ~weaker], axis=1), 0.0, single)
        allowed = (clip(both) == both).all(axis=1) & (remainder > 1e-7)
        chosen = np.where(allowed[:, None], both, single) / np.stack(lengths, axis=1)
        alone = np.where(weaker[:, None], units[1], first)
        return chosen, (np.where(allowed[:, None], first, alone), np.where(allowed[:, None], second, 0.0))

    def evaluate(self, rows: Index, coordinates: Array) -> tuple[Array, tuple[Array, ...]]:
        """See :class:`losslaws.fitting.levenberg_marquardt.Residuals`."""
        inner, z = self.setting.split_correlation(coordinates)
        rho = None if z is None else np.tanh(z)
        solution = self.solve(rows, self.setting.shapes(inner), rho)
        return solution.cost, (
            solution.coefficients,
            solution.raw,
            solution.residuals,
            *solution.basis,
            *solution.decays,
        )

    def follow(self, at: Array, step: Array) -> Array:
        """See :class:`losslaws.fitting.levenberg_marquardt.Residuals`."""
        shapes = len(self.setting.law.shapes)
        trial = at + step
        trial[:, :shapes] = self.setting.follow(at[:, :shapes], step[:, :shapes])
        return trial

    def linearise(self, rows: Index, coordinates: Array, kept: tuple[Array, ...]) -> tuple[Array, Array]:
        """See :class:`losslaws.fitting.levenberg_marquardt.Residuals`."""
        coefficients, raw, residuals, *others = kept
        basis, decays = others[: len(others) // 2], tuple(others[len(others) // 2 :])
        inner, z = self.setting.split_correlation(coordinates)
        rho = None if z is None else np.tanh(z)
        constant = self.constant(rows, rho)
        slopes = self.setting.slopes(self.setting.shapes(inner), decays)
        columns = np.empty((len(coordinates), coordinates.shape[1], self.n))
        for index in range(inner.shape[1]):
            column = sum(coefficients[:, term, None] * slope[index] for term, slope in enumerate(slopes))
            columns[:, index] = self.weighted(np.asarray(column), rows, rho)
        if z is not None:
            columns[:, -1] = rho_slope(self.weighted(raw, rows, None), residuals, z, self.spacing)
        columns = self.without_constant(columns, constant[:, None, :])
        for vector in basis:
            columns -= dot(columns, vector[:, None, :])[..., None] * vector[:, None, :]
        return residuals, finite(columns)
