"""The multiverse: which law wins one curve under every reasonable combination of analysis choices."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Literal

import numpy as np

from losslaws.analyses.evidence.batches import Batch, usable_batches
from losslaws.analyses.evidence.holdout import half_fits, holdout_scores, known_shapes
from losslaws.analyses.evidence.results import CurveOutcome, identity
from losslaws.analyses.evidence.settings import Settings
from losslaws.analyses.evidence.tables import write_rows
from losslaws.analyses.work import Work
from losslaws.core.arrays import Array
from losslaws.core.progress import Progress
from losslaws.curves.curve import Curve
from losslaws.fitting import selection
from losslaws.fitting.fit_table import known_deviance
from losslaws.fitting.law_fits import LawFits, fit_within
from losslaws.fitting.options import FitOptions
from losslaws.fitting.status import FITTED
from losslaws.laws.law import Law, Preset

SKIPS = ("0", "10", "50", "1%")
"""Points left out at the start, besides what the experiment leaves out."""

CRITERIA = ("aic", "aicc", "bic", "holdout")


@dataclass(frozen=True)
class Choice:
    """One combination of analysis choices, but for the criterion.

    Attributes
    ----------
    bounds : {"paper", "wide"}
        Bounds of the shapes.
    space : {"linear", "log"}
        Residuals of the loss or of its logarithm.
    errors : {"independent", "ar1"}
        Error model.
    skip : str
        Points left out at the start, a number or a percentage.
    """

    bounds: Preset
    space: Literal["linear", "log"]
    errors: Literal["independent", "ar1"]
    skip: str

    @property
    def options(self) -> FitOptions:
        """The options of the fit."""
        return FitOptions(preset=self.bounds, space=self.space, errors=self.errors, covariance="none")

    def points(self, n: int) -> int:
        """Return how many of `n` points are left out."""
        return int(float(self.skip[:-1]) / 100 * n) if self.skip.endswith("%") else int(self.skip)


def skips(skip: int) -> list[str]:
    """Return the choices of what is left out at the start, `skip` points first."""
    return list(dict.fromkeys([str(skip), *SKIPS]))


def choices(skip: int) -> Iterator[Choice]:
    """Yield every combination but for the criterion; of those that differ in what is skipped, `skip` points first."""
    bounds: tuple[Preset, ...] = ("paper", "wide")
    spaces: tuple[Literal["linear", "log"], ...] = ("linear", "log")
    errors: tuple[Literal["independent", "ar1"], ...] = ("independent", "ar1")
    for combination in product(bounds, spaces, errors):
        for points in skips(skip):
            yield Choice(*combination, points)


def plan(skip: int) -> list[tuple[Choice, Choice]]:
    """Return the pairs of choices that are fitted one after the other: wide bounds, then those of the published study.

    Many optima under wide bounds lie within the narrow ones, and are the optima there as well. `skip` points left out
    come before other numbers, whose searches gain a start from them; with one number after the other, fits that differ
    in space or errors share their searches.
    """
    every = list(choices(skip))
    return [
        (choice, replace(choice, bounds="paper"))
        for points in skips(skip)
        for choice in every
        if (choice.bounds, choice.skip) == ("wide", points)
    ]


def fit_universes(work: Work[Settings]) -> None:
    """Write which law wins every curve of a part in every universe."""
    found = multiverse(work.curves(), work.laws, work.fitting.skip)
    write_rows(work.output("universes"), found, CurveOutcome, {"fitting": asdict(work.fitting)})


def multiverse(curves: Sequence[Curve], laws: Sequence[Law], skip: int) -> list[CurveOutcome]:
    """Return which law wins each curve under each choice and criterion, the law after it, and by how much.

    Parameters
    ----------
    curves : sequence of Curve
        The curves; those that share their t are fitted together.
    laws : sequence of Law
        The candidates.
    skip : int
        Points that the published analysis leaves out at the start.
    """
    found: dict[Choice, list[CurveOutcome]] = {choice: [] for choice in choices(skip)}
    starts: Starts = {}
    progress = Progress("analyses of curves", len(found) * len(curves))
    for pair in plan(skip):
        for batch in usable_batches(curves, pair[0].points):
            wider: ChoiceFits | None = None
            for choice in pair:
                found[choice] += _without_fit(curves, batch, choice, laws)
                if batch.members:
                    wider = _fit(laws, batch, choice, _starts(starts, batch, choice, skip), wider)
                    _remember(starts, batch, choice, skip, wider)
                    found[choice] += _outcomes(curves, batch, wider)
                progress.add(len(batch.members) + len(batch.unusable))
    return [row for rows in found.values() for row in rows]


@dataclass(frozen=True)
class ChoiceFits:
    """Every law fitted to a batch under one choice: the whole curves, and their first halves."""

    choice: Choice
    whole: dict[str, LawFits]
    halves: dict[str, LawFits]


Shapes = Mapping[str, Array | None]
Starts = dict[tuple[tuple[int, ...], Choice], Shapes]
"""Fitted shapes by curves and choice, whatever was left out, from which later searches of the same curves start."""


def _starts(starts: Starts, batch: Batch, choice: Choice, skip: int) -> Shapes:
    return starts.get((batch.members, replace(choice, skip=str(skip))), {})


def _remember(starts: Starts, batch: Batch, choice: Choice, skip: int, fits: ChoiceFits) -> None:
    """Keep the first shapes of these curves."""
    shapes = {name: known_shapes(entry) for name, entry in fits.whole.items()}
    starts.setdefault((batch.members, replace(choice, skip=str(skip))), shapes)


def _fit(laws: Sequence[Law], batch: Batch, choice: Choice, starts: Shapes, wider: ChoiceFits | None) -> ChoiceFits:
    """Fit every law, with starts from the same curves with other points, and optima from wider bounds if there are."""
    whole: dict[str, LawFits] = {}
    for law in laws:
        known = None if wider is None else (wider.whole[law.name], wider.choice.options)
        whole[law.name] = fit_within(law, batch.t, batch.losses, choice.options, starts.get(law.name), known, whole)
    halves = None if wider is None else (wider.halves, wider.choice.options)
    return ChoiceFits(choice, whole, half_fits(batch.t, batch.losses, laws, choice.options, whole, halves))


def _without_fit(curves: Sequence[Curve], batch: Batch, choice: Choice, laws: Sequence[Law]) -> list[CurveOutcome]:
    """Return the outcomes of curves that cannot be fitted."""
    return [
        _outcome(curves[number], choice, criterion, {}, tuple(f"{law.name}: {status}" for law in laws))
        for number, status in batch.unusable.items()
        for criterion in CRITERIA
    ]


def _outcomes(curves: Sequence[Curve], batch: Batch, fits: ChoiceFits) -> list[CurveOutcome]:
    """Return the outcomes of the curves of a batch under one choice."""
    scores = _scores(batch.t, batch.losses, fits)
    found = []
    for place, number in enumerate(batch.members):
        status = {name: entry.status[place] for name, entry in fits.whole.items()}
        missing = tuple(f"{name}: {value}" for name, value in status.items() if value not in FITTED)
        for criterion, entries in scores.items():
            known = {law: float(score[place]) for law, score in entries.items() if np.isfinite(score[place])}
            found.append(_outcome(curves[number], fits.choice, criterion, known, missing))
    return found


def _scores(t: Array, losses: Array, fits: ChoiceFits) -> dict[str, dict[str, Array]]:
    """Return each criterion's scores, shape (N,) per law; lower is better, not finite without a fit."""
    scores: dict[str, dict[str, Array]] = {name: {} for name in CRITERIA}
    options = fits.choice.options
    for name, entry in fits.whole.items():
        k = entry.k + int(options.errors == "ar1")
        deviance = known_deviance(entry, losses, options)
        scores["aic"][name] = selection.aic(deviance, k)
        scores["aicc"][name] = selection.aicc(deviance, t.size, k)
        scores["bic"][name] = selection.bic(deviance, t.size, k)
    ahead = holdout_scores(t, losses, fits.halves, options)
    scores["holdout"] = {name: ahead[name] for name in fits.whole}
    return scores


def _outcome(
    curve: Curve, choice: Choice, criterion: str, scores: Mapping[str, float], without_fit: tuple[str, ...]
) -> CurveOutcome:
    """Rank the laws of one curve by their scores under one criterion."""
    ranked = sorted(scores, key=lambda law: scores[law])
    winner, second = (*ranked, None, None)[:2]
    return CurveOutcome(
        *identity(curve),
        bounds=choice.bounds,
        space=choice.space,
        errors=choice.errors,
        skip=choice.skip,
        criterion=criterion,
        winner=winner,
        second=second,
        lead=scores[second] - scores[winner] if winner and second else None,
        without_fit=without_fit,
    )
