"""A section for every curve: its laws, and the points that its chart draws."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from losslaws.analyses.evidence.results import CurveEvidence
from losslaws.core.arrays import Array
from losslaws.fitting.fitted import FittedCurve, FittedLaw
from losslaws.laws.law import Law
from losslaws.report.text import fixed, number

MOST_CURVES = 2000
"""Curves with a section of their own; a page with more would be slow to open. All are in the tables."""

POINT_BUDGET, MOST_POINTS, FEWEST_POINTS = 120_000, 500, 60
DIGITS = 5


def details(
    runs: Sequence[FittedCurve], laws: Sequence[Law], skip: int, evidence: Mapping[str, CurveEvidence]
) -> list[dict[str, Any]]:
    """Return what the sections of the first curves show.

    Parameters
    ----------
    runs : sequence of FittedCurve
        All curves.
    laws : sequence of Law
        The candidates.
    skip : int
        Points that were not fitted.
    evidence : mapping of curve to CurveEvidence
        The evidence on each, empty without that analysis.
    """
    shown = runs[:MOST_CURVES]
    points = int(np.clip(POINT_BUDGET // max(len(shown), 1), FEWEST_POINTS, MOST_POINTS))
    by_name = {law.name: law for law in laws}
    return [
        {
            "name": run.curve.name,
            "attributes": ", ".join(f"{key} {value}" for key, value in run.curve.attributes.items()),
            "points": run.curve.t.size,
            "laws": [_law(fit, by_name[fit.law]) for fit in run.fits],
            "verdict": evidence.get(run.curve.name),
            "chart": _chart(run, by_name, skip, points),
        }
        for run in shown
    ]


def _law(fit: FittedLaw, law: Law) -> dict[str, Any]:
    return {
        "form": fit.law,
        "formula": law.formula,
        "status": fit.status,
        "parameters": [_parameter(fit, name) for name in law.parameters if name in fit.params],
        "aic": fixed(fit.aic),
        "bic": fixed(fit.bic),
        "r2": number(fit.r2, 6),
        "rss": number(fit.rss),
    }


def _parameter(fit: FittedLaw, name: str) -> str:
    error = fit.errors.get(name)
    mark = " (on a bound)" if name in fit.at_bound else ""
    known = error is not None and np.isfinite(error)
    return f"{name} = {number(fit.params[name])}{f' ± {number(error, 2)}' if known else ''}{mark}"


def _chart(run: FittedCurve, laws: Mapping[str, Law], skip: int, points: int) -> dict[str, Any]:
    """Return points evenly spaced in the logarithm of t, and every law at them; null where it was not fitted."""
    kept = thinned(run.curve.t, points)
    t, loss = run.curve.t[kept], run.curve.loss[kept]
    fitted = kept >= skip
    values = {}
    for fit in run.converged:
        law = np.full(t.size, np.nan)
        law[fitted] = laws[fit.law](t[fitted], fit.params)
        values[fit.law] = _rounded(law)
    return {"t": _rounded(t), "loss": _rounded(loss), "laws": values}


def thinned(t: Array, most: int) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Return indices of at most `most` points, evenly spaced in ln t, with the first and the last."""
    if t.size <= most:
        return np.arange(t.size)
    wanted = np.geomspace(t[0], t[-1], most)
    return np.unique(np.clip(np.searchsorted(t, wanted), 0, t.size - 1))


def _rounded(values: Array) -> list[float | None]:
    return [float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None for value in values]
