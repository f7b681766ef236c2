"""Which law wins each run under every reasonable analysis."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from losslaws.analyses.evidence.figure_universes import (
    by_choices,
    choice_values,
    draw_matrix,
    matrix_inches,
    name_published,
    outline,
)
from losslaws.analyses.evidence.results import CurveOutcome, Universe
from losslaws.analyses.evidence.settings import Settings
from losslaws.analyses.evidence.tables import read_rows
from losslaws.analyses.evidence.universes import published_universe
from losslaws.analyses.work import Work
from losslaws.config.fitting import Fitting
from losslaws.curves.curve import Curve
from losslaws.fitting.fitted import FittedCurve
from losslaws.fitting.selection import support
from losslaws.laws.law import Law
from losslaws.plotting.cells import Cell, cells
from losslaws.plotting.draw import save_figure
from losslaws.plotting.rows import MAX_ROWS, label_rows, note_left_out
from losslaws.plotting.style import LAW_COLOURS, PAGE_WIDTH, law_styles, legend_columns, plain

NO_WINNER = "0.75"

MIN_ROW, MIN_LANE, MIN_MAP = 0.13, 0.03, 0.3
"""Least heights in inches: of a row of runs, of one run in it, and of all rows."""


def save(work: Work[Settings]) -> None:
    """Draw the multiverse of an experiment."""
    save_figure(draw, work.pictures, read_rows(work.inputs["universes"], CurveOutcome), work.laws, work.fitting)


def draw(multiverse: Sequence[CurveOutcome], laws: Sequence[Law], fitting: Fitting) -> Figure:
    """Draw one line per run and one column per universe in the colour of the winner, and the choices beneath.

    Parameters
    ----------
    multiverse : sequence of CurveOutcome
        At least one.
    laws : sequence of Law
        The laws that were fitted.
    fitting : Fitting
        The settings of the published analysis: `skip` and `bounds`.
    """
    published = published_universe(fitting.skip, fitting.bounds)
    found = list(dict.fromkeys(row.universe for row in multiverse))
    pairs = choice_values(found)
    universes = by_choices(found, pairs)
    winners = {(row.curve, row.universe): row.winner for row in multiverse}
    every = cells(_runs(multiverse))
    shown = every[:MAX_ROWS]
    row_height = max(MIN_ROW, MIN_LANE * max(len(cell.runs) for cell in shown), MIN_MAP / len(shown))
    heights = [row_height * len(shown), matrix_inches(pairs)]
    fills = law_fills(laws)
    handles = _legend(winners.values(), fills)
    columns = legend_columns([str(handle.get_label()) for handle in handles], PAGE_WIDTH)
    legend_height = 0.14 * -(-len(handles) // columns)

    figure = Figure(figsize=(PAGE_WIDTH, sum(heights) + legend_height + 0.4), layout="constrained")
    grid, matrix = figure.subplots(2, 1, height_ratios=heights)
    label_rows(grid, shown)
    _draw_winners(grid, shown, universes, winners, fills)
    _separate(grid, shown, universes)
    if published in universes:
        outline(grid, universes.index(published), -0.5, len(shown) - 0.5)
        name_published(grid, universes, published, -0.5)
        _write_agreement(grid, shown, winners, universes, published)
    draw_matrix(matrix, pairs, universes, published)
    figure.legend(handles=handles, loc="outside upper center", ncols=columns)
    note_left_out(figure, len(shown), len(every) - len(shown))
    return figure


def law_fills(laws: Sequence[Law]) -> dict[str, tuple[float, float, float]]:
    """Return each law's colour as an area, where no dashes or markers help: lighter, then darker where it repeats."""
    fills = {}
    for number, (name, style) in enumerate(law_styles(laws).items()):
        colour = np.array(to_rgb(style.colour))
        repeat = number // len(LAW_COLOURS) % 3
        red, green, blue = (colour, 0.45 * colour + 0.55, 0.5 * colour)[repeat].tolist()
        fills[name] = (red, green, blue)
    return fills


