"""The picture on the first screen: who wins how many runs, where, and under how many analyses."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from losslaws.analyses.evidence.results import CurveOutcome, read_evidence
from losslaws.analyses.evidence.universes import outcomes
from losslaws.config.experiment import Experiment
from losslaws.core.registry import LAWS
from losslaws.plotting.style import LAW_COLOURS
from losslaws.report.html import render
from losslaws.storage.files import read_json

NO_LAW = "none"
NO_LAW_COLOUR = "#8a8a8a"


@dataclass(frozen=True)
class Bar:
    """A law's part of the runs.

    Attributes
    ----------
    law : str
        Its name, or ``"none"``.
    colour : str
        As in the figures.
    count : int
        Runs that it wins.
    start, width : float
        Place in the bar of all runs, in percent.
    """

    law: str
    colour: str
    count: int
    start: float
    width: float


def overview(folder: Path, experiment: Experiment) -> str:
    """Return the first screen: the laws' shares of the runs, the winner of each cell, and the multiverse."""
    summary, evidence = read_json(folder / "summary.json"), read_evidence(folder)
    laws = [LAWS.name(entry) for entry in experiment.fitting.laws]
    majority = summary["universality"]["majority_form"]
    shown = {
        "bars": bars(summary, laws),
        "runs": summary["metadata"]["n_curves"],
        "grid": winner_grid(summary),
        "colours": colours(laws),
        "majority": majority,
        "universes": universe_points(evidence.multiverse, majority) if majority and evidence else [],
    }
    return render("universality/overview.html.j2", overview=shown)


def colours(laws: Sequence[str]) -> dict[str, str]:
    """Return each law's colour, the same as in the figures."""
    return {law: LAW_COLOURS[number % len(LAW_COLOURS)] for number, law in enumerate(laws)} | {NO_LAW: NO_LAW_COLOUR}


def bars(summary: Mapping[str, Any], laws: Sequence[str]) -> list[Bar]:
    """Return the laws that win runs, in the order of the config, with their parts; `summary` is ``summary.json``."""
    counts = Counter(summary["universality"]["form_counts"])
    total = summary["metadata"]["n_curves"]
    counts[NO_LAW] = total - counts.total()
    palette, start, found = colours(laws), 0.0, []
    for law in [*laws, NO_LAW]:
        if counts[law]:
            width = 100.0 * counts[law] / total
            found.append(Bar(law, palette[law], counts[law], start, width))
            start += width
    return found


def winner_grid(summary: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the most frequent winner of every (task, width); None where widths are not known or too many."""
    tasks, widths = summary["metadata"]["tasks"], summary["metadata"]["hidden_sizes"]
    cells = {(cell["task"], cell["hidden_size"]): cell["counts"] for cell in summary["winners"]}
    if not widths or len(tasks) * len(widths) > 60 or any(width is None for _, width in cells):
        return None
    rows = [[_cell(cells.get((task, width), [])) for width in widths] for task in tasks]
    return {"tasks": tasks, "widths": widths, "rows": rows}


def _cell(counts: Sequence[tuple[str | None, int]]) -> dict[str, Any]:
    if not counts:
        return {"law": "", "note": ""}
    law, count = counts[0]
    total = sum(own for _, own in counts)
    return {"law": law or NO_LAW, "note": f"{count} of {total}" if total > 1 else ""}


def universe_points(multiverse: Sequence[CurveOutcome], law: str) -> list[dict[str, Any]]:
    """Return the share of runs that `law` wins under every analysis, ascending, as points of a drawing.

    Coordinates are percentages; `kept` says whether the law has the majority.
    """
    every = sorted(outcomes(multiverse), key=lambda entry: (entry.share(law), entry.majority(law)))
    return [
        {"x": 100.0 * (place + 0.5) / len(every), "share": 100.0 * entry.share(law), "kept": entry.majority(law)}
        for place, entry in enumerate(every)
    ]
