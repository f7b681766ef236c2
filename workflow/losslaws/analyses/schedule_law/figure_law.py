"""Measured and predicted loss of every run, with its learning-rate schedule beneath."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from losslaws.analyses.schedule_law.results import PredictedCurve, ScheduleFindings
from losslaws.analyses.schedule_law.settings import Settings
from losslaws.analyses.work import Work
from losslaws.plotting.draw import save_figure
from losslaws.plotting.panels import LINE, Page, add_panels
from losslaws.plotting.style import plain
from losslaws.plotting.ticks import label
from losslaws.storage.records import read_record

MAX_PANELS = 12
MEASURED, FITTED, PREDICTED = "0.72", "#0072B2", "#D55E00"
SHARE_SHOWN = 0.97
"""Of the measured losses, from the end: the first drop would flatten what a schedule does."""


def save(work: Work[Settings]) -> None:
    """Draw the curves of an experiment under the law with the lowest objective."""
    found = read_record(work.input("found"), ScheduleFindings)
    save_figure(draw, work.pictures, min(found.laws, key=lambda law: law.objective).curves)


def draw(curves: Sequence[PredictedCurve]) -> Figure:
    """Draw a panel per curve, of at least one, those that were not fitted last, with a strip of the learning rate."""
    ordered = sorted(curves, key=lambda row: not row.fitted)[:MAX_PANELS]
    columns = min(3, len(ordered))
    page = Page(math.ceil(len(ordered) / columns), columns, aligned=False)
    figure = Figure()
    panels = add_panels(figure, page, len(ordered), [2] * page.rows, top=2 * LINE)
    for (panel, strip), row in zip(panels, ordered, strict=True):
        _draw_run(panel, row, page)
        _draw_schedule(strip, row)
        strip.set_xlim(panel.get_xlim())
    for _, strip in panels[-columns:]:
        strip.set_xlabel("step", labelpad=1)
    panels[0][0].set_ylabel("loss")
    panels[0][1].set_ylabel("rate")
    figure.legend(handles=_legend(ordered), loc="upper center", ncols=3)
    if len(curves) > len(ordered):
        left_out = f"{len(curves) - len(ordered)} more runs are not drawn"
        figure.text(0.99, 0.995, left_out, ha="right", va="top", fontsize="small", color="0.4")
    return figure


def _draw_run(axes: Axes, row: PredictedCurve, page: Page) -> None:
    loss, prediction = np.array(row.loss), np.array(row.prediction)
    axes.plot(row.step, loss, ".", color=MEASURED, markersize=4, markeredgewidth=0, rasterized=loss.size > 2000)
    axes.plot(row.step, prediction, color=FITTED if row.fitted else PREDICTED, linewidth=0.7)
    shown = np.concatenate([loss, prediction])
    low, high = float(shown.min()), float(np.quantile(loss, SHARE_SHOWN))
    margin = 0.05 * (high - low)
    axes.set_ylim(low - margin, high + margin)
    axes.set_xlim(0, row.step[-1])
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_locator(MaxNLocator(3))
    errors = f"mean error {row.scores.mean_relative:.2%}, worst {row.scores.worst_relative:.2%}"
    axes.set_title(f"{plain(row.curve, page.characters)}\n{errors}", fontsize="small")


def _draw_schedule(axes: Axes, row: PredictedCurve) -> None:
    peak = max(row.lr)
    axes.fill_between(row.step, row.lr, color="0.85", linewidth=0)
    axes.plot(row.step, row.lr, color="0.4", linewidth=0.7)
    axes.set_ylim(0, 1.15 * peak)
    axes.set_yticks([0, peak], ["0", label(float(f"{peak:.2g}"))])
    axes.xaxis.set_major_locator(MaxNLocator(3))


def _legend(rows: Sequence[PredictedCurve]) -> list[Line2D]:
    handles = [Line2D([], [], linestyle="none", marker=".", markersize=4, color=MEASURED, label="measured")]
    if any(row.fitted for row in rows):
        handles.append(Line2D([], [], color=FITTED, linewidth=0.9, label="law, fitted to this run"))
    if not all(row.fitted for row in rows):
        handles.append(Line2D([], [], color=PREDICTED, linewidth=0.9, label="law, run not seen"))
    return handles
