"""Information criteria, and how strongly they support the best law."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from losslaws.core.arrays import Array

SupportLevel = Literal["strong", "moderate", "weak", "undetermined"]
SUPPORT_LEVELS: tuple[SupportLevel, ...] = ("strong", "moderate", "weak", "undetermined")
STRONG, MODERATE = 10.0, 4.0


def aic(deviance: Array, k: int) -> Array:
    """Akaike's information criterion, n ln(RSS/n) + 2k for a least-squares fit.

    Parameters
    ----------
    deviance : ndarray
        n ln(RSS/n), or −2 ln likelihood up to the same constant for other error models.
    k : int
        Number of the law's parameters; the noise variance is not counted, as in Du and Ji 2026.
    """
    return deviance + 2 * k


def bic(deviance: Array, n: int, k: int) -> Array:
    """Bayesian information criterion, n ln(RSS/n) + k ln n for a least-squares fit (Schwarz 1978)."""
    return np.asarray(deviance + k * np.log(n))


def aicc(deviance: Array, n: int, k: int) -> Array:
    """AIC with the small-sample correction of Hurvich and Tsai 1989.

    n ln(RSS/n) + 2q + 2q(q + 1)/(n − q − 1) with q = k + 1, which counts the noise variance as the derivation does.
    NaN where n ≤ q + 1.
    """
    q = k + 1
    room = n - q - 1
    return deviance + (2 * q + 2 * q * (q + 1) / room if room > 0 else np.nan)


@dataclass(frozen=True)
class Support:
    """How much better the best law is than the second best.

    Attributes
    ----------
    best, second : str or None
        Names of the two laws with the lowest AIC; None where too few laws have a fit.
    delta_aic : float
        AIC of `second` minus AIC of `best`; 0 where there is no second.
    level : str
        ``strong`` (ΔAIC ≥ 10), ``moderate`` (≥ 4), ``weak``, or ``undetermined`` with fewer than two fits.
    n_converged : int
        Number of laws that have a fit.
    """

    best: str | None
    second: str | None
    delta_aic: float
    level: SupportLevel
    n_converged: int


def support(laws: Sequence[str], criterion: Sequence[float]) -> Support:
    """Compare laws that have a fit by their AIC (Burnham and Anderson 2002, section 2.6)."""
    order = np.argsort(np.asarray(criterion, dtype=np.float64), kind="stable")
    ranked = [laws[index] for index in order]
    if len(ranked) < 2:
        return Support(ranked[0] if ranked else None, None, 0.0, "undetermined", len(ranked))
    delta = float(criterion[order[1]] - criterion[order[0]])
    return Support(ranked[0], ranked[1], delta, support_level(delta), len(ranked))


def support_level(delta_aic: float) -> SupportLevel:
    """Name the support that a difference in AIC gives."""
    if delta_aic >= STRONG:
        return "strong"
    return "moderate" if delta_aic >= MODERATE else "weak"
