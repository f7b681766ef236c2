"""How sure can one be? The verdicts, the multiverse, and what the published analysis overlooks."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from losslaws.analyses.evidence.settings import Settings
from losslaws.analyses.evidence.universes import agreement, outcomes, published_universe, restricted
from losslaws.analyses.section import Section
from losslaws.config.experiment import Experiment
from losslaws.fitting.status import LIMIT
from losslaws.report.blocks import Block, Figure, Paragraph, Table
from losslaws.report.text import fixed, listed, number
from losslaws.storage import files as storage

Row = dict[str, Any]

FIGURES = {
    "specification_curve": Figure(
        "specification_curve",
        "Share of the runs that the majority law wins under every analysis, ascending, with the choices beneath",
        "Each column is one analysis; its point is the share of the runs that the published majority law wins, the "
        "marks beneath are its choices. The ring is the published analysis.",
    ),
    "winner_map": Figure(
        "winner_map",
        "Map of the winning law of every run under every analysis",
        "Rows are runs, columns analyses, the colour is the law that wins.",
    ),
}


def answer(folder: Path) -> list[Block]:
    """Say under how many analyses the majority law stays the majority, and what the verdicts are."""
    summary = storage.read_json(folder / "evidence.json")
    result = storage.read_json(folder / "summary.json")
    return [Paragraph(_multiverse(result, summary["multiverse"])), Paragraph(_verdicts(summary["curves"]))]


def body(folder: Path) -> list[Block]:
    """Return the section: verdicts, what is wrong with independence and bounds, agreement of the multiverse."""
    result = storage.read_json(folder / "summary.json")
    summary = storage.read_json(folder / "evidence.json")
    rows, multiverse = summary["curves"], summary["multiverse"]
    fitted = [row for row in rows if row["lag_one"] is not None]
    parts: list[Block] = [
        Paragraph(_verdicts(rows)),
        Table(["curve", "verdict", "laws", "reason"], [_verdict_row(row) for row in rows]),
        Paragraph(_multiverse(result, multiverse)),
        Table(["choice", "universes", "majority kept"], _by_choice(result, multiverse)),
        FIGURES["specification_curve"],
        _agreement(rows, multiverse),
        FIGURES["winner_map"],
    ]
    if fitted:
        parts += [
            Paragraph(_correlation(fitted)),
            Table(
                [
                    "curve",
                    "lag 1",
                    "n eff",
                    "Ljung–Box p",
                    "misfit in",
                    "bootstrap wins",
                    "hold-out best",
                    "last value",
                ],
                [_diagnostics_row(row) for row in fitted],
            ),
            Paragraph(
                "n eff: independent points that the residuals of the published best law are worth. Misfit in: the "
                "tenth of the points with the largest share of the residual sum of squares. Bootstrap wins: share of "
                "block bootstrap replicates that the law most often best wins. Hold-out best: law with the lowest "
                "root-mean-square error over the second half after a fit to the first; last value: the error of "
                "predicting that nothing changes any more, in units of that law's."
            ),
        ]
    parts += _bounds(result, multiverse)
    return parts


def _verdicts(rows: Sequence[Row]) -> str:
    kinds = Counter(row["verdict"] for row in rows)
    named = Counter(law for row in rows if row["verdict"] == "one law" for law in row["verdict_laws"])
    which = f" ({', '.join(f'{law} {count}' for law, count in named.most_common())})" if named else ""
    return (
        f"Verdicts, with correlated errors and bounds that do not bind, over {len(rows)} runs: "
        f"one law {kinds['one law']}{which}, several that cannot be told apart {kinds['cannot tell']}, "
        f"none fits {kinds['none fits']}, no fit {kinds['no fit']}."
    )


def _verdict_row(row: Row) -> list[str]:
    return [row["curve"], row["verdict"], ", ".join(row["verdict_laws"]) or "–", row["reason"]]


def _multiverse(result: Row, multiverse: Sequence[Row]) -> str:
    majority = result["universality"]["majority_form"]
    if majority is None:
        return "No law could be fitted, so there is no majority to put to the test."
    every = outcomes(multiverse)
    kept = sum(entry.majority(majority) for entry in every)
    shares = [entry.share(majority) for entry in every]
    return (
        f"{majority} wins most runs, alone or tied, under {kept} of {len(every)} reasonable analyses "
        f"({kept / len(every):.0%}); the share of runs that it wins goes from {min(shares):.0%} to {max(shares):.0%}. "
        "An analysis is a combination of bounds, space of the residuals, error model, points skipped and criterion."
    )


def _by_choice(result: Row, multiverse: Sequence[Row]) -> list[list[str]]:
    majority = result["universality"]["majority_form"]
    every = outcomes(multiverse)
    rows = []
    for place, name in enumerate(("bounds", "space", "errors", "skip", "criterion")):
        for value in dict.fromkeys(entry.universe[place] for entry in every):
            chosen = restricted(every, **{name: value})
            rows.append([f"{name}: {value}", str(len(chosen)), str(sum(entry.majority(majority) for entry in chosen))])
    return rows


def _agreement(rows: Sequence[Row], multiverse: Sequence[Row]) -> Table:
    counts = agreement(multiverse)
    laws = list(dict.fromkeys(law for row in rows for law in row["laws"]))
    lines = []
    for row in rows:
        entry = counts[row["curve"]]
        total = sum(1 for other in multiverse if other["curve"] == row["curve"])
        lines.append([row["curve"], *(str(entry[law]) for law in laws), str(total - sum(entry.values()))])
    return Table(["curve", *laws, "no winner"], lines, "How many analyses each law wins, per run:")


def _correlation(rows: Sequence[Row]) -> str:
    correlation = [row["lag_one"] for row in rows]
    sizes = [row["effective_size"] for row in rows]
    return (
        f"The residuals of the published best laws are correlated: lag-1 autocorrelation {number(min(correlation), 3)} "
        f"to {number(max(correlation), 3)}, so that a curve's points are worth {number(min(sizes), 3)} to "
        f"{number(max(sizes), 3)} independent ones. ΔAIC of independent points overstates what is known."
    )


def _diagnostics_row(row: Row) -> list[str]:
    wins = sorted(zip(row["bootstrap_wins"] or [], row["laws"], strict=False), reverse=True)
    holdout = sorted(
        (error, law) for error, law in zip(row["holdout"] or [], row["laws"], strict=False) if error is not None
    )
    relative = row["holdout_last_value"] / holdout[0][0] if holdout and holdout[0][0] > 0 else None
    return [
        row["curve"],
        fixed(row["lag_one"], 3),
        fixed(row["effective_size"], 0),
        number(row["ljung_box_p"], 1),
        f"{row['misfit_tenth']}/10 ({row['misfit_share']:.0%})",
        f"{wins[0][1]} {wins[0][0]:.0%}" if wins else "–",
        holdout[0][1] if holdout else "–",
        fixed(relative, 2),
    ]


def _bounds(result: Row, multiverse: Sequence[Row]) -> list[Block]:
    """Say what the bounds decide: fits that sit on one, and winners that change without."""
    total, held = result["metadata"]["n_curves"], result["held"]["by_form"]
    infinite = {form: counts[LIMIT] for form, counts in result["statuses"].items() if LIMIT in counts}
    changed = _changed_by_bounds(result, multiverse)
    sentences = [
        f"Fits with a parameter on a bound: {_shares(held, total)}. Optima at infinity: {_shares(infinite, total)}."
    ]
    if changed is not None:
        sentences.append(
            f"With bounds that do not bind, {len(changed)} of {total} winners of the published analysis change"
            + (f": {listed(changed)}." if changed else ".")
        )
    return [Paragraph(sentence) for sentence in sentences]


def _shares(counts: Mapping[str, int], total: int) -> str:
    return ", ".join(f"{form} {count} of {total}" for form, count in counts.items()) or "none"


def _changed_by_bounds(result: Row, multiverse: Sequence[Row]) -> list[str] | None:
    """Name the runs whose winner in the published analysis changes without its bounds; None if it is not known."""
    skip = str(result["metadata"]["skip_epochs"])
    winners = {
        bounds: {
            row["curve"]: row["winner"]
            for row in multiverse
            if tuple(row[name] for name in ("bounds", "space", "errors", "skip", "criterion"))
            == published_universe(int(skip), bounds)
        }
        for bounds in ("paper", "wide")
    }
    if not winners["paper"]:
        return None
    return [
        f"{curve} ({before} → {winners['wide'][curve]})"
        for curve, before in winners["paper"].items()
        if before != winners["wide"].get(curve)
    ]


def caveats(folder: Path) -> list[str]:
    """Name the choices of the analyst on which the majority law depends, and how many curves no law fits."""
    result = storage.read_json(folder / "summary.json")
    summary = storage.read_json(folder / "evidence.json")
    rows, multiverse = summary["curves"], summary["multiverse"]
    majority = result["universality"]["majority_form"]
    sentences = []
    if majority is not None:
        overall = sum(entry.majority(majority) for entry in outcomes(multiverse)) / len(outcomes(multiverse))
        parts = [(name, int(kept), int(total)) for name, total, kept in _by_choice(result, multiverse)]
        weak = [f"{name} ({kept} of {total})" for name, kept, total in parts if kept / total < overall - 0.05]
        if weak:
            sentences.append(
                f"Choices of the analyst: {majority} keeps its majority less often with {', '.join(weak)} analyses."
            )
    changed = _changed_by_bounds(result, multiverse)
    if changed:
        sentences.append(
            f"With bounds that do not bind, {len(changed)} of {len(rows)} winners change: {listed(changed)}."
        )
    unfitted = sum(row["verdict"] == "none fits" for row in rows)
    if unfitted:
        sentences.append(
            f"Fit: in {unfitted} of {len(rows)} runs smooth deviations from every law are significant, so the best law "
            "is the best of a list and not the whole truth."
        )
    correlated = [row["lag_one"] for row in rows if row["lag_one"] is not None]
    if correlated and max(correlated) > 0.2:
        sentences.append(
            f"Correlation: residuals have lag-1 autocorrelations up to {number(max(correlated), 3)}; differences in "
            "AIC that take points for independent are too large."
        )
    return sentences


def methods(experiment: Experiment) -> list[str]:
    """Say how the evidence was gathered."""
    settings = experiment.settings["evidence"]
    assert isinstance(settings, Settings)
    replicates = settings.replicates
    bootstrap = f"a circular block bootstrap of the residuals with {replicates} replicates; " if replicates else ""
    holdout = "prediction of the second half of a curve from the first; " if settings.holdout else ""
    return [
        "Evidence: every law fitted again jointly with Gaussian AR(1) errors in bounds that do not bind, which gives "
        f"the verdicts; {bootstrap}{holdout}and the winner under every combination of bounds, space of the residuals, "
        "error model, points left out and criterion."
    ]


SECTION = Section(body, answer, caveats, methods)
