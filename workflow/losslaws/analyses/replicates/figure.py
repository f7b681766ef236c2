"""The share of the seeds that each law wins, by task and width, as a heat map."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from losslaws.analyses.replicates.compute import Replicates, WinShare
from losslaws.analyses.work import Work
from losslaws.plotting.draw import save_figure
from losslaws.plotting.rows import MAX_ROWS, note_left_out
from losslaws.plotting.style import COLUMN_WIDTH, PAGE_WIDTH, plain
from losslaws.storage.records import read_record

ROW_HEIGHT = 0.145
"""Inches of a (task, width)."""

LABELS_WIDTH, WIDE_CELL = 0.9, 0.5
"""Inches of the labels of rows, and of a cell that has room for an interval."""

COLOURS = "Blues"
DARKEST = 0.85
"""The part of the colour map that is used: what is written on a share of 1 stays readable."""


def save(work: Work[None]) -> None:
    """Draw the shares of an experiment."""
    save_figure(draw, work.pictures, read_record(work.input("found"), Replicates).shares)


def draw(shares: Sequence[WinShare]) -> Figure:
    """Draw one row per (task, width) and one column per law: its share of the seeds, with the interval.

    Parameters
    ----------
    shares : sequence of WinShare
        At least one.
    """
    laws = list(dict.fromkeys(row.law for row in shares))
    cells = list(dict.fromkeys((row.task, row.width) for row in shares))
    shown = cells[:MAX_ROWS]
    width = COLUMN_WIDTH if len(laws) * WIDE_CELL <= COLUMN_WIDTH - LABELS_WIDTH else PAGE_WIDTH
    figure = Figure(figsize=(width, 0.6 + ROW_HEIGHT * len(shown)), layout="constrained")
    axes = figure.add_subplot()
    values = np.full((len(shown), len(laws)), np.nan)
    for row in shares:
        if (row.task, row.width) in shown:
            values[shown.index((row.task, row.width)), laws.index(row.law)] = row.share
    axes.pcolormesh(values, cmap=COLOURS, vmin=0.0, vmax=1 / DARKEST, edgecolors="white", linewidth=1.0)
    roomy = len(laws) * WIDE_CELL <= width - LABELS_WIDTH
    for row in shares:
        if (row.task, row.width) in shown:
            _write(axes, row, laws.index(row.law) + 0.5, shown.index((row.task, row.width)) + 0.5, roomy)
    slanted = any(len(law) > (12 if roomy else 6) for law in laws)
    axes.set_xticks(np.arange(len(laws)) + 0.5, laws, rotation=30 if slanted else 0, ha="left" if slanted else "center")
    axes.set_yticks(np.arange(len(shown)) + 0.5, [_name(task, width) for task, width in shown])
    axes.invert_yaxis()
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel("seeds won, %" + (" (95% interval)" if roomy else ""))
    note_left_out(figure, len(shown), len(cells) - len(shown))
    return figure


def _write(axes: Axes, row: WinShare, x: float, y: float, roomy: bool) -> None:
    interval = f" ({100 * row.lower:.0f}–{100 * row.upper:.0f})" if roomy else ""
    colour = "white" if row.share > 0.65 else "0.1" if row.wins else "0.55"
    axes.text(x, y, f"{100 * row.share:.0f}{interval}", ha="center", va="center", color=colour, fontsize=6)


def _name(task: str, width: int | None) -> str:
    return plain(task) if width is None else f"{plain(task)}  {width}"
