"""The fits of one curve, to look at: tables, notebooks, pictures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.core.registry import unknown
from losslaws.curves.curve import Curve
from losslaws.fitting.fit_table import fit_curves
from losslaws.fitting.fitted import FittedCurve, FittedLaw, join_fits
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

CHOICES = {
    "bounds": ("paper", "wide"),
    "space": ("linear", "log"),
    "errors": ("independent", "ar1"),
}


@dataclass(frozen=True)
class Fit:
    """One law fitted to one curve.

    Attributes
    ----------
    law : Law
        The law.
    result : FittedLaw
        Status, parameters, standard errors, and how well it fits.
    """

    law: Law
    result: FittedLaw

    @property
    def name(self) -> str:
        """The law's name."""
        return self.law.name

    @property
    def params(self) -> dict[str, float]:
        """Parameters; where the optimum lies at infinity, a finite point next to it; empty without a fit."""
        return self.result.params

    @property
    def errors(self) -> dict[str, float]:
        """Standard errors of those parameters that have one."""
        return self.result.errors

    @property
    def aic(self) -> float | None:
        """Akaike's information criterion."""
        return self.result.aic

    @property
    def r2(self) -> float | None:
        """The share of the variance that is explained."""
        return self.result.r2

    def __call__(self, t: object) -> Array:
        """Return the fitted loss at `t`.

        Raises
        ------
        LosslawsError
            If there is no fit.
        """
        if not self.result.converged:
            raise LosslawsError(f"{self.name} has {STATUS_TEXT[self.result.status]}")
        return self.law(np.asarray(t, dtype=np.float64), self.params)

    def as_dict(self) -> dict[str, object]:
        """Return the fit as numbers and texts for JSON."""
        names = ("status", "params", "errors", "at_bound", "n", "k", "rss", "r2", "aic", "aicc", "bic")
        return {"law": self.name, **{name: getattr(self.result, name) for name in names}}

    def parameters_text(self) -> str:
        """Return parameters with standard errors: ``a = 2.1 ± 0.1``; a star marks a bound."""
        cells = []
        for name, value in self.params.items():
            error = f" ± {self.errors[name]:.1g}" if name in self.errors else ""
            cells.append(f"{name} = {value:.4g}{error}{'*' if name in self.result.at_bound else ''}")
        return ", ".join(cells)


@dataclass(frozen=True)
class Fits:
    """Laws fitted to one curve, best first by AIC; laws without a fit last."""

    run: FittedCurve
    laws: Sequence[Law]
    skip: int

    def __iter__(self) -> Iterator[Fit]:
        by_name = {law.name: law for law in self.laws}
        return (Fit(by_name[fit.law], fit) for fit in self.run.fits)

    def __len__(self) -> int:
        return len(self.run.fits)

    def __getitem__(self, law: str) -> Fit:
        for fit in self:
            if fit.name == law:
                return fit
        raise LosslawsError(f"law {unknown(law, [fit.name for fit in self])}")

    @property
    def best(self) -> Fit:
        """The fit with the lowest AIC.

        Raises
        ------
        LosslawsError
            If no law has a fit.
        """
        fit = next(iter(self))
        if not fit.result.converged:
            raise LosslawsError(f"no law fits curve {self.run.curve.name!r}: {STATUS_TEXT[fit.result.status]}")
        return fit

    def as_dict(self) -> dict[str, object]:
        """Return all fits for JSON."""
        best = self.run.support
        return {
            "curve": self.run.curve.name,
            "best": best.best,
            "delta_aic": best.delta_aic,
            "support": best.level,
            "fits": [fit.as_dict() for fit in self],
        }

    def table(self) -> str:
        """Return the fits as aligned text, with what to keep in mind."""
        return "\n".join([table(*self._cells()), "", *map(paragraph, self._remarks())])

    def plot(self) -> Any:
        """Return a matplotlib Figure: the points, all laws, and their residuals beneath."""
        from losslaws.plotting import fits
        from losslaws.plotting.draw import make_figure

        return make_figure(fits.draw, [self.run], self.laws, self.skip)

    def __repr__(self) -> str:
        return self.table()

    def _repr_html_(self) -> str:
        return html_table(*self._cells())

    def _cells(self) -> tuple[list[str], list[list[str]]]:
        lowest = self.run.fits[0].aic or 0.0
        rows = []
        for fit in self:
            if fit.result.converged:
                distance = fixed(float(fit.aic or 0.0) - lowest)
                rows.append([fit.name, distance, number(fit.r2, 6), fit.parameters_text()])
            else:
                rows.append([fit.name, "–", "–", STATUS_TEXT[fit.result.status]])
        return ["law", "ΔAIC", "R²", "parameters"], rows

    def _remarks(self) -> list[str]:
        fits = list(self)
        if not fits[0].result.converged:
            return ["No law has a fit."]
        remarks = [f"{fits[0].name} fits best: {fits[0].law.formula}."]
        if any(fit.result.at_bound for fit in fits):
            remarks.append("* on a bound of the search, or at a limit of the law.")
        curve = self.run.curve
        residuals = curve.loss[self.skip :] - fits[0](curve.t[self.skip :])
        correlation = float(autocorrelation(residuals, 1)[1])
        if correlation > CORRELATED:
            remarks.append(
                f"Neighbouring residuals of {fits[0].name} are alike (lag-one correlation {correlation:.2f}), but ΔAIC "
                "counts every point as independent: it overstates the difference."
            )
        return remarks


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
    rows = fit_curves([curve], chosen, skip, settings)
    return Fits(join_fits([curve], rows, chosen)[0], chosen, int(skip))
