"""Loss against compute, the irreducible loss, and horizons against size."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from losslaws.analyses.collapse.ladder import Rung
from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError

DELTA = 1e-3
"""Where Huber's loss turns from quadratic to linear, in log loss."""

LARGEST = 300.0
"""Largest b·ln C, C relative to its geometric mean: powers stay finite."""

EXPONENTS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Where the search for the exponent starts."""


@dataclass(frozen=True)
class ComputeLaw:
    """L = L0 + a·C^(−b), fitted to final losses.

    Attributes
    ----------
    irreducible, amplitude, exponent : float
        L0, a and b; C in units of `unit`.
    unit : float
        The geometric mean of the compute fitted.
    residuals : ndarray of shape (runs,)
        ln loss − ln prediction.
    """

    irreducible: float
    amplitude: float
    exponent: float
    unit: float
    residuals: Array

    def loss(self, compute: Array) -> Array:
        """Return the predicted final loss."""
        return np.asarray(self.irreducible + self.amplitude * (compute / self.unit) ** -self.exponent)


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
    if np.unique(compute).size < 3:
        raise LosslawsError(
            f"{np.unique(compute).size} sizes cannot fix the three parameters of loss against compute: add runs of "
            "another width, or give the irreducible loss (collapse.irreducible)"
        )
    unit = float(np.exp(np.log(compute).mean()))
    x = np.log(compute / unit)

    def residuals(point: Array) -> Array:
        return np.asarray(np.log(point[0] + point[1] * np.exp(-point[2] * x)) - np.log(loss))

    def jacobian(point: Array) -> Array:
        power = np.exp(-point[2] * x)
        prediction = point[0] + point[1] * power
        return np.asarray((np.stack([np.ones_like(x), power, -point[1] * x * power]) / prediction).T)

    best = None
    for exponent in EXPONENTS:
        power = np.exp(-exponent * x)
        slope, level = np.polyfit(power, loss, 1)
        start = np.maximum([level, slope, exponent], 1e-6)
        found = least_squares(
            residuals,
            start,
            jacobian,
            bounds=(0.0, [np.inf, np.inf, LARGEST / np.abs(x).max()]),
            x_scale="jac",
            loss="huber",
            f_scale=DELTA,
            ftol=1e-15,
            xtol=1e-15,
            gtol=None,
            max_nfev=500,
        )
        best = found if best is None or found.cost < best.cost else best
    assert best is not None
    irreducible, amplitude, exponent = map(float, best.x)
    if amplitude * exponent <= 1e-9:
        raise LosslawsError(
            "the final loss does not fall with compute, so that no irreducible loss can be told from it"
        )
    return ComputeLaw(irreducible, amplitude, exponent, unit, -residuals(best.x))


def ladder_compute_law(ladder: Sequence[Rung]) -> ComputeLaw:
    """Fit the final losses of all runs of a ladder against C = p·t*, compute up to a factor for equal batches."""
    compute = np.concatenate([np.full(len(rung.names), rung.size * rung.horizon) for rung in ladder])
    return fit_compute_law(compute, np.concatenate([rung.loss[:, -1] for rung in ladder]))


@dataclass(frozen=True)
class HorizonLaw:
    """t*(p) = (p/p0)^γ.

    Attributes
    ----------
    exponent : float
        γ.
    unit : float
        p0.
    error : float
        Standard error of γ; NaN for two sizes.
    """

    exponent: float
    unit: float
    error: float

    def horizon(self, size: Array) -> Array:
        """Return the horizon of each size."""
        return np.asarray((size / self.unit) ** self.exponent)


def fit_horizon_law(size: Array, horizon: Array) -> HorizonLaw:
    """Fit t*(p) = (p/p0)^γ by least squares of ln t* on ln p.

    Raises
    ------
    LosslawsError
        If there are fewer than two sizes, or horizons do not depend on size.
    """
    x, y = np.log(size), np.log(horizon)
    if np.unique(x).size < 2:
        raise LosslawsError("one size cannot fix how horizons grow with size: add runs of another width")
    exponent, level = np.polyfit(x, y, 1)
    if abs(exponent) < 1e-9:
        raise LosslawsError(
            "all sizes have the same horizon, and t* = (p/p0)^γ has no p0 then: scale horizons with size"
        )
    rest = y - level - exponent * x
    spread = np.sum((x - x.mean()) ** 2)
    error = float(np.sqrt(rest @ rest / (x.size - 2) / spread)) if x.size > 2 else float("nan")
    return HorizonLaw(float(exponent), float(np.exp(-level / exponent)), error)
