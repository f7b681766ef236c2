"""How a law is to be fitted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.core.registry import unknown
from losslaws.laws.law import Bounds, Law, Preset


@dataclass(frozen=True)
class FitOptions:
    """Options of :func:`losslaws.fitting.law_fits.fit_law`.

    Attributes
    ----------
    preset : {"paper", "wide"}
        Which of a law's bounds.
    bounds : mapping of str to (lower, upper)
        Bounds of single shapes, instead of the preset's.
    space : {"linear", "log"}
        Residuals of the loss, or of its logarithm (relative errors).
    errors : {"independent", "ar1"}
        The error model; AR(1) is estimated jointly with the law.
    sign : {"falling", "rising", "any"}
        Amplitudes ≥ 0, ≤ 0, or free.
    fixed : mapping of str to float
        Parameters held at a value; they do not count.
    tied : mapping of str to float
        ``{"L_inf": -1.0}`` ties L∞ = −a, a factor times the first amplitude.
    weights : ndarray of shape (n,) or None
        Weights of the squared residuals, such as 1/σ².
    huber : float or None
        Threshold δ of Huber's loss, in units of the residual (scaling-law studies take 1e-3 on log residuals).
    covariance : {"classical", "robust", "none"}
        Standard errors under independent errors, or robust to autocorrelation and unequal variance (Newey and West);
        none where they are not needed.
    """

    preset: Preset = "paper"
    bounds: Mapping[str, Bounds] = field(default_factory=dict)
    space: Literal["linear", "log"] = "linear"
    errors: Literal["independent", "ar1"] = "independent"
    sign: Literal["falling", "rising", "any"] = "falling"
    fixed: Mapping[str, float] = field(default_factory=dict)
    tied: Mapping[str, float] = field(default_factory=dict)
    weights: Array | None = None
    huber: float | None = None
    covariance: Literal["classical", "robust", "none"] = "classical"

    @property
    def joint(self) -> bool:
        """Whether the residuals are not linear in a and L∞, so that all parameters are polished jointly."""
        return self.space == "log" or self.huber is not None

    def check(self, law: Law, n: int) -> None:
        """Check that the options fit `law` and curves of `n` points.

        Raises
        ------
        LosslawsError
            On an unknown parameter, bounds the wrong way round, weights of the wrong length or sign.
        """
        shapes = [shape.name for shape in law.shapes]
        for option, allowed in (("bounds", shapes), ("fixed", list(law.parameters)), ("tied", ["L_inf"])):
            for name in getattr(self, option):
                if name not in allowed or name not in law.parameters:
                    raise LosslawsError(f"{option}: parameter of {law.name} {unknown(name, allowed)}")
        for name, (lower, upper) in self.bounds.items():
            if not lower <= upper:
                raise LosslawsError(f"bounds: {name} of {law.name} is ({lower}, {upper}); expected lower ≤ upper")
        if self.weights is not None and (self.weights.shape != (n,) or not (self.weights > 0).all()):
            raise LosslawsError(f"weights: expected {n} numbers above 0, one per point")
        if self.huber is not None and not self.huber > 0:
            raise LosslawsError(f"huber: is {self.huber}; expected a threshold above 0")
        if self.joint and any(name in self.fixed for name in law.amplitudes):
            raise LosslawsError(
                f"fixed: an amplitude of {law.name} can be fixed with squared residuals of the loss only"
            )
        if self.space == "log" and (self.sign != "falling" or self.tied):
            raise LosslawsError("space: log is for falling laws without ties (sign: falling, tied: {})")
        if "L_inf" in self.fixed and "L_inf" in self.tied:
            raise LosslawsError("L_inf is both fixed and tied; choose one")

    def free(self, law: Law) -> list[str]:
        """Return the names of the parameters that are estimated."""
        return [name for name in law.parameters if name not in self.fixed and name not in self.tied]

    def clip_amplitude(self, amplitude: Array) -> Array:
        """Return the allowed amplitude that is nearest."""
        if self.sign == "any":
            return amplitude
        return np.maximum(amplitude, 0.0) if self.sign == "falling" else np.minimum(amplitude, 0.0)
