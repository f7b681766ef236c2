"""The fits of one curve, to look at: tables, notebooks, pictures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from losslaws.core.errors import LosslawsError
from losslaws.core.registry import unknown
from losslaws.curves.curve import Curve
from losslaws.fitting.fit_table import fit_each
from losslaws.fitting.fitted import FittedCurve, FittedLaw
from losslaws.fitting.options import FitOptions
from losslaws.fitting.residuals import autocorrelation
from losslaws.fitting.status import STATUS_TEXT
from losslaws.forecasting.candidates import load_laws
from losslaws.laws.law import Law
from losslaws.report.text import fixed, html_table, number, paragraph, table

FIT_LAWS = ("power_law", "exponential", "stretched_exp", "log_power", "shifted_power_law")
"""The laws of the default study, and the power law with a shifted origin."""

CORRELATED = 0.3
"""Above this lag-one correlation of the residuals it is said that AIC counts too many points."""

WRITTEN = ("status", "params", "errors", "at_bound", "n", "k", "rss", "r2", "aic", "aicc", "bic")
"""What JSON has of each fit."""

CHOICES = {
    "bounds": ("paper", "wide"),
    "space": ("linear", "log"),
    "errors": ("independent", "ar1"),
}


@dataclass(frozen=True)
class Fits:
    """Laws fitted to one curve, best first by AIC; laws without a fit last.

    Attributes
    ----------
    fitted : FittedCurve
        The curve with its fits.
    laws : sequence of Law
        The candidates.
    skip : int
        How many of the first points were left out.
    """

    fitted: FittedCurve
    laws: Sequence[Law]
    skip: int

    def __iter__(self) -> Iterator[FittedLaw]:
        return iter(self.fitted.fits)

    def __len__(self) -> int:
        return len(self.fitted.fits)

    def __getitem__(self, law: str) -> FittedLaw:
        for fit in self:
            if fit.name == law:
                return fit
        raise LosslawsError(f"law {unknown(law, [fit.name for fit in self])}")

    @property
    def best(self) -> FittedLaw:
        """The fit with the lowest AIC.

        Raises
        ------
        LosslawsError
            If no law has a fit.
        """
        fit = self.fitted.fits[0]
        if not fit.converged:
            raise LosslawsError(f"no law fits curve {self.fitted.curve.name!r}: {STATUS_TEXT[fit.status]}")
        return fit

    def as_dict(self) -> dict[str, object]:
        """Return all fits for JSON."""
        best = self.fitted.support
        return {
            "curve": self.fitted.curve.name,
            "best": best.best,
            "delta_aic": best.delta_aic,
            "support": best.level,
            "fits": [{"law": fit.name, **{name: getattr(fit, name) for name in WRITTEN}} for fit in self],
        }

    def table(self) -> str:
        """Return the fits as aligned text, with remarks."""
        return "\n".join([table(*self._cells()), "", *map(paragraph, self._remarks())])

    def plot(self) -> Any:
        """Return a matplotlib Figure: the points, all laws, and their residuals beneath."""
        from losslaws.plotting import fits
        from losslaws.plotting.draw import make_figure

        return make_figure(fits.draw, [self.fitted], self.laws, self.skip)

    def __repr__(self) -> str:
        return self.table()

    def _repr_html_(self) -> str:
        return html_table(*self._cells())

    def _cells(self) -> tuple[list[str], list[list[str]]]:
        lowest = self.fitted.fits[0].aic or 0.0
        rows = []
        for fit in self:
            if fit.converged:
                distance = fixed(float(fit.aic or 0.0) - lowest)
                rows.append([fit.name, distance, number(fit.r2, 6), _parameters(fit)])
            else:
                rows.append([fit.name, "–", "–", STATUS_TEXT[fit.status]])
        return ["law", "ΔAIC", "R²", "parameters"], rows

    def _remarks(self) -> list[str]:
        first = self.fitted.fits[0]
        if not first.converged:
            return ["No law has a fit."]
        remarks = [f"{first.name} fits best: {first.law.formula}."]
        if any(fit.at_bound for fit in self):
            remarks.append("* on a bound of the search, or at a limit of the law.")
        curve = self.fitted.curve
        residuals = curve.loss[self.skip :] - first(curve.t[self.skip :])
        correlation = float(autocorrelation(residuals, 1)[1])
        if correlation > CORRELATED:
            remarks.append(
                f"Residuals of {first.name} are autocorrelated (lag one: {correlation:.2f}), but ΔAIC counts every "
                "point as independent, so it overstates the difference."
            )
        return remarks


def _parameters(fit: FittedLaw) -> str:
    """Return parameters with standard errors: ``a = 2.1 ± 0.1``; a star marks a bound."""
    cells = []
    for name, value in fit.params.items():
        error = f" ± {fit.errors[name]:.1g}" if name in fit.errors else ""
        cells.append(f"{name} = {value:.4g}{error}{'*' if name in fit.at_bound else ''}")
    return ", ".join(cells)


def fit_one(curve: Curve, laws: Sequence[str] | None, skip: int, options: dict[str, str]) -> Fits:
    """Fit laws to one curve; see :func:`losslaws.api.fit`.

    Raises
    ------
    LosslawsError
        On an unknown law or option, or a skip that leaves no points.
    """
    for key, value in options.items():
        if value not in CHOICES[key]:
            raise LosslawsError(f"{key}: {unknown(value, list(CHOICES[key]))}")
    if isinstance(skip, bool) or not isinstance(skip, int | np.integer) or not 0 <= skip < curve.t.size:
        raise LosslawsError(f"skip: is {skip!r}; expected a whole number from 0 to {curve.t.size - 1}")
    if isinstance(laws, str):
        laws = [laws]
    chosen = load_laws(FIT_LAWS if laws is None else laws)
    settings = FitOptions(preset=options["bounds"], space=options["space"], errors=options["errors"])  # type: ignore[arg-type]
    (fitted,) = fit_each([curve], chosen, skip, settings)
    return Fits(fitted, chosen, int(skip))
