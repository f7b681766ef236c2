"""The multiverse: which law wins one curve under every reasonable combination of analysis choices."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any, Literal

import numpy as np

from losslaws.analyses.evidence.holdout import half_fits, holdout_scores, known_shapes
from losslaws.analyses.evidence.settings import Settings
from losslaws.analyses.evidence.tables import MULTIVERSE, write_rows
from losslaws.analyses.work import Work
from losslaws.core.arrays import Array
from losslaws.core.progress import Progress
from losslaws.curves.curve import Curve
from losslaws.fitting import selection
from losslaws.fitting.fit_table import batches, known_deviance, unusable_reason
from losslaws.fitting.law_fits import LawFits, fit_within
from losslaws.fitting.options import FitOptions
from losslaws.fitting.status import FITTED, TOO_SHORT
from losslaws.laws.law import Law, Preset

SKIPS = ("0", "10", "50", "1%")
"""Points left out at the start, besides what the experiment leaves out."""

CRITERIA = ("aic", "aicc", "bic", "holdout")


@dataclass(frozen=True)
class Choice:
    """One combination of analysis choices.

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


def fit_universes(work: Work[Settings]) -> None:
    """Write which law wins every curve of a part under every analysis."""
    rows = multiverse_rows(work.curves(), work.laws, work.fitting.skip)
    write_rows(work.output("universes"), rows, MULTIVERSE, {"fitting": asdict(work.fitting)})


def multiverse_rows(curves: Sequence[Curve], laws: Sequence[Law], skip: int) -> list[dict[str, Any]]:
    """Return one row per curve, analysis choice and criterion: the winner, the law after it, and by how much.

    `winner` is null where no law has a fit; `without_fit` lists laws that have none, with their status. Curves that
    share their t are fitted together. Wide bounds come before narrow ones, within which many of their optima lie, and
    `skip` points left out before other numbers, whose searches gain a start from them.
    """
    rows: dict[Choice, list[dict[str, Any]]] = {choice: [] for choice in choices(skip)}
    near: dict[tuple[str, tuple[int, ...], Choice], Array | None] = {}
    progress = Progress("analyses of curves", len(rows) * len(curves))
    # With one number of points after the other, fits that differ in space or errors share their searches.
    for wide in [
        choice for points in skips(skip) for choice in rows if (choice.bounds, choice.skip) == ("wide", points)
    ]:
        for members, t, losses in _batches(curves, wide):
            unusable = [TOO_SHORT if t.size < 4 else unusable_reason(loss) for loss in losses]
            kept = tuple(member for member, reason in zip(members, unusable, strict=True) if reason is None)
            usable = losses[[reason is None for reason in unusable]]
            known: Fitted | None = None
            for choice in (wide, replace(wide, bounds="paper")):
                for member, reason in zip(members, unusable, strict=True):
                    progress.add(1)
                    if reason:
                        rows[choice] += _unfitted(curves[member], choice, [f"{law.name}: {reason}" for law in laws])
                if not kept:
                    continue
                base = kept, replace(choice, skip=str(skip))
                known = _fit(laws, t, usable, choice, {law.name: near.get((law.name, *base)) for law in laws}, known)
                for law in laws:
                    near.setdefault((law.name, *base), known_shapes(known.whole[law.name]))
                scores = _scores(t, usable, known)
                for number, member in enumerate(kept):
                    rows[choice] += _rows(curves[member], choice, number, known.whole, scores)
    return [row for found in rows.values() for row in found]


@dataclass(frozen=True)
class Fitted:
    """Every law fitted to curves on one grid under one choice: the whole curves, and their first halves."""

    choice: Choice
    whole: dict[str, LawFits]
    halves: dict[str, LawFits]


def _fit(
    laws: Sequence[Law],
    t: Array,
    losses: Array,
    choice: Choice,
    near: Mapping[str, Array | None],
    wider: Fitted | None,
) -> Fitted:
    """Fit every law, with starts from the same curves with other points, and optima from wider bounds if there are."""
    whole: dict[str, LawFits] = {}
    for law in laws:
        known = None if wider is None else (wider.whole[law.name], wider.choice.options)
        whole[law.name] = fit_within(law, t, losses, choice.options, near[law.name], known, whole)
    halves = None if wider is None else (wider.halves, wider.choice.options)
    return Fitted(choice, whole, half_fits(t, losses, laws, choice.options, whole, halves))


def _batches(curves: Sequence[Curve], choice: Choice) -> Iterator[tuple[list[int], Array, Array]]:
    """Yield numbers of curves that share their t, t and losses, without the points that the choice leaves out."""
    lengths: dict[int, list[int]] = {}
    for number, curve in enumerate(curves):
        lengths.setdefault(choice.points(curve.t.size), []).append(number)
    for skip, numbers in lengths.items():
        for members, t, losses in batches([curves[number] for number in numbers], skip):
            yield [numbers[member] for member in members], t, losses


def _about(curve: Curve, choice: Choice) -> dict[str, Any]:
    return {"curve": curve.name, **curve.attributes, **vars(choice)}


def _unfitted(curve: Curve, choice: Choice, missing: list[str]) -> list[dict[str, Any]]:
    return [{**_about(curve, choice), "criterion": name, **_ranking({}), "without_fit": missing} for name in CRITERIA]


def _rows(
    curve: Curve, choice: Choice, number: int, fits: dict[str, LawFits], scores: dict[str, dict[str, Array]]
) -> list[dict[str, Any]]:
    """Return the rows of one curve, the `number`-th of its batch, under one choice."""
    missing = [f"{name}: {entry.status[number]}" for name, entry in fits.items() if entry.status[number] not in FITTED]
    rows = []
    for criterion, entry in scores.items():
        finite = {law: float(score[number]) for law, score in entry.items() if np.isfinite(score[number])}
        rows.append({**_about(curve, choice), "criterion": criterion, **_ranking(finite), "without_fit": missing})
    return rows


def _scores(t: Array, losses: Array, fitted: Fitted) -> dict[str, dict[str, Array]]:
    """Return each criterion's scores, shape (N,) per law; lower is better, not finite without a fit."""
    scores: dict[str, dict[str, Array]] = {name: {} for name in CRITERIA}
    options = fitted.choice.options
    for name, entry in fitted.whole.items():
        k = entry.k + int(options.errors == "ar1")
        deviance = known_deviance(entry, losses, options)
        scores["aic"][name] = selection.aic(deviance, k)
        scores["aicc"][name] = selection.aicc(deviance, t.size, k)
        scores["bic"][name] = selection.bic(deviance, t.size, k)
    ahead = holdout_scores(t, losses, fitted.halves, options)
    scores["holdout"] = {name: ahead[name] for name in fitted.whole}
    return scores


def _ranking(scores: dict[str, float]) -> dict[str, Any]:
    ranked = sorted(scores, key=lambda law: scores[law])
    if not ranked:
        return {"winner": None, "second": None, "lead": None}
    second = ranked[1] if len(ranked) > 1 else None
    return {"winner": ranked[0], "second": second, "lead": scores[second] - scores[ranked[0]] if second else None}