def _runs(multiverse: Sequence[CurveOutcome]) -> list[FittedCurve]:
    """Return the runs of a multiverse, by seed, with what is known of them but for points and fits."""
    nothing = np.empty(0)
    known = {row.curve: row.attributes for row in multiverse}
    runs = [
        FittedCurve(Curve(name, nothing, nothing, attributes), [], support([], []))
        for name, attributes in known.items()
    ]
    return sorted(runs, key=lambda run: int(run.curve.attributes.get("seed", 0)))


def _legend(winners: Iterable[str | None], fills: Mapping[str, tuple[float, float, float]]) -> list[Patch]:
    """Name every law that wins somewhere, and where it does the share of all cells of the map."""
    counts = Counter(winners)
    total = counts.total()
    handles = [
        Patch(color=fill, label=f"{plain(name)} {counts[name] / total:.0%}")
        for name, fill in fills.items()
        if counts[name]
    ]
    if counts[None]:
        handles.append(Patch(color=NO_WINNER, label=f"no fit {counts[None] / total:.0%}"))
    return handles


def _draw_winners(
    axes: Axes,
    shown: Sequence[Cell],
    universes: Sequence[Universe],
    winners: Mapping[tuple[str, Universe], str | None],
    fills: Mapping[str, tuple[float, float, float]],
) -> None:
    """Draw the winners, the runs of a cell as lines of equal height in its row."""
    missing = to_rgb(NO_WINNER)
    edges = [-0.5]
    colours = []
    for number, cell in enumerate(shown):
        edges += (number - 0.5 + np.arange(1, len(cell.runs) + 1) / len(cell.runs)).tolist()
        for run in cell.runs:
            names = [winners.get((run.curve.name, entry)) for entry in universes]
            colours.append([fills[name] if name else missing for name in names])
    columns = np.arange(len(universes) + 1) - 0.5
    # As pixels: as shapes, the winners of many runs would make an SVG of many megabytes.
    axes.pcolormesh(columns, edges, np.array(colours), rasterized=True)


def _separate(axes: Axes, shown: Sequence[Cell], universes: Sequence[Universe]) -> None:
    """Part cells, tasks, and universes that differ in more than skip and criterion by white lines."""
    right, bottom = len(universes) - 0.5, len(shown) - 0.5
    same_task = [above.task == below.task or below.width is None for above, below in pairwise(shown)]
    heights = np.arange(len(same_task)) + 0.5
    axes.hlines(heights, -0.5, right, color="white", linewidth=np.where(same_task, 0.5, 2.0))
    parted = [number for number, (before, after) in enumerate(pairwise(universes)) if before[:3] != after[:3]]
    thin = [universes[number][:2] == universes[number + 1][:2] for number in parted]
    axes.vlines(np.array(parted) + 0.5, -0.5, bottom, color="white", linewidth=np.where(thin, 0.5, 1.2))
    axes.set_xlim(-0.5, right)
    axes.set_xticks([])
    axes.spines[:].set_visible(False)


def _write_agreement(
    axes: Axes,
    shown: Sequence[Cell],
    winners: Mapping[tuple[str, Universe], str | None],
    universes: Sequence[Universe],
    published: Universe,
) -> None:
    """Write beside each row what share of its winners are those of the published analysis."""
    side = axes.get_yaxis_transform()
    for number, cell in enumerate(shown):
        same = [
            winners.get((run.curve.name, entry)) == winners[run.curve.name, published]
            for run in cell.runs
            if winners.get((run.curve.name, published))
            for entry in universes
        ]
        text = f"{np.mean(same):.0%}" if same else "–"
        axes.text(1.01, number, text, transform=side, va="center", fontsize=6.5)
    axes.text(1.01, 1.0, "agree", transform=axes.transAxes, va="bottom", color="0.4", fontsize=6.5)
