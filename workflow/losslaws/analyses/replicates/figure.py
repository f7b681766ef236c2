"""The share of the seeds that each law wins, by task and width."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from losslaws.analyses.replicates.compute import Replicates, WinShare
from losslaws.analyses.work import Work
from losslaws.plotting.draw import save_figure
from losslaws.plotting.rows import MOST_ROWS, lane
from losslaws.plotting.style import COLUMN_WIDTH, LAW_COLOURS, LAW_MARKERS, legend_columns, plain
from losslaws.storage.records import read_record

LANE_HEIGHT = 0.075
"""Inches that a law takes in a row."""


def save(work: Work[None]) -> None:
    """Draw the shares of an experiment."""
    save_figure(draw, work.pictures, read_record(work.input("found"), Replicates).shares)


def draw(rows: Sequence[WinShare]) -> Figure:
    """Draw one row per (task, width) and in it one lane per law: its share of the seeds with the interval.

    Parameters
    ----------
    rows : sequence of WinShare
        At least one.
    """
    laws = list(dict.fromkeys(row.law for row in rows))
    cells = list(dict.fromkeys((row.task, row.width) for row in rows))
    shown = cells[:MOST_ROWS]
    height = 0.9 + len(shown) * max(0.24, 0.06 + LANE_HEIGHT * len(laws))
    figure = Figure(figsize=(COLUMN_WIDTH, height), layout="constrained")
    axes = figure.add_subplot()
    for position, law in enumerate(laws):
        own = [row for row in rows if row.law == law and (row.task, row.width) in shown]
        middle = np.array([row.share for row in own])
        reach = np.abs(np.array([[row.lower, row.upper] for row in own]).T - middle)
        places = [shown.index((row.task, row.width)) + lane(position, len(laws)) for row in own]
        axes.errorbar(middle, places, xerr=reach, elinewidth=0.7, clip_on=False, **_look(position))
    axes.set_yticks(range(len(shown)), [_name(task, width) for task, width in shown])
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    for edge in range(1, len(shown)):
        axes.axhline(edge - 0.5, color="0.9", linewidth=0.5, zorder=0)
    axes.set_xlim(0.0, 1.0)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.grid(axis="x", color="0.92", linewidth=0.5)
    axes.set_axisbelow(True)
    axes.set_xlabel("share of the seeds that the law wins, 95% interval")
    handles = [Line2D([], [], label=law, **_look(position)) for position, law in enumerate(laws)]
    figure.legend(handles=handles, loc="outside upper center", ncols=legend_columns(laws, COLUMN_WIDTH))
    if len(cells) > len(shown):
        figure.supxlabel(f"the first {MOST_ROWS} rows; {len(cells) - len(shown)} more are not drawn", fontsize="medium")
    return figure


def _name(task: str, width: int | None) -> str:
    return plain(str(task)) if width is None else f"{plain(str(task))}  {width}"


def _look(position: int) -> dict[str, Any]:
    number = position % len(LAW_COLOURS)
    return {"linestyle": "none", "marker": LAW_MARKERS[number], "markersize": 3, "color": LAW_COLOURS[number]}
