"""Tests of residuals: Ljung and Box's of their autocorrelation, and of lack of fit against a smooth curve.

Apart from the rest of what is said of residuals, because `scipy.special` takes longer to import than a fit.
"""

import numpy as np
from scipy.special import gammaincc

from losslaws.core.arrays import Array
from losslaws.fitting.residuals import autocorrelation

KNOTS, POINTS_PER_KNOT = 10, 10
"""Degrees of freedom of the smooth curve that a law has to stand against; fewer where there are fewer points."""


def chi_square_tail(value: float, dof: int) -> float:
    """Return the probability that a χ² variable with `dof` degrees of freedom exceeds `value`."""
    return float(gammaincc(dof / 2, max(value, 0.0) / 2))


def ljung_box(series: Array, lags: int = 20) -> float:
    """Return the p-value of Ljung and Box's test (1978) that the first `lags` autocorrelations are 0."""
    n = series.size
    lags = min(lags, n // 2)
    rho = autocorrelation(series, lags)[1:]
    statistic = n * (n + 2) * np.sum(rho**2 / (n - np.arange(1, lags + 1)))
    return chi_square_tail(float(statistic), lags)


def smooth_columns(t: Array) -> Array:
    """Return a basis of smooth functions of ln t, shape (K, n): Chebyshev polynomials of degree 1 to K.

    K is `KNOTS`, or one for every `POINTS_PER_KNOT` points of a short curve, which may be none.
    """
    knots = min(KNOTS, t.size // POINTS_PER_KNOT)
    x = np.log(t)
    scaled = 2 * (x - x[0]) / (x[-1] - x[0]) - 1
    return np.asarray(np.polynomial.chebyshev.chebvander(scaled, knots).T[1:])


def lack_of_fit(innovations: Array, columns: Array) -> float:
    """Return the p-value of an F-like test that smooth functions explain nothing of whitened residuals.

    n ln(RSS₀/RSS₁) is referred to a χ² distribution; `columns`, shape (K, n), are whitened like the residuals.
    """
    coefficients, *_ = np.linalg.lstsq(columns.T, innovations, rcond=None)
    rest = innovations - coefficients @ columns
    before, after = innovations @ innovations, rest @ rest
    if not (before > 0 and len(columns)):
        return 1.0
    ratio = innovations.size * np.log(before / after) if after > 0 else np.inf
    return chi_square_tail(float(ratio), len(columns))
