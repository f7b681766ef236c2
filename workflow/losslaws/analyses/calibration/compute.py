"""How often each criterion names the true law of simulated curves, and how often its certainty is false."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from losslaws.analyses.evidence.results import CurveEvidence, Numbers
from losslaws.analyses.evidence.tables import read_rows
from losslaws.analyses.work import Work
from losslaws.curves.curve import Curve
from losslaws.fitting.selection import STRONG
from losslaws.laws.law import Law
from losslaws.storage.csv_tables import write_csv
from losslaws.storage.records import write_record

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


def judgements(curve: Curve, evidence: CurveEvidence, laws: Sequence[Law]) -> dict[str, Judgement]:
    """Return what each of `CRITERIA` says of a simulated curve.

    Parameters
    ----------
    curve : Curve
        Its attribute `task` is the true law.
    evidence : CurveEvidence
        The evidence on it.
    laws : sequence of Law
        The candidates.
    """
    truth, n = curve.attributes["task"], curve.t.size
    size = {law.name: len(law.parameters) for law in laws}
    aic = _known(evidence.laws, evidence.aic)
    bic = {law: value + size[law] * (np.log(n) - 2.0) for law, value in aic.items()}
    return {
        "AIC": _by(aic, truth),
        "BIC": _by(bic, truth),
        "AIC AR(1)": _by(_known(evidence.laws, evidence.aic_ar1), truth),
        "verdict": Judgement(truth in evidence.verdict_laws, evidence.verdict == "one law"),
    }


def _known(laws: Sequence[str], values: Numbers | None) -> dict[str, float]:
    return {law: value for law, value in zip(laws, values or (), strict=values is not None) if value is not None}


def _by(criterion: Mapping[str, float], truth: object) -> Judgement:
    ranked = sorted(criterion, key=lambda law: criterion[law])
    certain = len(ranked) > 1 and criterion[ranked[1]] - criterion[ranked[0]] >= STRONG
    return Judgement(ranked[:1] == [truth], certain)


@dataclass(frozen=True)
class Counts:
    """How often one criterion is right, of the curves of one true law under one kind of noise.

    Attributes
    ----------
    law, n, rho, signal_to_noise
        The true law, the number of points, correlation and signal-to-noise ratio of the noise; None where curves that
        differ in it are counted together.
    criterion : str
        One of `CRITERIA`.
    curves : int
        Curves that are counted.
    named : int
        How many of them the criterion names rightly.
    alone : int
        How many it names rightly and with certainty.
    falsely : int
        How many it names wrongly and with certainty.
    """

    law: str | None
    n: int | None
    rho: float | None
    signal_to_noise: float | None
    criterion: str
    curves: int
    named: int
    alone: int
    falsely: int


def count_right(work: Work[None]) -> None:
    """Write how often each criterion is right."""
    evidence = {entry.curve: entry for entry in read_rows(work.inputs["verdicts"], CurveEvidence)}
    counts = calibrate(work.curves(), evidence, work.laws)
    write_record(work.output("found"), counts)
    write_csv(work.output("table"), map(asdict, counts))


def calibrate(curves: Sequence[Curve], evidence: Mapping[str, CurveEvidence], laws: Sequence[Law]) -> list[Counts]:
    """Count by true law, length, correlation, signal-to-noise ratio and criterion.

    Parameters
    ----------
    curves : sequence of Curve
        Simulated ones.
    evidence : mapping of str to CurveEvidence
        The evidence on each curve, by its name.
    laws : sequence of Law
        The candidates.
    """
    single = [
        Counts(
            law=str(curve.attributes["task"]),
            n=curve.t.size,
            rho=float(curve.attributes["noise_rho"]),
            signal_to_noise=float(curve.attributes["signal_to_noise"]),
            criterion=criterion,
            curves=1,
            named=int(judged.named),
            alone=int(judged.named and judged.certain),
            falsely=int(judged.certain and not judged.named),
        )
        for curve in curves
        for criterion, judged in judgements(curve, evidence[curve.name], laws).items()
    ]
    return summed(single, "law", "n", "rho", "signal_to_noise")


def summed(rows: Iterable[Counts], *kept: str) -> list[Counts]:
    """Return the counts added up over everything but the criterion and the fields `kept`, in order of appearance."""
    groups: dict[tuple[object, ...], list[Counts]] = {}
    for row in rows:
        groups.setdefault((row.criterion, *(getattr(row, name) for name in kept)), []).append(row)
    return [_sum(group, kept) for group in groups.values()]


def _sum(rows: Sequence[Counts], kept: Sequence[str]) -> Counts:
    first = rows[0]
    return Counts(
        law=first.law if "law" in kept else None,
        n=first.n if "n" in kept else None,
        rho=first.rho if "rho" in kept else None,
        signal_to_noise=first.signal_to_noise if "signal_to_noise" in kept else None,
        criterion=first.criterion,
        curves=sum(row.curves for row in rows),
        named=sum(row.named for row in rows),
        alone=sum(row.alone for row in rows),
        falsely=sum(row.falsely for row in rows),
    )
