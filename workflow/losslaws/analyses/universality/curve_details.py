"""A section for every curve: its laws, and the points that its chart draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from losslaws.analyses.evidence.results import CurveEvidence
from losslaws.core.arrays import Array
from losslaws.curves.thinning import log_points
from losslaws.fitting.fitted import FittedCurve, FittedLaw
from losslaws.report.text import fixed, number

MAX_CURVES = 2000
"""Curves with a section of their own; a page with more would be slow to open. All are in the tables."""

POINT_BUDGET, MAX_POINTS, MIN_POINTS = 120_000, 500, 60
DIGITS = 5

Numbers = list[float | None]


@dataclass(frozen=True)
class LawDetails:
    """One law as a row of text cells."""

    law: str
    formula: str
    status: str
    parameters: list[str]
    aic: str
    bic: str
    r2: str
    rss: str


@dataclass(frozen=True)
class Chart:
    """What a chart draws: points evenly spaced in the logarithm of t, every law at them, null where it was not fitted.

    Residuals are for the page to compute.
    """

    t: Numbers
    loss: Numbers
    laws: dict[str, Numbers]


@dataclass(frozen=True)
class CurveDetails:
    """What the section of one curve shows.

    Attributes
    ----------
    name, attributes : str
        The curve, and what is known of it.
    points : int
        How many it has.
    laws : list of LawDetails
        Its fits, best first.
    verdict, reason : str
        What the evidence on it says, and why; empty without that analysis.
    chart : Chart
        Its chart.
    """

    name: str
    attributes: str
    points: int
    laws: list[LawDetails]
    verdict: str
    reason: str
    chart: Chart


def details(runs: Sequence[FittedCurve], skip: int, evidence: Mapping[str, CurveEvidence]) -> list[CurveDetails]:
    """Return what the sections of the first curves show.

    Parameters
    ----------
    runs : sequence of FittedCurve
        All curves.
    skip : int
        Points that were not fitted.
    evidence : mapping of str to CurveEvidence
        By the curve's name; empty without that analysis.
    """
    shown = runs[:MAX_CURVES]
    points = int(np.clip(POINT_BUDGET // max(len(shown), 1), MIN_POINTS, MAX_POINTS))
    judged = [evidence.get(run.curve.name) for run in shown]
    return [
        CurveDetails(
            name=run.curve.name,
            attributes=", ".join(f"{key} {value}" for key, value in run.curve.attributes.items()),
            points=run.curve.t.size,
            laws=[_law(fit) for fit in run.fits],
            verdict=found.verdict_text if found else "",
            reason=found.reason if found else "",
            chart=_chart(run, skip, points),
        )
        for run, found in zip(shown, judged, strict=True)
    ]


def _law(fit: FittedLaw) -> LawDetails:
    return LawDetails(
        law=fit.name,
        formula=fit.law.formula,
        status=fit.status,
        parameters=[_parameter(fit, name) for name in fit.params],
        aic=fixed(fit.aic),
        bic=fixed(fit.bic),
        r2=number(fit.r2, 6),
        rss=number(fit.rss),
    )


def _parameter(fit: FittedLaw, name: str) -> str:
    error = f" ± {number(fit.errors[name], 2)}" if name in fit.errors else ""
    return f"{name} = {number(fit.params[name])}{error}{' (on a bound)' if name in fit.at_bound else ''}"


def _chart(run: FittedCurve, skip: int, points: int) -> Chart:
    kept = log_points(run.curve.t, points)
    t, loss = run.curve.t[kept], run.curve.loss[kept]
    fitted = kept >= skip
    laws = {}
    for fit in run.converged:
        values = np.full(t.size, np.nan)
        values[fitted] = fit(t[fitted])
        laws[fit.name] = _rounded(values)
    return Chart(_rounded(t), _rounded(loss), laws)


def _rounded(values: Array) -> Numbers:
    return [float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None for value in values]
