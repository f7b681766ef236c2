"""The picture on the first screen: which law wins how many runs, the curves, and what other analyses would say."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from losslaws.analyses.evidence.results import CurveOutcome, read_evidence
from losslaws.analyses.evidence.universes import outcomes
from losslaws.analyses.universality.panels import MAX_PANELS, Panel, panel
from losslaws.analyses.universality.reading import read_first_curves, read_summary
from losslaws.analyses.universality.records import Summary
from losslaws.config.experiment import Experiment
from losslaws.core.registry import LAWS
from losslaws.plotting.style import LAW_COLOURS
from losslaws.report.html import render

NO_LAW = "none"
NO_LAW_COLOUR = "#8a8a8a"

MAX_COLUMNS = 6
"""Panels beside each other."""

MAX_CELLS = 60
"""Cells of the table of winners; a larger one would not fit the first screen."""


@dataclass(frozen=True)
class Bar:
    """A law's part of the runs.

    Attributes
    ----------
    law : str
        Its name, or ``"none"``.
    formula : str
        Its formula; empty for ``"none"``.
    colour : str
        As in the figures.
    count : int
        Runs that it wins.
    start, width : float
        Place in the bar of all runs, in percent.
    """

    law: str
    formula: str
    colour: str
    count: int
    start: float
    width: float


@dataclass(frozen=True)
class Winner:
    """The law that wins most seeds of a cell, empty where there is no run; `note` says how many of how many."""

    law: str
    note: str


@dataclass(frozen=True)
class WinnerGrid:
    """The winners of every task (rows) and width (columns)."""

    tasks: tuple[str, ...]
    widths: tuple[int, ...]
    rows: list[list[Winner]]


@dataclass(frozen=True)
class UniversePoint:
    """The share of the runs that a law wins in one universe.

    Attributes
    ----------
    x, share : float
        Place among the universes and share, both in percent.
    majority : bool
        Whether no other law wins more runs.
    """

    x: float
    share: float
    majority: bool


@dataclass(frozen=True)
class Overview:
    """What the first screen shows.

    Attributes
    ----------
    runs : int
        How many there are.
    majority : str or None
        The law that wins most.
    bars : list of Bar
        Which law wins how many.
    colours : dict of str to str
        Of each law.
    panels : list of Panel
        The first curves.
    columns : int
        How many of them stand in a row.
    grid : WinnerGrid or None
        The winners, where the panels do not show them all.
    universes : list of UniversePoint
        Shares of the majority law; empty without a multiverse.
    """

    runs: int
    majority: str | None
    bars: list[Bar]
    colours: dict[str, str]
    panels: list[Panel]
    columns: int
    grid: WinnerGrid | None
    universes: list[UniversePoint]


def overview(folder: Path, experiment: Experiment) -> str:
    """Return the first screen."""
    summary, evidence = read_summary(folder), read_evidence(folder) if "evidence" in experiment.analyses else None
    palette = colours([LAWS.name(entry) for entry in experiment.fitting.laws])
    first = read_first_curves(folder, experiment, MAX_PANELS)
    majority = summary.wins.majority
    several = len(summary.metadata.seeds) > 1
    shown = Overview(
        runs=summary.metadata.n_curves,
        majority=majority,
        bars=bars(summary),
        colours=palette,
        panels=[panel(run, number, experiment.fitting.skip, palette, several) for number, run in enumerate(first)],
        columns=columns(summary),
        grid=winner_grid(summary) if summary.metadata.n_curves > len(first) else None,
        universes=universe_points(evidence.multiverse, majority) if evidence and majority else [],
    )
    return render("universality/overview.html.j2", overview=shown)


def colours(laws: Sequence[str]) -> dict[str, str]:
    """Return each law's colour, the same as in the figures."""
    return {law: LAW_COLOURS[number % len(LAW_COLOURS)] for number, law in enumerate(laws)} | {NO_LAW: NO_LAW_COLOUR}


def columns(summary: Summary) -> int:
    """Return how many panels stand in a row: those of one task or of several, where each cell is one curve."""
    widths = len(summary.metadata.widths)
    alone = all(sum(count for _, count in cell.counts) == 1 for cell in summary.winners)
    complete = len(summary.winners) == widths * len(summary.metadata.tasks)
    return MAX_COLUMNS // widths * widths if alone and complete and 0 < widths <= MAX_COLUMNS else MAX_COLUMNS


def bars(summary: Summary) -> list[Bar]:
    """Return the laws that win runs, in the order of the configuration, with their parts."""
    counts = Counter(summary.wins.counts)
    total = summary.metadata.n_curves
    counts[NO_LAW] = total - counts.total()
    palette, start, found = colours(list(summary.wins.counts)), 0.0, []
    for law in [*summary.wins.counts, NO_LAW]:
        if counts[law]:
            width = 100.0 * counts[law] / total
            found.append(Bar(law, summary.formulas.get(law, ""), palette[law], counts[law], start, width))
            start += width
    return found


def winner_grid(summary: Summary) -> WinnerGrid | None:
    """Return the most frequent winner of every (task, width); None where widths are not known or too many."""
    tasks, widths = summary.metadata.tasks, summary.metadata.widths
    cells = {(cell.task, cell.width): cell.counts for cell in summary.winners}
    if not widths or len(tasks) * len(widths) > MAX_CELLS or any(width is None for _, width in cells):
        return None
    return WinnerGrid(tasks, widths, [[_winner(cells.get((task, width), ())) for width in widths] for task in tasks])


def _winner(counts: Sequence[tuple[str | None, int]]) -> Winner:
    if not counts:
        return Winner("", "")
    law, count = counts[0]
    total = sum(own for _, own in counts)
    return Winner(law or NO_LAW, f"{count} of {total}" if total > 1 else "")


def universe_points(multiverse: Sequence[CurveOutcome], law: str) -> list[UniversePoint]:
    """Return the share of runs that `law` wins in every universe, ascending."""
    every = sorted(outcomes(multiverse), key=lambda entry: (entry.share(law), entry.majority(law)))
    return [
        UniversePoint(100.0 * (place + 0.5) / len(every), 100.0 * entry.share(law), entry.majority(law))
        for place, entry in enumerate(every)
    ]
