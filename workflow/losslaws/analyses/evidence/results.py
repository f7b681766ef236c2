"""What the analysis finds: the evidence on each curve, and which law wins it in each universe."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from losslaws.curves.curve import Curve, Scalar
from losslaws.storage.records import read_record

VerdictKind = Literal["one law", "cannot tell", "none fits", "no fit"]

VERDICT_WORDS: dict[VerdictKind, str] = {
    "one law": "clear",
    "cannot tell": "ambiguous",
    "none fits": "lack of fit",
    "no fit": "no fit",
}
"""What reports call a verdict."""

Numbers = tuple[float | None, ...]
"""One number per law; None where the law has no fit."""


class Universe(NamedTuple):
    """One combination of analysis choices.

    Attributes
    ----------
    bounds : str
        ``paper`` or ``wide``: bounds of the laws' shapes.
    space : str
        Residuals of the loss (``linear``) or of its logarithm (``log``).
    errors : str
        Error model: ``independent`` or ``ar1``.
    skip : str
        Points left out at the start, a number or a percentage.
    criterion : str
        ``aic``, ``aicc``, ``bic`` or ``holdout``.
    """

    bounds: str
    space: str
    errors: str
    skip: str
    criterion: str


class Identity(NamedTuple):
    """How result tables identify a curve: its name, and the attributes that are repeated beside it."""

    curve: str
    task: str | None
    width: int | None
    seed: int | None
    split: str | None
    n_params: int | None


def identity(curve: Curve) -> Identity:
    """Return how result tables identify `curve`."""
    known: Callable[[str], Any] = curve.attributes.get
    return Identity(curve.name, *map(known, Identity._fields[1:]))


@dataclass(frozen=True, slots=True)
class CurveEvidence:
    """The evidence on one curve; attributes are the columns of the evidence table.

    Attributes
    ----------
    curve, task, width, seed, split, n_params
        The curve.
    laws : tuple of str
        The candidates; tuples with one entry per law are in this order, and None where no law could be fitted.
    aic, aic_weight : tuple of float
        AIC of the published analysis, and Akaike weights.
    aic_ar1, aic_ar1_weight : tuple of float
        The same with wide bounds and AR(1) errors, ρ counted as a parameter.
    rho : tuple of float
        Lag-one correlation ρ of the AR(1) errors.
    verdict : str
        ``"one law"``, ``"cannot tell"``, ``"none fits"`` or ``"no fit"``.
    verdict_laws : tuple of str
        The laws that stand, best first.
    reason : str
        Why, in a sentence.
    lag_one : float or None
        Lag-one autocorrelation of the residuals of the best law by AIC.
    effective_size : float or None
        Effective sample size of those residuals, in points.
    ljung_box_p : float or None
        p-value of the Ljung–Box test of those residuals.
    misfit_share, misfit_tenth : float or None, int or None
        Largest share of the RSS in a tenth of the points, and which tenth (1 to 10).
    vuong_p : float or None
        p-value of Vuong's test of the best two laws under AR(1) errors; None where one contains the other.
    block_length : int or None
        Points in a block of the bootstrap; None without one, as are the next four.
    bootstrap_wins : tuple of float or None
        Share of the replicates that each law fits best by AIC.
    parameters : tuple of str or None
        Parameters of the best law by AIC.
    lower, upper : tuple of float or None
        Their 5% and 95% bootstrap quantiles.
    holdout : tuple of float or None
        Root-mean-square error of each law over the second half of the curve after a fit to the first.
    holdout_last_value : float or None
        That of predicting the last value of the first half.
    """

    curve: str
    task: str | None
    width: int | None
    seed: int | None
    split: str | None
    n_params: int | None
    laws: tuple[str, ...]
    aic: Numbers | None
    aic_weight: Numbers | None
    aic_ar1: Numbers | None
    aic_ar1_weight: Numbers | None
    rho: Numbers | None
    verdict: VerdictKind
    verdict_laws: tuple[str, ...]
    reason: str
    lag_one: float | None = None
    effective_size: float | None = None
    ljung_box_p: float | None = None
    misfit_share: float | None = None
    misfit_tenth: int | None = None
    vuong_p: float | None = None
    block_length: int | None = None
    bootstrap_wins: tuple[float, ...] | None = None
    parameters: tuple[str, ...] | None = None
    lower: Numbers | None = None
    upper: Numbers | None = None
    holdout: Numbers | None = None
    holdout_last_value: float | None = None

    @property
    def verdict_text(self) -> str:
        """The verdict in the words of reports, with the laws that stand."""
        standing = ", ".join(self.verdict_laws)
        return VERDICT_WORDS[self.verdict] + (f": {standing}" if standing else "")


@dataclass(frozen=True, slots=True)
class CurveOutcome:
    """Which law wins one curve in one universe; attributes are the columns of the multiverse table.

    Attributes
    ----------
    curve, task, width, seed, split, n_params
        The curve.
    bounds, space, errors, skip, criterion : str
        The choices, see :class:`Universe`.
    winner, second : str or None
        The two best laws; None where there is none.
    lead : float or None
        Criterion of the second minus that of the winner.
    without_fit : tuple of str
        Laws without a fit, with their status.
    """

    curve: str
    task: str | None
    width: int | None
    seed: int | None
    split: str | None
    n_params: int | None
    bounds: str
    space: str
    errors: str
    skip: str
    criterion: str
    winner: str | None
    second: str | None
    lead: float | None
    without_fit: tuple[str, ...]

    @property
    def universe(self) -> Universe:
        """The combination of choices."""
        return Universe(self.bounds, self.space, self.errors, self.skip, self.criterion)

    @property
    def attributes(self) -> dict[str, Scalar]:
        """What is known of the curve, as its attributes."""
        known = {name: getattr(self, name) for name in Identity._fields[1:]}
        return {name: value for name, value in known.items() if value is not None}


@dataclass(frozen=True)
class EvidenceSummary:
    """``evidence.json``: the evidence on every curve of an experiment, and the multiverse."""

    curves: tuple[CurveEvidence, ...]
    multiverse: tuple[CurveOutcome, ...]


def read_evidence(folder: Path) -> EvidenceSummary | None:
    """Read ``evidence.json`` of an experiment's folder; None where there is none."""
    path = folder / "evidence.json"
    return read_record(path, EvidenceSummary) if path.exists() else None
