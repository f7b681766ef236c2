"""The table of runs: winner, runner-up, ΔAIC as published and corrected, verdict, bounds, final loss."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from losslaws.analyses.evidence.results import CurveEvidence
from losslaws.analyses.universality.records import RunRecord
from losslaws.report.text import fixed, number

COLUMNS = ("curve", "winner", "runner-up", "ΔAIC", "at bound", "final loss")
OF_EVIDENCE = ("ΔAIC, correlated errors", "verdict", "reason")

Cell = tuple[str, float | str]
"""The text of a cell, and the exact value that the column is sorted by."""


@dataclass(frozen=True)
class RunsTable:
    """Headings, and one row of cells per run."""

    columns: list[str]
    rows: list[list[Cell]]


def runs_table(runs: Sequence[RunRecord], evidence: Mapping[str, CurveEvidence]) -> RunsTable:
    """Return the table; what is there of evidence stands after ΔAIC.

    Parameters
    ----------
    runs : sequence of RunRecord
        The rows.
    evidence : mapping of str to CurveEvidence
        By the curve's name; empty without that analysis, whose columns are left out then.
    """
    place = COLUMNS.index("ΔAIC") + 1
    own = OF_EVIDENCE if evidence else ()
    rows = []
    for run in runs:
        cells = _row(run)
        rows.append([*cells[:place], *(_judged(evidence.get(run.curve)) if evidence else ()), *cells[place:]])
    return RunsTable([*COLUMNS[:place], *own, *COLUMNS[place:]], rows)


def _row(run: RunRecord) -> list[Cell]:
    return [
        _text(run.curve),
        _text(run.best_law or "none"),
        _text(run.support.second or "none"),
        _value(run.support.delta_aic if run.support.second else None),
        _text(" ".join(run.best.at_bound) if run.best else ""),
        (number(run.final_loss), "" if run.final_loss is None else run.final_loss),
    ]


def _judged(evidence: CurveEvidence | None) -> list[Cell]:
    if evidence is None:
        return [_value(None), _text("–"), _text("–")]
    return [_value(corrected_difference(evidence)), _text(evidence.verdict_text), _text(evidence.reason)]


def corrected_difference(evidence: CurveEvidence) -> float | None:
    """Return the difference in AIC of the two best laws under AR(1) errors; None where it is not known."""
    values = sorted(value for value in evidence.aic_ar1 or () if value is not None)
    return values[1] - values[0] if len(values) > 1 else None


def _text(text: str) -> Cell:
    return text, text


def _value(value: float | None) -> Cell:
    return fixed(value), "" if value is None else value
