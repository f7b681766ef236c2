"""Residuals as a time series: autocorrelation, effective sample size, long-run covariance, where the misfit lies."""

import numpy as np

from losslaws.core.arrays import Array


def autocovariance(series: Array, lags: int) -> Array:
    """Return Σ_i x_i x_(i+k) of series about 0 for the lags k = 0..`lags`, shape (…, n) to (…, lags + 1)."""
    spectrum = np.abs(np.fft.rfft(series, 2 * series.shape[-1], axis=-1)) ** 2
    return np.asarray(np.fft.irfft(spectrum, axis=-1)[..., : lags + 1])


def autocorrelation(series: Array, lags: int) -> Array:
    """Return the autocorrelations at lags 0..`lags` of one series about its mean, shape (lags + 1,)."""
    covariance = autocovariance(series - series.mean(), lags)
    return np.asarray(covariance / covariance[0]) if covariance[0] > 0 else np.eye(1, lags + 1)[0]


def lag_one(residuals: Array) -> Array:
    """Return the lag-one autocorrelation of N series, shape (N,)."""
    centred = residuals - residuals.mean(axis=1, keepdims=True)
    power = np.einsum("in,in->i", centred, centred)
    with np.errstate(all="ignore"):
        return np.where(power > 0, np.einsum("in,in->i", centred[:, 1:], centred[:, :-1]) / power, 0.0)


def effective_size(residuals: Array) -> Array:
    """Return the effective sample size of N series of n correlated residuals, shape (N,).

    n/(1 + 2Σρ_k), the sum over lags cut off at the first k ≥ 5·(1 + 2Σρ) (Sokal's window), at least 1, at most n.
    """
    count, n = residuals.shape
    covariance = autocovariance(residuals, n // 2 - 1)
    with np.errstate(all="ignore"):
        rho = covariance / covariance[:, :1]
        time = 1.0 + 2.0 * np.cumsum(rho[:, 1:], axis=1)
        enough = np.arange(1, rho.shape[1]) >= 5.0 * time
    last = np.where(enough.any(axis=1), enough.argmax(axis=1), rho.shape[1] - 2)
    return np.asarray(np.clip(n / np.maximum(time[np.arange(count), last], 1.0), 1.0, n))


def block_length(series: Array) -> int:
    """Return the block length for a circular block bootstrap (Politis and White 2004, corrected by Patton et al. 2009).

    b = (2 G²/D)^(1/3) n^(1/3) with G = Σ λ(k/M)|k| R(k), D = (4/3) g(0)², g(0) = Σ λ(k/M) R(k), the flat-top window λ,
    and M twice the lag after which K = max(5, √log10 n) autocorrelations are within 2√(log10 n/n). At most
    min(3√n, n/3).
    """
    n = series.size
    quiet = int(max(5, np.sqrt(np.log10(n))))
    longest = int(np.ceil(np.sqrt(n))) + quiet
    rho = autocorrelation(series, min(longest, n - 1))
    small = np.abs(rho[1:]) < 2 * np.sqrt(np.log10(n) / n)
    runs = np.convolve(small, np.ones(quiet), mode="valid") == quiet
    last = int(runs.argmax()) if runs.any() else rho.size - 1
    window = min(2 * max(last, 1), rho.size - 1)
    lag = np.arange(1, window + 1)
    taper = np.clip(2.0 * (1.0 - lag / window), 0.0, 1.0) if window > 1 else np.ones(1)
    weighted = taper * rho[1 : window + 1]
    slope, level = 2 * np.sum(weighted * lag), 1.0 + 2 * np.sum(weighted)
    spectral = 4.0 / 3.0 * level**2
    length = (2 * slope**2 / spectral * n) ** (1 / 3) if spectral > 0 else 1.0
    return int(np.clip(np.ceil(length), 1, np.ceil(min(3 * np.sqrt(n), n / 3))))


def bandwidth(residuals: Array) -> int:
    """Return the lag up to which Newey and West's estimator reaches: Andrews 1991, eq. 6.2 and 6.4, from one AR(1)."""
    n = residuals.size
    power = residuals @ residuals
    rho = np.clip(residuals[1:] @ residuals[:-1] / power if power > 0 else 0.0, -0.97, 0.97)
    alpha = 4 * rho**2 / ((1 - rho) ** 2 * (1 + rho) ** 2)
    return int(min(1.1447 * (alpha * n) ** (1 / 3), n // 2))


def newey_west(scores: Array, lags: int) -> Array:
    """Return the covariance of the sum of a series of n score vectors (Newey and West 1987), shape (p, p).

    Γ_0 + Σ_(k=1..lags) (1 − k/(lags + 1)) (Γ_k + Γ_kᵀ), with Γ_k = Σ_i s_(i+k) s_iᵀ; `scores` has shape (n, p).
    """
    total = scores.T @ scores
    for lag in range(1, lags + 1):
        lagged = scores[lag:].T @ scores[:-lag]
        total += (1.0 - lag / (lags + 1.0)) * (lagged + lagged.T)
    return np.asarray(total)


def misfit_share(residuals: Array) -> tuple[float, int]:
    """Return the largest share of the residual sum of squares in a tenth of the points, and which tenth (1..10)."""
    shares = np.array([np.sum(part**2) for part in np.array_split(residuals, 10)])
    total = shares.sum()
    return (float(shares.max() / total), int(shares.argmax()) + 1) if total > 0 else (0.0, 1)
