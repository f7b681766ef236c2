"""Final loss against compute, and horizons against size: fits of the laws of ``laws/scaling``."""

import numpy as np

from losslaws.analyses.collapse.results import ComputeLaw, HorizonLaw
from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.fitting.pooled import fit_pooled
from losslaws.fitting.pooled_uncertainty import standard_errors
from losslaws.laws.scaling import compute as compute_law
from losslaws.laws.scaling import horizon as horizon_law
from losslaws.laws.separable import Observations

FLAT = 1e-5
"""Relative to the loss: a fitted law that falls by no more over all compute does not fall."""


def fit_compute_law(compute: Array, loss: Array) -> ComputeLaw:
    """Fit L0, a, b ≥ 0 by Huber's loss (δ = 1e-3) of log residuals, as in Qiu et al. 2025.

    Parameters
    ----------
    compute, loss : ndarray of shape (runs,)
        Compute, in any unit, and final loss.

    Raises
    ------
    LosslawsError
        If there are fewer than three values of compute, or the loss does not fall with compute.
    """
    sizes = np.unique(compute).size
    if sizes < 3:
        raise LosslawsError(
            f"{sizes} sizes cannot fix the three parameters of loss against compute: add runs of another width, or "
            "give the irreducible loss (collapse.irreducible)"
        )
    scale = float(np.exp(np.log(compute).mean()))
    fit = fit_pooled(compute_law.LAW, [Observations("ladder", compute / scale, loss)])
    if np.ptp(fit.predict(compute / scale)) <= FLAT * loss.min():
        raise LosslawsError(
            "the final loss does not fall with compute, so that it does not determine an irreducible loss: give one "
            "(collapse.irreducible)"
        )
    return ComputeLaw(fit.parameters["L0"], fit.parameters["A"], fit.parameters["b"], scale)


def fit_horizon_law(size: Array, horizon: Array) -> HorizonLaw:
    """Fit t*(p) = (p/p0)^γ by least squares of ln t* on ln p.

    Raises
    ------
    LosslawsError
        If there are fewer than two sizes, or horizons do not depend on size.
    """
    if np.unique(size).size < 2:
        raise LosslawsError("one size cannot fix how horizons grow with size: add runs of another width")
    if np.unique(horizon).size < 2:
        raise LosslawsError(
            "all sizes have the same horizon, and t* = (p/p0)^γ has no p0 then: scale horizons with size"
        )
    sizes = [Observations("sizes", size, horizon)]
    fit = fit_pooled(horizon_law.LAW, sizes, delta=np.inf)
    exponent = fit.parameters["gamma"]
    # A·p^γ = (p/p0)^γ
    scale = float(np.exp(-np.log(fit.parameters["A"]) / exponent))
    return HorizonLaw(exponent, scale, standard_errors(fit, sizes, "classical")["gamma"])
