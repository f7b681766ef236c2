"""AR(1) errors: e_i = r_i·e_(i−1) + u_i with r_i = ρ^(Δt_i), whitened by Prais and Winsten's transformation.

The whitened residuals are scaled with |V|^(1/2n), V the correlation matrix of the errors. Then their sum of squares S
carries the whole Gaussian likelihood, −2 ln L = n ln(S/n) + const, and ρ can be estimated by least squares like any
other parameter.
"""

import numpy as np

from losslaws.core.arrays import Array


def gaps(t: Array) -> Array:
    """Return the spacings of t in units of their median, shape (n − 1,): ρ is the correlation over one of these.

    An even grid is returned as one number, shape (1,).
    """
    spacing = np.diff(t)
    relative = spacing / np.median(spacing)
    return relative[:1] if np.allclose(relative, 1.0) else relative


def whiten(values: Array, rho: Array, spacing: Array) -> Array:
    """Return independent combinations of equal variance: x_1, then (x_i − r_i x_(i−1))/√(1 − r_i²), times |V|^(1/2n).

    Parameters
    ----------
    values : ndarray of shape (m, n) or (1, n)
        Anything that is linear in the losses: residuals, columns.
    rho : ndarray of shape (m,)
        Correlation over one step; negative values make sense on even grids only.
    spacing : ndarray of shape (n − 1,) or (1,)
        See :func:`gaps`.
    """
    correlation = _correlation(rho, spacing)
    room = 1.0 - np.square(correlation)
    scale = _scale(room, values.shape[1])
    result = np.empty((len(rho), values.shape[1]))
    np.multiply(values[:, :1], scale, out=result[:, :1])
    rest = result[:, 1:]
    np.multiply(values[:, :-1], -correlation, out=rest)
    rest += values[:, 1:]
    rest *= scale / np.sqrt(room)
    return result


def rho_slope(values: Array, whitened: Array, z: Array, spacing: Array) -> Array:
    """Return the derivative of −whiten(values), given as `whitened`, with respect to z = artanh ρ; all (m, n)."""
    rho = np.tanh(z)
    correlation = _correlation(rho, spacing)
    room = 1.0 - np.square(correlation)
    n = values.shape[1]
    slope = room if spacing.size == 1 else correlation * spacing * _relative_slope(rho)
    growth = correlation * slope / room
    result: Array = whitened * (growth.sum(axis=1, keepdims=True) * ((n - 1) / n if spacing.size == 1 else 1 / n))
    rest = result[:, 1:]
    rest += values[:, :-1] * (_scale(room, n) * slope / np.sqrt(room))
    rest -= whitened[:, 1:] * growth
    return result


def _correlation(rho: Array, spacing: Array) -> Array:
    """Return r_i, shape (m, n − 1) or (m, 1)."""
    return rho[:, None] if spacing.size == 1 else np.asarray(np.power(np.maximum(rho, 0.0)[:, None], spacing))


def _scale(room: Array, n: int) -> Array:
    """Return |V|^(1/2n) from 1 − r_i², shape (m, 1)."""
    log_determinant = np.log(room).sum(axis=1, keepdims=True) * (n - 1 if room.shape[1] == 1 else 1)
    return np.asarray(np.exp(0.5 / n * log_determinant))


def _relative_slope(rho: Array) -> Array:
    """Return d ln ρ/dz = (1 − ρ²)/ρ, 0 where ρ is not positive, shape (m, 1)."""
    positive = rho > 0
    return np.asarray(np.where(positive, (1.0 - rho**2) / np.where(positive, rho, 1.0), 0.0)[:, None])
