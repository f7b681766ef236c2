"""How well the parameters are determined: standard errors, correlations, directions that the data cannot tell."""

from dataclasses import dataclass

import numpy as np

from losslaws.core.arrays import Array, Index, Mask
from losslaws.fitting.levenberg_marquardt import BLOCK
from losslaws.fitting.model import MAX_LOG_AMPLITUDE, Setting, finite
from losslaws.fitting.projection import Projected, dot
from losslaws.fitting.residuals import bandwidth, newey_west
from losslaws.laws.law import as_terms

FLAT = 1e-7
"""A direction in (scaled) parameter space along which the law moves this little, relative to others, is flat."""

WITHOUT_EFFECT = 1e-9
"""A shape whose doubling would move the curve by this little, relative to its spread, has no effect."""


@dataclass(frozen=True)
class Uncertainty:
    """Uncertainty of k parameters of N curves.

    Attributes
    ----------
    errors : ndarray of shape (N, k)
        Standard errors; NaN for parameters that are held or on a bound, infinite along flat directions.
    correlation : ndarray of shape (N, k, k)
        Correlation matrix of the estimates; NaN where there is no error.
    flat : ndarray of bool, shape (N, k)
        Parameters that take part in a direction along which the law does not move: the data cannot tell them.
    """

    errors: Array
    correlation: Array
    flat: Mask


