"""The steps of the analysis: the evidence on every curve of a part, and the evidence of all parts together."""

import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from losslaws.analyses.evidence.batches import Batch, usable_batches
from losslaws.analyses.evidence.bootstrap import bootstrap
from losslaws.analyses.evidence.correlated import CORRELATED, Fits, criterion, judge, vuong_p
from losslaws.analyses.evidence.holdout import LAST_VALUE, half_fits, holdout_scores
from losslaws.analyses.evidence.results import CurveEvidence, CurveOutcome, EvidenceSummary, Numbers, identity
from losslaws.analyses.evidence.settings import Settings
from losslaws.analyses.evidence.tables import read_rows, write_rows, write_summary
from losslaws.analyses.work import Work
from losslaws.config.fitting import Fitting
from losslaws.core.arrays import Array
from losslaws.core.progress import Progress
from losslaws.curves.curve import Curve
from losslaws.fitting.fit_table import known_deviance
from losslaws.fitting.law_fits import LawFits, fit_law
from losslaws.fitting.options import FitOptions
from losslaws.fitting.residual_tests import ljung_box
from losslaws.fitting.residuals import effective_size, lag_one, misfit_share
from losslaws.fitting.status import STATUS_TEXT
from losslaws.laws.law import Law


def judge_part(work: Work[Settings]) -> None:
    """Write the evidence on every curve of a part."""
    found = judge_curves(work.curves(), work.laws, work.fitting, work.settings)
    origin = {"fitting": asdict(work.fitting), "evidence": asdict(work.settings)}
    write_rows(work.output("verdicts"), found, CurveEvidence, origin)


def join(work: Work[Settings]) -> None:
    """Join the evidence and the multiverse of all parts."""
    summary = EvidenceSummary(
        read_rows(work.inputs["verdicts"], CurveEvidence), read_rows(work.inputs["universes"], CurveOutcome)
    )
    write_summary(work.output("summary"), work.output("evidence_table"), work.output("multiverse_table"), summary)


@dataclass(frozen=True)
class CurveFits:
    """Every law fitted to one curve.

    Attributes
    ----------
    t, loss : ndarray of shape (n,)
        The points that were fitted.
    laws : sequence of Law
        The candidates.
    options : FitOptions
        The published analysis.
    published : mapping of str to LawFits
        Its fits, which take the points for independent.
    correlated : mapping of str to LawFits
        Fits with the options `CORRELATED`.
    """

    t: Array
    loss: Array
    laws: Sequence[Law]
    options: FitOptions
    published: Fits
    correlated: Fits


def judge_curves(
    curves: Sequence[Curve], laws: Sequence[Law], fitting: Fitting, settings: Settings
) -> list[CurveEvidence]:
    """Return the evidence on every curve.

    Parameters
    ----------
    curves : sequence of Curve
        The curves; those that share their t are fitted together.
    laws : sequence of Law
        The candidates.
    fitting : Fitting
        Points left out at the start, and bounds of the published analysis, which the bootstrap and the hold-out repeat.
    settings : Settings
        Replicates of the bootstrap, and whether to hold out.
    """
    options = FitOptions(preset=fitting.bounds)
    found: dict[int, CurveEvidence] = {}
    progress = Progress("curves judged", len(curves))
    for batch in usable_batches(curves, lambda n: fitting.skip):
        for number, status in batch.unusable.items():
            found[number] = _unusable(curves[number], laws, status)
            progress.add(1)
        if not batch.members:
            continue
        published, correlated = _fit(laws, batch, options), _fit(laws, batch, CORRELATED)
        for place, number in enumerate(batch.members):
            own = [{name: fits.rows([place]) for name, fits in every.items()} for every in (published, correlated)]
            found[number] = _judged(
                curves[number], CurveFits(batch.t, batch.losses[place], laws, options, *own), settings
            )
            progress.add(1)
    return [found[number] for number in range(len(curves))]


