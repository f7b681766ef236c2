"""How much worse than the best law of its run each law is: differences in AIC."""

from collections.abc import Sequence
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

from losslaws.analyses.universality.drawn import save_drawn
from losslaws.analyses.work import Work
from losslaws.fitting.fitted import FittedCurve
from losslaws.fitting.selection import MODERATE, STRONG
from losslaws.laws.law import Law
from losslaws.plotting.cells import Cell, cells, why_no_fit
from losslaws.plotting.rows import MAX_ROWS, draw_points, label_rows, lane, note_left_out
from losslaws.plotting.style import ANY_LAW, COLUMN_WIDTH, LawStyle, law_styles, legend_columns, markers
from losslaws.plotting.ticks import label

LANE_HEIGHT = 0.05
"""Inches that a law takes in a row."""

LEFT_EDGE, BEST_EDGE = -1.1, 1.1
"""Where the axis starts, and where the column of the best laws ends; zones of support are for the second best."""

NO_FIT: dict[str, Any] = {"linestyle": "none", "marker": "x", "markersize": 3}


def save(work: Work[None]) -> None:
    """Draw the fits of an experiment."""
    save_drawn(draw, work)


def draw(runs: Sequence[FittedCurve], laws: Sequence[Law], skip: int) -> Figure:  # noqa: ARG001
    """Draw one row per (task, width), and in it one lane per law with a point per run.

    Parameters
    ----------
    runs : sequence of FittedCurve
        At least one.
    laws : sequence of Law
        The laws that were fitted.
    skip : int
        Not used; all figures are called alike.
    """
    every = cells(runs)
    rows = every[:MAX_ROWS]
    styles = law_styles(laws)
    height = 1.2 + len(rows) * max(0.24, 0.06 + LANE_HEIGHT * len(laws))
    figure = Figure(figsize=(COLUMN_WIDTH, height), layout="constrained")
    axes = figure.add_subplot()
    label_rows(axes, rows)
    _scale(axes, rows)
    for position, (name, style) in enumerate(styles.items()):
        _draw_law(axes, rows, name, style, lane(position, len(styles)))
    for number, cell in enumerate(rows):
        if not cell.fitted.converged:
            reason = fill(why_no_fit(cell.runs[0]), 44)
            axes.text(0.02, number, reason, transform=axes.get_yaxis_transform(), va="center")
    handles = [Line2D([], [], label=name, **markers(style, filled=True)) for name, style in styles.items()]
    handles.append(Line2D([], [], label="open: at bound", **markers(ANY_LAW, filled=False)))
    if any(len(run.converged) < len(laws) for cell in rows if cell.fitted.converged for run in cell.runs):
        handles.append(Line2D([], [], color=ANY_LAW.colour, label="no fit", **NO_FIT))
    columns = legend_columns([str(handle.get_label()) for handle in handles], COLUMN_WIDTH)
    figure.legend(handles=handles, loc="outside upper center", ncols=columns)
    note_left_out(figure, len(rows), len(every) - len(rows))
    return figure


def differences(run: FittedCurve) -> dict[str, float]:
    """Return AIC minus the lowest AIC of the run, for each law that has a fit."""
    values = {fit.name: float(fit.aic or 0.0) for fit in run.converged}
    return {law: value - min(values.values()) for law, value in values.items()}


def _scale(axes: Axes, rows: Sequence[Cell]) -> None:
    """Make the axis linear up to the threshold of strong support and logarithmic beyond."""
    largest = max((value for cell in rows for run in cell.runs for value in differences(run).values()), default=0.0)
    last = max(int(np.ceil(np.log10(max(largest, 1.0)))), 2)
    ticks = [0.0, MODERATE, STRONG, *(10.0**power for power in range(2, last + 1))]
    # The linear part has the same share of the axis whatever its end, which leaves room for its labels.
    axes.set_xscale("symlog", linthresh=STRONG, linscale=(last - 1) / 1.4)
    axes.set_xlim(LEFT_EDGE, 1.3 * 10.0**last)
    axes.set_xticks(ticks, [label(tick) for tick in ticks])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel("ΔAIC to the best law of the run;\nsupport for the best: the zone of the second best")
    axes.axvspan(BEST_EDGE, MODERATE, color="0.9", linewidth=0, zorder=-2)
    axes.axvspan(MODERATE, STRONG, color="0.95", linewidth=0, zorder=-2)
    levels = {
        "best": 0.0,
        "weak": (BEST_EDGE + MODERATE) / 2,
        "moderate": (MODERATE + STRONG) / 2,
        "strong": 10.0 ** ((1 + last) / 2),
    }
    for level, middle in levels.items():
        axes.text(middle, 1.0, level, transform=axes.get_xaxis_transform(), ha="center", va="bottom")


def _draw_law(axes: Axes, rows: Sequence[Cell], name: str, style: LawStyle, offset: float) -> None:
    """Draw one law in its lane of every row; at the right edge where it has no fit."""
    points, missing = [], []
    for number, cell in enumerate(rows):
        for run in cell.runs:
            fit = next(fit for fit in run.fits if fit.name == name)
            if fit.converged:
                points.append((differences(run)[name], number + offset, not fit.at_bound))
            elif cell.fitted.converged:
                missing.append(number + offset)
    draw_points(axes, points, style, rows)
    # A line without points would still take its place in the layout, at the figure's corner.
    if missing:
        edge = axes.get_yaxis_transform()
        axes.plot([1.02] * len(missing), missing, color=style.colour, transform=edge, clip_on=False, **NO_FIT)
