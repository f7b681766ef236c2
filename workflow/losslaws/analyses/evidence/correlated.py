"""What fits under correlated errors say of one curve: the verdict, and Vuong's test of the best two laws."""

from collections.abc import Mapping, Sequence

import numpy as np

from losslaws.analyses.evidence.nesting import containers, vuong
from losslaws.analyses.evidence.verdict import Verdict, discount, verdict
from losslaws.core.arrays import Array
from losslaws.fitting import selection
from losslaws.fitting.fit_table import rounding_deviance
from losslaws.fitting.law_fits import LawFits
from losslaws.fitting.options import FitOptions
from losslaws.fitting.residual_tests import lack_of_fit, smooth_columns
from losslaws.fitting.status import FITTED
from losslaws.fitting.whitening import gaps, whiten
from losslaws.laws.law import Law

CORRELATED = FitOptions(preset="wide", errors="ar1")
"""The verdict's fits: wide bounds, and AR(1) errors."""

Fits = Mapping[str, LawFits]
"""The fits of one curve by law."""


def criterion(fits: LawFits) -> float:
    """Return the AIC of the fit of one curve, an estimated ρ counted as a parameter; infinite without a fit."""
    if fits.status[0] not in FITTED:
        return float("inf")
    return float(selection.aic(fits.deviance, fits.k + int(np.isfinite(fits.rho[0])))[0])


def innovations(t: Array, loss: Array, fits: LawFits) -> Array:
    """Return the whitened residuals of one curve, shape (n,)."""
    return np.asarray(whiten(loss[None, :] - fits.fitted, fits.rho, gaps(t))[0])


def judge(t: Array, loss: Array, laws: Sequence[Law], correlated: Fits) -> Verdict:
    """Return the verdict on one curve from its fits under AR(1) errors.

    Parameters
    ----------
    t, loss : ndarray of shape (n,)
        The curve.
    laws : sequence of Law
        The candidates.
    correlated : mapping of str to LawFits
        Their fits with the options `CORRELATED`.
    """
    fitted = [law for law in laws if correlated[law.name].status[0] in FITTED]
    smooth = smooth_columns(t)
    rounding = rounding_deviance(loss[None, :], CORRELATED)[0]
    misfit = {}
    for law in fitted:
        fits = correlated[law.name]
        columns = whiten(smooth, np.repeat(fits.rho, len(smooth)), gaps(t))
        exact = fits.deviance[0] <= rounding
        misfit[law.name] = 1.0 if exact else lack_of_fit(innovations(t, loss, fits), columns)
    best = min((correlated[law.name] for law in fitted), key=criterion, default=None)
    return verdict(
        {law.name: float(correlated[law.name].deviance[0]) for law in fitted},
        {law.name: correlated[law.name].k + 1 for law in fitted},
        containers(laws),
        misfit,
        discount(t.size, float(best.rho[0]), best.k) if best else 1.0,
    )


def vuong_p(t: Array, loss: Array, laws: Sequence[Law], correlated: Fits) -> float | None:
    """Return the p-value of Vuong's test of the best against the second law, None if one contains the other.

    The parameters are those of :func:`judge`.
    """
    fitted = [fits for fits in correlated.values() if np.isfinite(criterion(fits))]
    if len(fitted) < 2:
        return None
    first, second = sorted(fitted, key=criterion)[:2]
    nested = containers(laws)
    if (first.law.name, second.law.name) in nested or (second.law.name, first.law.name) in nested:
        return None
    return vuong(innovations(t, loss, first), innovations(t, loss, second), first.k - second.k)
