"""The table of runs: winner, runner-up, ΔAIC as published and corrected, verdict, bounds, final loss."""

from collections.abc import Mapping, Sequence

from losslaws.analyses.evidence.results import CurveEvidence
from losslaws.analyses.universality.records import RunRecord
from losslaws.report.text import fixed, number

COLUMNS = (
    "curve",
    "winner",
    "runner-up",
    "ΔAIC",
    "ΔAIC, correlated errors",
    "verdict",
    "reason",
    "at bound",
    "final loss",
)

Cell = tuple[str, float | str]
"""The text of a cell, and the exact value that the column is sorted by."""


def run_rows(runs: Sequence[RunRecord], evidence: Mapping[str, CurveEvidence]) -> list[list[Cell]]:
    """Return one row per run."""
    return [_row(run, evidence.get(run.curve)) for run in runs]


def _row(run: RunRecord, evidence: CurveEvidence | None) -> list[Cell]:
    return [
        _text(run.curve),
        _text(run.best_law or "none"),
        _text(run.support.second or "none"),
        _value(run.support.delta_aic if run.support.second else None),
        _value(corrected_difference(evidence) if evidence else None),
        _text(verdict(evidence) if evidence else "–"),
        _text(evidence.reason if evidence else "–"),
        _text(" ".join(run.best.at_bound) if run.best else ""),
        (number(run.final_loss), "" if run.final_loss is None else run.final_loss),
    ]


def corrected_difference(evidence: CurveEvidence) -> float | None:
    """Return the difference in AIC of the two best laws under AR(1) errors; None where it is not known."""
    values = sorted(value for value in evidence.aic_ar1 or () if value is not None)
    return values[1] - values[0] if len(values) > 1 else None


def verdict(evidence: CurveEvidence) -> str:
    """Return the verdict with the laws that stand."""
    standing = ", ".join(evidence.verdict_laws)
    return f"{evidence.verdict}: {standing}" if standing else evidence.verdict


def _text(text: str) -> Cell:
    return text, text


def _value(value: float | None) -> Cell:
    return fixed(value), "" if value is None else value
