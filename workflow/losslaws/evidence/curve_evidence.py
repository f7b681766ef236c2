"""Everything that is said of one curve, as one row of the evidence table."""

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from losslaws import selection
from losslaws.arrays import Array
from losslaws.curves import Curve
from losslaws.evidence.bootstrap import bootstrap
from losslaws.evidence.holdout import LAST_VALUE, holdout_scores
from losslaws.evidence.nesting import containers, vuong
from losslaws.evidence.series import lack_of_fit, ljung_box, misfit_share, smooth_columns
from losslaws.evidence.verdict import Verdict, verdict
from losslaws.fitting.fit_table import unusable_reason
from losslaws.fitting.inference import effective_size, lag_one
from losslaws.fitting.law_fits import LawFits, fit_law
from losslaws.fitting.options import FitOptions
from losslaws.fitting.status import FITTED
from losslaws.fitting.whitening import gaps, whiten
from losslaws.laws._law import Law, Preset

CORRELATED = FitOptions(preset="wide", errors="ar1")
"""The verdict's fits: bounds that do not bind, and correlated errors."""


def curve_evidence(
    curve: Curve, laws: Sequence[Law], skip: int, preset: Preset, replicates: int, holdout: bool = True
) -> dict[str, Any]:
    """Return the row of the evidence table for one curve; see ``docs/reference/files.md`` for the columns.

    Parameters
    ----------
    curve : Curve
        The curve.
    laws : sequence of Law
        The candidates.
    skip : int
        Points left out at the start.
    preset : {"paper", "wide"}
        Bounds of the published analysis, which the bootstrap and the hold-out repeat.
    replicates : int
        Bootstrap replicates; 0 for none.
    holdout : bool
        Whether to score predictions of the second half.
    """
    t, loss = curve.t[skip:], curve.loss[skip:]
    row: dict[str, Any] = {"curve": curve.name, **curve.attributes, "laws": [law.name for law in laws]}
    problem = unusable_reason(loss)
    if problem or t.size < 2:
        return row | _judged(Verdict("no fit", [], f"the curve cannot be fitted: {problem or 'too_short'}"))
    published = FitOptions(preset=preset)
    plain = {law.name: fit_law(law, t, loss[None, :], published) for law in laws}
    correlated = {law.name: fit_law(law, t, loss[None, :], CORRELATED) for law in laws}
    row |= _weights(plain, "aic") | _weights(correlated, "aic_ar1")
    row["rho"] = [_finite(fits.rho[0]) for fits in correlated.values()]
    judged = judge(t, loss, laws, correlated)
    row |= _judged(judged)
    best = _best(plain)
    if best is None:
        return row
    row |= diagnostics(loss - plain[best].fitted[0])
    row["vuong_p"] = _vuong(t, loss, correlated, laws)
    law = next(law for law in laws if law.name == best)
    if replicates:
        seed = zlib.crc32(curve.name.encode())
        sample = bootstrap(t, plain, law, loss, laws, published, replicates, seed)
        row |= {"block_length": sample.block, "bootstrap_wins": [sample.wins[law.name] for law in laws]}
        row |= {"parameters": list(law.parameters), "lower": list(sample.lower.values())}
        row["upper"] = list(sample.upper.values())
    if holdout and t.size >= 4:
        scores = holdout_scores(t, loss[None, :], laws, published, plain)
        row["holdout"] = [_finite(scores[law.name][0]) for law in laws]
        row["holdout_last_value"] = float(scores[LAST_VALUE][0])
    return row


def judge(t: Array, loss: Array, laws: Sequence[Law], correlated: dict[str, LawFits]) -> Verdict:
    """Return the verdict on one curve from its fits under AR(1) errors."""
    fitted = [law for law in laws if correlated[law.name].status[0] in FITTED]
    smooth = smooth_columns(t)
    misfit = {}
    for law in fitted:
        rho = correlated[law.name].rho
        columns = whiten(smooth, np.repeat(rho, len(smooth)), gaps(t))
        misfit[law.name] = lack_of_fit(innovations(t, loss, correlated[law.name]), columns)
    return verdict(
        {law.name: float(correlated[law.name].deviance[0]) for law in fitted},
        {law.name: correlated[law.name].k + 1 for law in fitted},
        containers(laws),
        misfit,
    )


def innovations(t: Array, loss: Array, fits: LawFits) -> Array:
    """Return the whitened residuals of one curve, shape (n,)."""
    return whiten(loss[None, :] - fits.fitted, fits.rho, gaps(t))[0]


def diagnostics(residuals: Array) -> dict[str, Any]:
    """Describe the residuals of the law that wins the published analysis."""
    share, tenth = misfit_share(residuals)
    return {
        "lag_one": float(lag_one(residuals[None, :])[0]),
        "effective_size": float(effective_size(residuals[None, :])[0]),
        "ljung_box_p": ljung_box(residuals),
        "misfit_share": share,
        "misfit_tenth": tenth,
    }


def _judged(judged: Verdict) -> dict[str, Any]:
    return {"verdict": judged.kind, "verdict_laws": judged.laws, "reason": judged.reason}


def _best(fits: dict[str, LawFits]) -> str | None:
    criterion = {name: _criterion(entry) for name, entry in fits.items()}
    best = min(criterion, key=lambda name: criterion[name])
    return best if np.isfinite(criterion[best]) else None


def _criterion(fits: LawFits) -> float:
    if fits.status[0] not in FITTED:
        return float("inf")
    return float(selection.aic(fits.deviance, fits.k + int(np.isfinite(fits.rho[0])))[0])


def _weights(fits: dict[str, LawFits], name: str) -> dict[str, Any]:
    """Return each law's criterion and its Akaike weight, exp(−Δ/2) normalised (Burnham and Anderson 2002)."""
    criterion = np.array([_criterion(entry) for entry in fits.values()])
    if not np.isfinite(criterion).any():
        return {name: [None] * len(fits), f"{name}_weight": [None] * len(fits)}
    weight = np.exp(-0.5 * (criterion - criterion.min()))
    return {name: [_finite(value) for value in criterion], f"{name}_weight": (weight / weight.sum()).tolist()}


def _vuong(t: Array, loss: Array, correlated: dict[str, LawFits], laws: Sequence[Law]) -> float | None:
    """Return the p-value of Vuong's test of the best against the second law, None if one contains the other."""
    ranked = sorted((name for name in correlated if np.isfinite(_criterion(correlated[name]))), key=lambda name: _criterion(correlated[name]))
    if len(ranked) < 2:
        return None
    first, second = ranked[:2]
    nested = containers(laws)
    if (first, second) in nested or (second, first) in nested:
        return None
    extra = correlated[first].k - correlated[second].k
    return vuong(innovations(t, loss, correlated[first]), innovations(t, loss, correlated[second]), extra)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def evidence_rows(
    curves: Sequence[Curve], laws: Sequence[Law], skip: int, preset: Preset, replicates: int
) -> list[dict[str, Any]]:
    """Return one row per curve."""
    return [curve_evidence(curve, laws, skip, preset, replicates) for curve in curves]

