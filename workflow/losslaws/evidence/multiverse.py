"""The multiverse: which law wins one curve under every reasonable combination of analysis choices."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Literal

import numpy as np

from losslaws import selection
from losslaws.arrays import Array
from losslaws.curves import Curve
from losslaws.evidence.holdout import holdout_scores, known_shapes
from losslaws.fitting.fit_table import batches, known_deviance, unusable_reason
from losslaws.fitting.law_fits import LawFits, fit_law
from losslaws.fitting.options import FitOptions
from losslaws.fitting.status import FITTED, TOO_SHORT
from losslaws.laws._law import Law, Preset

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
        return FitOptions(preset=self.bounds, space=self.space, errors=self.errors)

    def points(self, n: int) -> int:
        """Return how many of `n` points are left out."""
        return int(float(self.skip[:-1]) / 100 * n) if self.skip.endswith("%") else int(self.skip)


def choices(skip: int) -> Iterator[Choice]:
    """Yield every combination but for the criterion; of those that differ in what is skipped, `skip` points first."""
    bounds: tuple[Preset, ...] = ("paper", "wide")
    spaces: tuple[Literal["linear", "log"], ...] = ("linear", "log")
    errors: tuple[Literal["independent", "ar1"], ...] = ("independent", "ar1")
    for combination in product(bounds, spaces, errors):
        for points in dict.fromkeys([str(skip), *SKIPS]):
            yield Choice(*combination, points)


def multiverse_rows(curves: Sequence[Curve], laws: Sequence[Law], skip: int) -> list[dict[str, Any]]:
    """Return one row per curve, analysis choice and criterion: the winner, the law after it, and by how much.

    `winner` is null where no law has a fit; `without_fit` lists laws that have none, with their status. Curves that
    share their t are fitted together, those with `skip` points left out first: the others start from their optima.
    """
    rows: list[dict[str, Any]] = []
    near: dict[tuple[str, tuple[int, ...], Choice], Array | None] = {}
    for choice in choices(skip):
        base = replace(choice, skip=str(skip))
        for members, t, losses in _batches(curves, choice):
            unusable = [TOO_SHORT if t.size < 4 else unusable_reason(loss) for loss in losses]
            kept = tuple(member for member, reason in zip(members, unusable, strict=True) if reason is None)
            for member, reason in zip(members, unusable, strict=True):
                if reason:
                    rows += _unfitted(curves[member], choice, [f"{law.name}: {reason}" for law in laws])
            if not kept:
                continue
            usable = losses[[reason is None for reason in unusable]]
            fits = {law.name: fit_law(law, t, usable, choice.options, near.get((law.name, kept, base))) for law in laws}
            for name, entry in fits.items():
                near.setdefault((name, kept, base), known_shapes(entry))
            scores = _scores(t, usable, laws, choice, fits)
            for number, member in enumerate(kept):
                rows += _rows(curves[member], choice, number, fits, scores)
    return rows


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


def _scores(
    t: Array, losses: Array, laws: Sequence[Law], choice: Choice, fits: dict[str, LawFits]
) -> dict[str, dict[str, Array]]:
    """Return each criterion's scores, shape (N,) per law; lower is better, not finite without a fit."""
    scores: dict[str, dict[str, Array]] = {name: {} for name in CRITERIA}
    for name, entry in fits.items():
        k = entry.k + int(choice.errors == "ar1")
        deviance = known_deviance(entry, losses, choice.options)
        scores["aic"][name] = selection.aic(deviance, k)
        scores["aicc"][name] = selection.aicc(deviance, t.size, k)
        scores["bic"][name] = selection.bic(deviance, t.size, k)
    ahead = holdout_scores(t, losses, laws, choice.options, fits)
    scores["holdout"] = {law.name: ahead[law.name] for law in laws}
    return scores


def _ranking(scores: dict[str, float]) -> dict[str, Any]:
    ranked = sorted(scores, key=lambda law: scores[law])
    if not ranked:
        return {"winner": None, "second": None, "lead": None}
    second = ranked[1] if len(ranked) > 1 else None
    return {"winner": ranked[0], "second": second, "lead": scores[second] - scores[ranked[0]] if second else None}
