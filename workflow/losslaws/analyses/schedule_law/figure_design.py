"""The schedule that a law chooses beside those that people use, and the final losses that it predicts."""

from collections.abc import Sequence
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from losslaws.analyses.schedule_law.results import Comparison, Design, ScheduleFindings
from losslaws.analyses.schedule_law.settings import Settings
from losslaws.analyses.work import Work
from losslaws.plotting.draw import save_figure
from losslaws.plotting.style import PAGE_WIDTH, plain
from losslaws.plotting.ticks import ROUND_STEPS, label
from losslaws.storage.records import read_record

HEIGHT = 2.7
LINE = 0.16
"""Inches that a line of a warning takes."""

CHARACTERS = 120
COLOURS = {"designed": "#D55E00", "cosine": "#0072B2", "wsd_linear": "#009E73", "wsd_exponential": "#7F7F7F"}


def save(work: Work[Settings]) -> None:
    """Draw the schedule that is chosen for an experiment."""
    save_figure(draw, work.pictures, read_record(work.input("found"), ScheduleFindings))


def draw(found: ScheduleFindings) -> Figure:
    """Draw the schedules and, beside them, the final loss of each with its interval; below them the warnings.

    Where no schedule is chosen, the figure says why.
    """
    chosen = found.design
    if chosen is None:
        figure = Figure(figsize=(PAGE_WIDTH, 1.2))
        reason = _wrapped(f"No schedule is chosen: {found.no_design}.")
        figure.text(0.5, 0.5, reason, ha="center", va="center")
        return figure
    warnings = _wrapped(" ".join(chosen.warnings))
    height = HEIGHT + LINE * (1 + warnings.count("\n")) * bool(warnings)
    figure = Figure(figsize=(PAGE_WIDTH, height), layout="constrained")
    schedules, losses = figure.subplots(1, 2, width_ratios=[1.25, 1])
    _draw_schedules(schedules, chosen)
    _draw_losses(losses, chosen.comparison)
    for letter, axes in zip("ab", (schedules, losses), strict=True):
        axes.text(-0.02, 1.02, letter, transform=axes.transAxes, weight="bold", ha="right")
    if warnings:
        figure.supxlabel(warnings, fontsize="small", color="0.3")
    return figure


def _wrapped(text: str) -> str:
    return "\n".join(plain(line, CHARACTERS) for line in wrap(text, CHARACTERS))


def _draw_schedules(axes: Axes, chosen: Design) -> None:
    band = (chosen.designed.step, chosen.low, chosen.high)
    axes.fill_between(*band, color=COLOURS["designed"], alpha=0.2, linewidth=0)
    # The chosen one last, on top of the others.
    for schedule in reversed(chosen.schedules):
        width = 1.6 if schedule.name == "designed" else 0.9
        axes.plot(schedule.step, schedule.lr, color=COLOURS[schedule.name], linewidth=width)
    plan = chosen.plan
    axes.set_xlim(0, plan.length)
    axes.set_ylim(0, 1.06 * plan.peak)
    axes.set_yticks([0, plan.peak], ["0", label(float(f"{plan.peak:.2g}"))])
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=ROUND_STEPS))
    axes.set_xlabel("step")
    axes.set_ylabel("learning rate", labelpad=-8)
    axes.set_title("schedules; shaded: designs of refits")


def _draw_losses(axes: Axes, rows: Sequence[Comparison]) -> None:
    places = np.arange(len(rows))[::-1]
    for place, row in zip(places, rows, strict=True):
        colour = COLOURS[row.name]
        axes.plot([row.low, row.high], [place, place], color=colour, linewidth=1.4)
        axes.plot(row.loss, place, "o", color=colour, markersize=4)
        axes.text(row.loss, place + 0.17, _text(row), ha="center", va="bottom", fontsize="small")
    reach = max(row.high for row in rows) - min(row.low for row in rows)
    axes.set_xlim(min(row.low for row in rows) - 0.4 * reach, max(row.high for row in rows) + 0.4 * reach)
    axes.set_ylim(-0.5, len(rows) - 0.3)
    axes.set_yticks(places, [row.name.replace("_", " ").replace("wsd", "WSD") for row in rows])
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=ROUND_STEPS))
    axes.set_xlabel("final loss, 5–95%")
    axes.set_title("predicted final loss, and excess over the design")


def _text(row: Comparison) -> str:
    if row.name == "designed":
        return f"{row.loss:.4f}"
    return f"+{row.excess:.4f} ({row.excess_low:.4f} – {row.excess_high:.4f})"
