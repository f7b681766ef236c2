"""The table of runs: winner, runner-up, ΔAIC as published and corrected, verdict, bounds, final loss."""

from collections.abc import Mapping, Sequence
from typing import Any

from losslaws.analyses.evidence.results import CurveEvidence
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


def run_rows(
    runs: Sequence[Mapping[str, Any]], evidence: Mapping[str, CurveEvidence]
) -> list[list[tuple[str, float | str]]]:
    """Return one row per run: for each column the text and the exact value that it is sorted by."""
    return [_row(run, evidence.get(run["curve"])) for run in runs]


def _row(run: Mapping[str, Any], evidence: CurveEvidence | None) -> list[tuple[str, float | str]]:
    best = run["fits"][0] if run["best_form"] else None
    support = run["fit_support"]
    corrected = corrected_difference(evidence)
    verdict = evidence.verdict if evidence else "–"
    standing = ", ".join(evidence.verdict_laws) if evidence else ""
    return [
        _text(run["curve"]),
        _text(run["best_form"] or "none"),
        _text(support["second_form"] or "none"),
        _value(support["delta_aic"] if support["second_form"] else None),
        _value(corrected),
        _text(f"{verdict}: {standing}" if standing else verdict),
        _text(evidence.reason if evidence else "–"),
        _text(" ".join(best["at_bound"]) if best else ""),
        (number(run["final_loss"]), _sortable(run["final_loss"])),
    ]


def corrected_difference(evidence: CurveEvidence | None) -> float | None:
    """Return the difference in AIC of the two best laws under AR(1) errors; None where it is not known."""
    values = sorted(value for value in (evidence and evidence.aic_ar1) or () if value is not None)
    return values[1] - values[0] if len(values) > 1 else None


def _text(text: str) -> tuple[str, float | str]:
    return text, text


def _value(value: float | None) -> tuple[str, float | str]:
    return fixed(value), _sortable(value)


def _sortable(value: float | None) -> float | str:
    return "" if value is None else value
