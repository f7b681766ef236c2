"""How often each criterion names the true law of simulated curves, and how often its certainty is false."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from losslaws.curves.curve import Curve
from losslaws.fitting.selection import STRONG
from losslaws.laws.law import Law

CRITERIA = ("AIC", "BIC", "AIC AR(1)", "verdict")
"""The published criterion, its alternative, AIC with correlated errors, and the verdict of the evidence table."""


@dataclass(frozen=True)
class Judgement:
    """What one criterion says of one curve.

    Attributes
    ----------
    named : bool
        Whether the true law is its best, or among those that it cannot tell apart.
    certain : bool
        Whether it names one law with certainty: ΔAIC (or ΔBIC) ≥ 10 to the second, or the verdict "one law".
    """

    named: bool
    certain: bool


def judgements(curve: Curve, row: Mapping[str, Any], laws: Sequence[Law]) -> dict[str, Judgement]:
    """Return what each of `CRITERIA` says of a simulated curve.

    Parameters
    ----------
    curve : Curve
        Its attribute `task` is the true law.
    row : mapping
        Its row of the evidence table.
    laws : sequence of Law
        The candidates.
    """
    truth, n = curve.attributes["task"], curve.t.size
    size = {law.name: len(law.parameters) for law in laws}
    aic = {law: value for law, value in zip(row["laws"], row["aic"], strict=True) if value is not None}
    bic = {law: value + size[law] * (np.log(n) - 2.0) for law, value in aic.items()}
    correlated = {law: value for law, value in zip(row["laws"], row["aic_ar1"], strict=True) if value is not None}
    return {
        "AIC": _by(aic, truth),
        "BIC": _by(bic, truth),
        "AIC AR(1)": _by(correlated, truth),
        "verdict": Judgement(truth in row["verdict_laws"], row["verdict"] == "one law"),
    }


def _by(criterion: Mapping[str, float], truth: object) -> Judgement:
    ranked = sorted(criterion, key=lambda law: criterion[law])
    certain = len(ranked) > 1 and criterion[ranked[1]] - criterion[ranked[0]] >= STRONG
    return Judgement(ranked[:1] == [truth], certain)


def calibration_rows(
    curves: Sequence[Curve], evidence: Mapping[str, Mapping[str, Any]], laws: Sequence[Law]
) -> list[dict[str, Any]]:
    """Return one row per (true law, length, correlation, signal-to-noise ratio, criterion).

    Parameters
    ----------
    curves : sequence of Curve
        Simulated ones.
    evidence : mapping of curve to row
        The evidence table by curve.
    laws : sequence of Law
        The candidates.

    Returns
    -------
    list of dict
        With the number of `curves`, how many of them the criterion `named` rightly, named `alone` and rightly with
        certainty, and named `falsely` with certainty.
    """
    cells: dict[tuple[Any, ...], dict[str, Any]] = {}
    for curve in curves:
        about = {
            "law": curve.attributes["task"],
            "n": curve.t.size,
            "rho": curve.attributes["noise_rho"],
            "signal_to_noise": curve.attributes["signal_to_noise"],
        }
        for criterion, judged in judgements(curve, evidence[curve.name], laws).items():
            empty = {**about, "criterion": criterion, "curves": 0, "named": 0, "alone": 0, "falsely": 0}
            row = cells.setdefault((*about.values(), criterion), empty)
            row["curves"] += 1
            row["named"] += judged.named
            row["alone"] += judged.named and judged.certain
            row["falsely"] += judged.certain and not judged.named
    return list(cells.values())


def summed(rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows added up over everything but `keys`, in order of appearance."""
    totals: dict[tuple[Any, ...], dict[str, Any]] = {}
    counts = ("curves", "named", "alone", "falsely")
    for row in rows:
        kept = {key: row[key] for key in keys}
        total = totals.setdefault(tuple(kept.values()), {**kept, **dict.fromkeys(counts, 0)})
        for count in counts:
            total[count] += row[count]
    return list(totals.values())
