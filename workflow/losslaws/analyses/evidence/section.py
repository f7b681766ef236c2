"""How sure can one be? The verdicts, the multiverse, and what the published analysis overlooks."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from losslaws.analyses.evidence.headline import headline
from losslaws.analyses.evidence.results import VERDICT_WORDS, CurveEvidence, CurveOutcome, EvidenceSummary, Universe
from losslaws.analyses.evidence.settings import own_settings
from losslaws.analyses.evidence.universes import UniverseOutcome, making, outcomes, published_universe, wins_by_curve
from losslaws.analyses.section import Section
from losslaws.analyses.universality.reading import read_summary
from losslaws.analyses.universality.records import Summary
from losslaws.config.experiment import Experiment
from losslaws.fitting.status import LIMIT
from losslaws.report.blocks import Block, Figure, Paragraph, Table
from losslaws.report.text import fixed, listed, number
from losslaws.storage.records import read_record

SPECIFICATION_CURVE = Figure(
    "specification_curve",
    "Share of the runs that the majority law wins under every analysis, ascending, with the choices beneath",
    "Each column is one analysis; its point is the share of the runs that the published majority law wins, the marks "
    "beneath are its choices. The ring is the published analysis.",
)

WINNER_MAP = Figure(
    "winner_map",
    "Map of the winning law of every run under every analysis",
    "Rows are runs, columns analyses, the colour is the law that wins.",
)

DIAGNOSTICS = (
    "curve",
    "lag-1 correlation",
    "effective size",
    "Ljung–Box p",
    "largest misfit",
    "bootstrap wins",
    "hold-out best",
    "last value",
)

LEGEND = (
    "Effective size: effective sample size of the residuals of the published best law, in points. Largest misfit: the "
    "largest share of the RSS in a tenth of the points, and which tenth. Bootstrap wins: the law that wins most block "
    "bootstrap replicates, and its share. Hold-out best: the law with the lowest root-mean-square error over the "
    "second half after a fit to the first; last value: the error of predicting no further change, relative to that "
    "law's."
)

MARGIN = 0.05
"""A choice matters if the majority law keeps its majority in so much smaller a share of the analyses that make it."""


def _read(folder: Path) -> tuple[Summary, EvidenceSummary]:
    return read_summary(folder), read_record(folder / "evidence.json", EvidenceSummary)


def answer(folder: Path) -> list[Block]:
    """Say under how many analyses the majority law stays the majority, and what the verdicts are."""
    published, found = _read(folder)
    sentences = _multiverse(published.wins.majority, outcomes(found.multiverse))
    return [Paragraph(sentences), Paragraph(_verdicts(found.curves))]


def body(folder: Path) -> list[Block]:
    """Return the section: verdicts, agreement of the multiverse, residuals, bounds."""
    published, found = _read(folder)
    every = outcomes(found.multiverse)
    kept = [[choice, str(total), str(count)] for choice, total, count in _by_choice(published.wins.majority, every)]
    return [
        Paragraph(_verdicts(found.curves)),
        Table(["curve", "verdict", "laws", "reason"], [_verdict_row(row) for row in found.curves]),
        Paragraph(_multiverse(published.wins.majority, every)),
        Table(["choice", "analyses", "same winner"], kept),
        SPECIFICATION_CURVE,
        _wins(found),
        WINNER_MAP,
        *_residuals(found.curves),
        *_bounds(published, found.multiverse),
    ]


def _verdicts(rows: Sequence[CurveEvidence]) -> str:
    kinds = Counter(row.verdict for row in rows)
    named = Counter(row.verdict_laws[0] for row in rows if row.verdict == "one law")
    which = f" ({', '.join(f'{law} {count}' for law, count in named.most_common())})" if named else ""
    return (
        f"Verdicts on {len(rows)} runs, with correlated errors and wide bounds: {kinds['one law']} clear{which}, "
        f"{kinds['cannot tell']} ambiguous, {kinds['none fits']} with lack of fit, {kinds['no fit']} without a fit."
    )


def _verdict_row(row: CurveEvidence) -> list[str]:
    return [row.curve, VERDICT_WORDS[row.verdict], ", ".join(row.verdict_laws) or "–", row.reason]


def _multiverse(majority: str | None, every: Sequence[UniverseOutcome]) -> str:
    """Say under how many analyses the majority law of the published one keeps its majority."""
    if majority is None:
        return "No law could be fitted, so there is no majority to put to the test."
    kept = sum(entry.majority(majority) for entry in every)
    shares = [entry.share(majority) for entry in every]
    return (
        f"{majority} wins most runs, alone or tied, under {kept} of {len(every)} reasonable analyses "
        f"({kept / len(every):.0%}); it wins between {min(shares):.0%} and {max(shares):.0%} of the runs. "
        "An analysis is a combination of bounds, space of the residuals, error model, points skipped and criterion."
    )


def _by_choice(majority: str | None, every: Sequence[UniverseOutcome]) -> list[tuple[str, int, int]]:
    """Return for every choice the number of analyses that make it, and in how many the majority law keeps it."""
    rows = []
    for name in Universe._fields:
        for value in dict.fromkeys(getattr(entry.universe, name) for entry in every):
            chosen = making(every, name, value)
            kept = sum(entry.majority(majority) for entry in chosen) if majority else 0
            rows.append((f"{name}: {value}", len(chosen), kept))
    return rows


def _wins(found: EvidenceSummary) -> Table:
    counts = wins_by_curve(found.multiverse)
    laws = list(dict.fromkeys(law for row in found.curves for law in row.laws))
    rows = [[row.curve, *(str(counts[row.curve][law]) for law in [*laws, None])] for row in found.curves]
    return Table(["curve", *laws, "no winner"], rows, "How many analyses each law wins, per run:")


def _residuals(rows: Sequence[CurveEvidence]) -> list[Block]:
    """Describe the residuals of the published best laws, where any law has a fit."""
    fitted = [row for row in rows if row.lag_one is not None]
    if not fitted:
        return []
    correlation = [row.lag_one or 0.0 for row in fitted]
    # Residuals that are all 0 have none.
    sizes = [row.effective_size for row in fitted if row.effective_size is not None]
    size = f", the effective sample size of a curve {number(min(sizes), 3)} to {number(max(sizes), 3)}" if sizes else ""
    text = (
        "The residuals of the published best laws are autocorrelated: the lag-1 autocorrelation is "
        f"{number(min(correlation), 3)} to {number(max(correlation), 3)}{size}. A ΔAIC that takes points for "
        "independent overstates the evidence."
    )
    return [Paragraph(text), Table(DIAGNOSTICS, [_diagnostics_row(row) for row in fitted]), Paragraph(LEGEND)]


def _diagnostics_row(row: CurveEvidence) -> list[str]:
    wins = sorted(zip(row.bootstrap_wins or (), row.laws, strict=False), reverse=True)
    holdout = sorted((error, law) for error, law in zip(row.holdout or (), row.laws, strict=False) if error is not None)
    relative = None
    if holdout and holdout[0][0] > 0 and row.holdout_last_value is not None:
        relative = row.holdout_last_value / holdout[0][0]
    return [
        row.curve,
        fixed(row.lag_one, 3),
        fixed(row.effective_size, 0),
        "< 1e-16" if (row.ljung_box_p or 0.0) < 1e-16 else number(row.ljung_box_p, 1),
        f"{row.misfit_share:.0%} in tenth {row.misfit_tenth}",
        f"{wins[0][1]} {wins[0][0]:.0%}" if wins else "–",
        holdout[0][1] if holdout else "–",
        fixed(relative, 2),
    ]


def _bounds(published: Summary, multiverse: Sequence[CurveOutcome]) -> list[Block]:
    """Say what the bounds decide: fits that sit on one, and winners that change without."""
    total = published.metadata.n_curves
    at_infinity = {law: counts[LIMIT] for law, counts in published.statuses.items() if LIMIT in counts}
    sentences = [
        f"Fits with a parameter on a bound: {_shares(published.on_bound.by_law, total)}. "
        f"Optima at infinity: {_shares(at_infinity, total)}."
    ]
    changed = _changed_by_bounds(published.metadata.skip, multiverse)
    if changed is not None:
        sentences.append(
            f"With wide bounds, {len(changed)} of {total} winners of the published analysis change"
            + (f": {listed(changed)}." if changed else ".")
        )
    return [Paragraph(sentence) for sentence in sentences]


def _shares(counts: Mapping[str, int], total: int) -> str:
    return ", ".join(f"{law} {count} of {total}" for law, count in counts.items()) or "none"


def _changed_by_bounds(skip: int, multiverse: Sequence[CurveOutcome]) -> list[str] | None:
    """Name the runs whose winner in the published analysis changes with wide bounds; None if it is not known."""
    paper, wide = (
        {row.curve: row.winner for row in multiverse if row.universe == published_universe(skip, bounds)}
        for bounds in ("paper", "wide")
    )
    if not paper:
        return None
    return [f"{curve} ({law} → {wide.get(curve)})" for curve, law in paper.items() if law != wide.get(curve)]


def caveats(folder: Path) -> list[str]:
    """Name the choices of the analyst on which the majority law depends, and how many curves no law fits."""
    published, found = _read(folder)
    sentences = _sensitivity(published.wins.majority, outcomes(found.multiverse))
    changed = _changed_by_bounds(published.metadata.skip, found.multiverse)
    if changed:
        sentences.append(f"With wide bounds, {len(changed)} of {len(found.curves)} winners change: {listed(changed)}.")
    unfitted = sum(row.verdict == "none fits" for row in found.curves)
    if unfitted:
        sentences.append(
            f"Lack of fit: in {unfitted} of {len(found.curves)} runs the residuals of the best law still show a "
            "trend: it is the best of a list, and not the whole truth."
        )
    correlation = max((row.lag_one for row in found.curves if row.lag_one is not None), default=0.0)
    if correlation > 0.2:
        sentences.append(
            f"Autocorrelation: residuals have lag-1 autocorrelations up to {number(correlation, 3)}; differences in "
            "AIC that take points for independent are too large."
        )
    return sentences


def _sensitivity(majority: str | None, every: Sequence[UniverseOutcome]) -> list[str]:
    """Name the choices with which the majority law keeps its majority clearly less often than over all."""
    if majority is None:
        return []
    overall = sum(entry.majority(majority) for entry in every) / len(every)
    rows = _by_choice(majority, every)
    weak = [f"{name} ({kept} of {total})" for name, total, kept in rows if kept / total < overall - MARGIN]
    if not weak:
        return []
    return [f"Choices of the analyst: {majority} keeps its majority less often with {', '.join(weak)} analyses."]


def methods(experiment: Experiment) -> list[str]:
    """Say how the evidence was gathered."""
    settings = own_settings(experiment)
    replicates = settings.replicates
    bootstrap = f"a circular block bootstrap of the residuals with {replicates} replicates; " if replicates else ""
    holdout = "prediction of the second half of a curve from the first; " if settings.holdout else ""
    return [
        "Evidence: every law was fitted again jointly with Gaussian AR(1) errors and wide bounds, which gives the "
        f"verdicts; {bootstrap}{holdout}and the winner under every combination of bounds, space of the residuals, "
        "error model, points left out and criterion."
    ]


SECTION = Section(body, answer, caveats, methods, headline=headline)