def uncertainty(
    setting: Setting, losses: Array, values: Array, held: Mask, residuals: Array, rho: Array | None
) -> Uncertainty:
    """Return the uncertainty from the Jacobian J at the optimum, parameters in `held` being constants.

    Classical: s²(JᵀJ)⁻¹ with s² = RSS/(n − free parameters). Robust: (JᵀJ)⁻¹ S (JᵀJ)⁻¹ with S of Newey and West 1987,
    Bartlett weights and the bandwidth of Andrews 1991 for AR(1) residuals. None: everything is NaN, nothing flat.

    Parameters
    ----------
    setting : Setting
        The law, the grid, the options.
    losses, values, held, residuals : ndarray
        Curves (N, n), parameters (N, k), which of them are held (N, k), whitened residuals (N, n).
    rho : ndarray of shape (N,) or None
        The errors' correlation, if it was estimated.
    """
    count, k = values.shape
    result = Uncertainty(np.full((count, k), np.nan), np.full((count, k, k), np.nan), np.zeros((count, k), dtype=bool))
    if setting.options.covariance == "none":
        return result
    known = np.isfinite(values).all(axis=1)
    size = max(1, BLOCK // (k * losses.shape[1]))
    for pattern in np.unique(held[known], axis=0):
        rows = np.flatnonzero(known & (held == pattern).all(axis=1))
        for first in range(0, len(rows), size):
            _describe(setting, losses, values, pattern, residuals, rho, rows[first : first + size], result)
    return result


def _describe(
    setting: Setting,
    losses: Array,
    values: Array,
    held: Mask,
    residuals: Array,
    rho: Array | None,
    rows: Index,
    result: Uncertainty,
) -> None:
    """Fill in the uncertainty of curves `rows`, which hold the same parameters."""
    curves, correlation = Projected(setting, losses), None if rho is None else rho[rows]
    columns = [finite(curves.weighted(column, rows, correlation)) for column in _columns(setting, values[rows])]
    length = np.stack([_length(column) for column in columns], axis=1)
    scale = np.where(length == 0, 1.0, length)
    free = np.flatnonzero(~held)
    if free.size:
        unit = np.stack([columns[place] / scale[:, place, None] for place in free], axis=2)
        triangle = np.linalg.qr(unit, mode="r")
        _, singular, right = np.linalg.svd(triangle, full_matrices=False)
        degenerate = singular <= FLAT * singular[:, :1]
        inverse = right.transpose(0, 2, 1) / np.where(degenerate, np.inf, singular)[:, None, :]
        middle = _middle(setting, unit, inverse, residuals[rows])
        covariance = inverse @ middle @ inverse.transpose(0, 2, 1)
        result.flat[np.ix_(rows, free)] = ((np.abs(right) > 0.1) & degenerate[:, :, None]).any(axis=1)
    result.flat[rows] |= _without_effect(setting, losses[rows], values[rows], scale) & ~held
    if free.size:
        spread = np.sqrt(np.einsum("ijj->ij", covariance))
        with np.errstate(all="ignore"):
            result.correlation[np.ix_(rows, free, free)] = covariance / (spread[:, :, None] * spread[:, None, :])
        flat = result.flat[np.ix_(rows, free)]
        result.errors[np.ix_(rows, free)] = np.where(flat, np.inf, spread / scale[:, free])


def _length(column: Array) -> Array:
    """Return the lengths of m vectors of n numbers whose squares may overflow, shape (m,)."""
    largest = np.abs(column).max(axis=1)
    largest[largest == 0] = 1.0
    return np.asarray(largest * np.sqrt(np.square(column / largest[:, None]).sum(axis=1)))


def _without_effect(setting: Setting, losses: Array, values: Array, length: Array) -> Mask:
    """Return which shapes can change by themselves without the curve noticing, as those of a vanished term can."""
    first = len(setting.law.amplitudes)
    shapes = slice(first, first + len(setting.law.shapes))
    n = losses.shape[1]
    spread = np.std(losses, axis=1) * np.sqrt(n) if setting.options.space == "linear" else np.full(len(losses), n**0.5)
    found = np.zeros(values.shape, dtype=bool)
    found[:, shapes] = np.abs(values[:, shapes] - setting.origin) * length[:, shapes] < WITHOUT_EFFECT * spread[:, None]
    return found


def _middle(setting: Setting, unit: Array, inverse: Array, residuals: Array) -> Array:
    """Return the covariances of the projections of the errors on the left singular vectors, (m, q, q)."""
    n, free = unit.shape[1:]
    correction = max(n - free, 1)
    if setting.options.covariance == "classical":
        return np.asarray(np.eye(free) * (dot(residuals, residuals) / correction)[:, None, None])
    middle = np.empty((len(unit), free, free))
    for row, (left, errors) in enumerate(zip(unit @ inverse, residuals, strict=True)):
        middle[row] = newey_west(left * errors[:, None], bandwidth(errors))
    return np.asarray(middle * n / correction)


def _columns(setting: Setting, values: Array) -> list[Array]:
    """Return the derivatives of the fitted curves with respect to each parameter, k of shape (m, n).

    In logarithmic space those of the curves' logarithms. A tied offset moves with its amplitude.
    """
    law, t, m = setting.law, setting.t, len(values)
    terms, count = len(law.amplitudes), len(law.shapes)
    shapes = values[:, terms : terms + count]
    amplitudes = [values[:, term, None] for term in range(terms)]
    with np.errstate(all="ignore"):
        bases = as_terms(law.log_basis(t, *shapes.T[:, :, None]))
        decays = [np.exp(np.minimum(np.broadcast_to(g, (m, t.size)), MAX_LOG_AMPLITUDE)) for g in bases]
        factor = setting.options.tied.get("L_inf", 0.0)
        rows = [decay + (factor if index == 0 else 0.0) for index, decay in enumerate(decays)]
        for entry in setting.shape_slopes(shapes):
            moved = [a * decay * slope for a, decay, slope in zip(amplitudes, decays, entry, strict=True)]
            rows.append(np.asarray(sum(moved)))
        if law.offset:
            rows.append(np.ones((m, t.size)))
        if setting.options.space == "log":
            fitted = sum(a * decay for a, decay in zip(amplitudes, decays, strict=True))
            rows = [row / (fitted + (values[:, -1:] if law.offset else 0.0)) for row in rows]
    return [finite(row) for row in rows]
