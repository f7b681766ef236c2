"""The evidence on one curve, as one row of the evidence table."""

import zlib
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from losslaws.analyses.evidence.bootstrap import bootstrap
from losslaws.analyses.evidence.holdout import LAST_VALUE, half_fits, holdout_scores
from losslaws.analyses.evidence.nesting import containers, vuong
from losslaws.analyses.evidence.settings import Settings
from losslaws.analyses.evidence.tables import EVIDENCE, read_rows, write_rows
from losslaws.analyses.evidence.verdict import Verdict, discount, verdict
from losslaws.analyses.work import Work
from losslaws.core.arrays import Array
from losslaws.core.progress import Progress
from losslaws.curves.curve import Curve
from losslaws.fitting import selection
from losslaws.fitting.fit_table import batches, known_deviance, rounding_deviance, unusable_reason
from losslaws.fitting.inference import effective_size, lag_one
from losslaws.fitting.law_fits import LawFits, fit_law
from losslaws.fitting.options import FitOptions
from losslaws.fitting.residuals import lack_of_fit, ljung_box, misfit_share, smooth_columns
from losslaws.fitting.status import FITTED, STATUS_TEXT, TOO_SHORT
from losslaws.fitting.whitening import gaps, whiten
from losslaws.laws.law import Law, Preset
from losslaws.storage.csv_tables import write_csv
from losslaws.storage.files import finite, write_json

CORRELATED = FitOptions(preset="wide", errors="ar1")
"""The verdict's fits: bounds that do not bind, and correlated errors."""


def judge_part(work: Work[Settings]) -> None:
    """Write the evidence on every curve of a part."""
    fitting, settings = work.fitting, work.settings
    rows = evidence_rows(work.curves(), work.laws, fitting.skip, fitting.bounds, settings.replicates, settings.holdout)
    origin = {"fitting": asdict(fitting), "evidence": asdict(settings)}
    write_rows(work.output("verdicts"), rows, EVIDENCE, origin)


def join(work: Work[Settings]) -> None:
    """Join the evidence and the multiverse of all parts."""
    evidence, multiverse = read_rows(work.inputs["verdicts"]), read_rows(work.inputs["universes"])
    write_json(work.output("summary"), finite({"curves": evidence, "multiverse": multiverse}))
    write_csv(work.output("evidence_table"), evidence)
    write_csv(work.output("multiverse_table"), multiverse)


