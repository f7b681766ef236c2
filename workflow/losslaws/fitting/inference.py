"""How well the parameters are determined: standard errors, correlations, directions that the data cannot tell."""

from dataclasses import dataclass

import numpy as np

from losslaws.arrays import Array, Mask
from losslaws.fitting.projection import Projected, dot
from losslaws.fitting.setting import LARGEST_LOG_AMPLITUDE, Setting, finite
from losslaws.laws._law import as_terms

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
    Bartlett weights and the bandwidth of Andrews 1991 for AR(1) residuals.

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
    errors = np.full((count, k), np.nan)
    correlation = np.full((count, k, k), np.nan)
    flat = np.zeros((count, k), dtype=bool)
    curves = Projected(setting, losses)
    for row in np.flatnonzero(np.isfinite(values).all(axis=1)):
        free = np.flatnonzero(~held[row])
        correlation_of_errors = None if rho is None else np.full(k, rho[row])
        columns = curves.weighted(_columns(setting, values[row]), np.full(k, row), correlation_of_errors).T
        columns = finite(columns)
        largest = np.abs(columns).max(axis=0)
        largest[largest == 0] = 1.0
        scale = largest * np.linalg.norm(columns / largest, axis=0)
        scale[scale == 0] = 1.0
        left, singular, right = np.linalg.svd((columns / scale)[:, free], full_matrices=False)
        degenerate = singular <= FLAT * singular[0]
        inverse = right.T / np.where(degenerate, np.inf, singular)
        covariance = inverse @ _middle(setting, left, residuals[row], free.size) @ inverse.T
        flat[row, free] = (np.abs(right[degenerate]) > 0.1).any(axis=0)
        flat[row] |= _without_effect(setting, losses[row], values[row], scale) & ~held[row]
        spread = np.sqrt(np.diag(covariance))
        with np.errstate(all="ignore"):
            correlation[row][np.ix_(free, free)] = covariance / np.outer(spread, spread)
        errors[row, free] = np.where(flat[row, free], np.inf, spread / scale[free])
    return Uncertainty(errors, correlation, flat)


def _without_effect(setting: Setting, loss: Array, values: Array, length: Array) -> Mask:
    """Return which shapes can change by themselves without the curve noticing, as those of a vanished term can."""
    first = len(setting.law.amplitudes)
    shapes = slice(first, first + len(setting.law.shapes))
    spread = np.linalg.norm(loss - loss.mean()) if setting.options.space == "linear" else np.sqrt(loss.size)
    found = np.zeros(values.size, dtype=bool)
    found[shapes] = np.abs(values[shapes] - setting.origin) * length[shapes] < WITHOUT_EFFECT * spread
    return found


def _middle(setting: Setting, left: Array, residuals: Array, free: int) -> Array:
    """Return the covariance of the projections of the errors on the left singular vectors."""
    n = residuals.size
    if setting.options.covariance == "classical":
        return np.asarray(np.eye(left.shape[1]) * (residuals @ residuals / max(n - free, 1)))
    scores = left * residuals[:, None]
    middle = scores.T @ scores
    for lag in range(1, bandwidth(residuals) + 1):
        lagged = scores[lag:].T @ scores[:-lag]
        middle += (1.0 - lag / (bandwidth(residuals) + 1.0)) * (lagged + lagged.T)
    return np.asarray(middle * n / max(n - free, 1))


def bandwidth(residuals: Array) -> int:
    """Return the lag up to which Newey and West's estimator reaches: Andrews 1991, eq. 6.2 and 6.4, from one AR(1)."""
    n = residuals.size
    power = residuals @ residuals
    rho = np.clip(residuals[1:] @ residuals[:-1] / power if power > 0 else 0.0, -0.97, 0.97)
    alpha = 4 * rho**2 / ((1 - rho) ** 2 * (1 + rho) ** 2)
    return int(min(1.1447 * (alpha * n) ** (1 / 3), n // 2))


def _columns(setting: Setting, values: Array) -> Array:
    """Return the derivatives of the fitted curve with respect to each parameter, shape (k, n).

    In logarithmic space those of the curve's logarithm. A tied offset moves with its amplitude.
    """
    law, t = setting.law, setting.t
    terms, shapes = len(law.amplitudes), values[len(law.amplitudes) :]
    shapes = shapes[: len(law.shapes)]
    with np.errstate(all="ignore"):
        bases = as_terms(law.log_basis(t, *shapes))
        largest = LARGEST_LOG_AMPLITUDE
        decays = [np.exp(np.minimum(np.broadcast_to(g, t.shape), largest)) for g in bases]
        factor = setting.options.tied.get("L_inf", 0.0)
        rows = [decay + (factor if index == 0 else 0.0) for index, decay in enumerate(decays)]
        slopes = setting.shape_slopes(shapes)
        for index in range(len(law.shapes)):
            rows.append(sum(values[term] * decays[term] * slopes[index][term] for term in range(terms)))
        if law.offset:
            rows.append(np.ones_like(t))
        if setting.options.space == "log":
            offset = values[-1] if law.offset else 0.0
            rows = [row / (offset + sum(values[term] * decays[term] for term in range(terms))) for row in rows]
    return finite(np.stack(rows))


def effective_size(residuals: Array) -> Array:
    """Return how many independent points N series of n correlated residuals are worth, shape (N,).

    n/(1 + 2Σρ_k), the sum over lags cut off at the first k ≥ 5·(1 + 2Σρ) (Sokal's window), at least 1, at most n.
    """
    count, n = residuals.shape
    power = np.abs(np.fft.rfft(residuals, 2 * n, axis=1)) ** 2
    autocovariance = np.fft.irfft(power, axis=1)[:, : n // 2]
    with np.errstate(all="ignore"):
        rho = autocovariance / autocovariance[:, :1]
        time = 1.0 + 2.0 * np.cumsum(rho[:, 1:], axis=1)
        enough = np.arange(1, rho.shape[1]) >= 5.0 * time
    last = np.where(enough.any(axis=1), enough.argmax(axis=1), rho.shape[1] - 2)
    return np.asarray(np.clip(n / np.maximum(time[np.arange(count), last], 1.0), 1.0, n))


def lag_one(residuals: Array) -> Array:
    """Return the lag-one autocorrelation of N series, shape (N,)."""
    centred = residuals - residuals.mean(axis=1, keepdims=True)
    power = dot(centred, centred)
    with np.errstate(all="ignore"):
        return np.where(power > 0, dot(centred[:, 1:], centred[:, :-1]) / power, 0.0)