def _fit(laws: Sequence[Law], batch: Batch, options: FitOptions) -> dict[str, LawFits]:
    """Fit every law to all curves; deviances below that of rounding mean nothing and are set to it."""
    every = [fit_law(law, batch.t, batch.losses, options) for law in laws]
    return {fits.law.name: replace(fits, deviance=known_deviance(fits, batch.losses, options)) for fits in every}


def _unusable(curve: Curve, laws: Sequence[Law], status: str) -> CurveEvidence:
    return CurveEvidence(
        *identity(curve),
        laws=tuple(law.name for law in laws),
        aic=None,
        aic_weight=None,
        aic_ar1=None,
        aic_ar1_weight=None,
        rho=None,
        verdict="no fit",
        verdict_laws=(),
        reason=STATUS_TEXT[status],
    )


def _judged(curve: Curve, fits: CurveFits, settings: Settings) -> CurveEvidence:
    """Return the evidence on one curve."""
    judged = judge(fits.t, fits.loss, fits.laws, fits.correlated)
    aic, aic_weight = _weights(fits.published)
    aic_ar1, aic_ar1_weight = _weights(fits.correlated)
    found = CurveEvidence(
        *identity(curve),
        laws=tuple(law.name for law in fits.laws),
        aic=aic,
        aic_weight=aic_weight,
        aic_ar1=aic_ar1,
        aic_ar1_weight=aic_ar1_weight,
        rho=tuple(_finite(entry.rho[0]) for entry in fits.correlated.values()),
        verdict=judged.kind,
        verdict_laws=judged.laws,
        reason=judged.reason,
    )
    best = min(fits.published.values(), key=criterion)
    if not np.isfinite(criterion(best)):
        return found
    found = _with_diagnostics(found, fits, best)
    if settings.replicates:
        found = _with_bootstrap(found, fits, best, settings.replicates)
    return _with_holdout(found, fits) if settings.holdout else found


def _with_diagnostics(found: CurveEvidence, fits: CurveFits, best: LawFits) -> CurveEvidence:
    """Describe the residuals of the law that wins the published analysis."""
    residuals = fits.loss - best.fitted[0]
    share, tenth = misfit_share(residuals)
    return replace(
        found,
        lag_one=float(lag_one(residuals[None, :])[0]),
        effective_size=float(effective_size(residuals[None, :])[0]),
        ljung_box_p=ljung_box(residuals),
        misfit_share=share,
        misfit_tenth=tenth,
        vuong_p=vuong_p(fits.t, fits.loss, fits.laws, fits.correlated),
    )


def _with_bootstrap(found: CurveEvidence, fits: CurveFits, best: LawFits, replicates: int) -> CurveEvidence:
    seed = zlib.crc32(found.curve.encode())
    sample = bootstrap(fits.t, fits.loss, best, fits.laws, fits.options, replicates, seed)
    return replace(
        found,
        block_length=sample.block,
        bootstrap_wins=tuple(sample.wins[law.name] for law in fits.laws),
        parameters=best.law.parameters,
        lower=tuple(sample.lower.values()),
        upper=tuple(sample.upper.values()),
    )


def _with_holdout(found: CurveEvidence, fits: CurveFits) -> CurveEvidence:
    losses = fits.loss[None, :]
    halves = half_fits(fits.t, losses, fits.laws, fits.options, fits.published)
    scores = holdout_scores(fits.t, losses, halves, fits.options)
    return replace(
        found,
        holdout=tuple(_finite(scores[law.name][0]) for law in fits.laws),
        holdout_last_value=float(scores[LAST_VALUE][0]),
    )


def _weights(fits: Fits) -> tuple[Numbers, Numbers]:
    """Return each law's criterion and its Akaike weight, exp(−Δ/2) normalised (Burnham and Anderson 2002)."""
    values = np.array([criterion(entry) for entry in fits.values()])
    if not np.isfinite(values).any():
        return (None,) * len(fits), (None,) * len(fits)
    weight = np.exp(-0.5 * (values - values.min()))
    return tuple(map(_finite, values)), tuple((weight / weight.sum()).tolist())


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