def evidence_rows(
    curves: Sequence[Curve], laws: Sequence[Law], skip: int, preset: Preset, replicates: int, holdout: bool
) -> list[dict[str, Any]]:
    """Return one row of the evidence table per curve; see ``docs/reference/files.md`` for the columns.

    Parameters
    ----------
    curves : sequence of Curve
        The curves; those that share their t are fitted together.
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
    rows: list[dict[str, Any]] = [{} for _ in curves]
    published = FitOptions(preset=preset)
    progress = Progress("curves judged", len(curves))
    for members, t, losses in batches(curves, skip):
        reasons = [TOO_SHORT if t.size < 4 else unusable_reason(loss) for loss in losses]
        usable = [number for number, reason in enumerate(reasons) if reason is None]
        plain = {law.name: _fits(law, t, losses[usable], published) for law in laws} if usable else {}
        correlated = {law.name: _fits(law, t, losses[usable], CORRELATED) for law in laws} if usable else {}
        for number, member in enumerate(members):
            progress.add(1)
            curve, reason = curves[member], reasons[number]
            about = {"curve": curve.name, **curve.attributes, "laws": [law.name for law in laws]}
            if reason:
                rows[member] = about | _judged(Verdict("no fit", [], STATUS_TEXT[reason]))
                continue
            place = [usable.index(number)]
            own = {name: fits.rows(place) for name, fits in plain.items()}
            own_correlated = {name: fits.rows(place) for name, fits in correlated.items()}
            row = _evidence(t, losses[number], laws, own, own_correlated)
            if row["best"]:
                seed = zlib.crc32(curve.name.encode())
                row |= _resampled(t, losses[number], laws, own, row["best"], published, replicates, seed)
                row |= _predicted(t, losses[number], laws, own, published) if holdout else {}
            del row["best"]
            rows[member] = about | row
    return rows


def _fits(law: Law, t: Array, losses: Array, options: FitOptions) -> LawFits:
    """Fit a law to all curves; deviances below that of rounding mean nothing and are set to it."""
    fits = fit_law(law, t, losses, options)
    return replace(fits, deviance=known_deviance(fits, losses, options))


def _evidence(
    t: Array, loss: Array, laws: Sequence[Law], plain: dict[str, LawFits], correlated: dict[str, LawFits]
) -> dict[str, Any]:
    """Return weights, verdict and diagnostics of one curve, and the law that wins the published analysis."""
    best = _best(plain)
    row = _weights(plain, "aic") | _weights(correlated, "aic_ar1") | _judged(judge(t, loss, laws, correlated))
    row |= {"rho": [_finite(fits.rho[0]) for fits in correlated.values()], "best": best}
    if best is not None:
        row |= diagnostics(loss - plain[best].fitted[0])
        row["vuong_p"] = _vuong(t, loss, correlated, laws)
    return row


def _resampled(
    t: Array,
    loss: Array,
    laws: Sequence[Law],
    plain: dict[str, LawFits],
    best: str,
    options: FitOptions,
    replicates: int,
    seed: int,
) -> dict[str, Any]:
    if not replicates:
        return {}
    law = next(law for law in laws if law.name == best)
    sample = bootstrap(t, plain, law, loss, laws, options, replicates, seed)
    return {
        "block_length": sample.block,
        "bootstrap_wins": [sample.wins[law.name] for law in laws],
        "parameters": list(law.parameters),
        "lower": list(sample.lower.values()),
        "upper": list(sample.upper.values()),
    }


def _predicted(
    t: Array, loss: Array, laws: Sequence[Law], plain: dict[str, LawFits], options: FitOptions
) -> dict[str, Any]:
    losses = loss[None, :]
    scores = holdout_scores(t, losses, half_fits(t, losses, laws, options, plain), options)
    return {
        "holdout": [_finite(scores[law.name][0]) for law in laws],
        "holdout_last_value": float(scores[LAST_VALUE][0]),
    }


def judge(t: Array, loss: Array, laws: Sequence[Law], correlated: dict[str, LawFits]) -> Verdict:
    """Return the verdict on one curve from its fits under AR(1) errors."""
    fitted = [law for law in laws if correlated[law.name].status[0] in FITTED]
    smooth = smooth_columns(t)
    rounding = rounding_deviance(loss[None, :], CORRELATED)[0]
    misfit = {}
    for law in fitted:
        fits = correlated[law.name]
        columns = whiten(smooth, np.repeat(fits.rho, len(smooth)), gaps(t))
        exact = fits.deviance[0] <= rounding
        misfit[law.name] = 1.0 if exact else lack_of_fit(innovations(t, loss, fits), columns)
    best = min(fitted, key=lambda law: _criterion(correlated[law.name]), default=None)
    return verdict(
        {law.name: float(correlated[law.name].deviance[0]) for law in fitted},
        {law.name: correlated[law.name].k + 1 for law in fitted},
        containers(laws),
        misfit,
        discount(t.size, float(correlated[best.name].rho[0]), correlated[best.name].k) if best else 1.0,
    )


def innovations(t: Array, loss: Array, fits: LawFits) -> Array:
    """Return the whitened residuals of one curve, shape (n,)."""
    return np.asarray(whiten(loss[None, :] - fits.fitted, fits.rho, gaps(t))[0])


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
    ranked = sorted(
        (name for name in correlated if np.isfinite(_criterion(correlated[name]))),
        key=lambda name: _criterion(correlated[name]),
    )
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
