"""Forecasts of several curves: what was seen, what is expected, and how sure that is."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from losslaws.analyses.forecast.settings import Settings
from losslaws.analyses.work import Work
from losslaws.plotting.draw import save_figure
from losslaws.plotting.style import PAGE_WIDTH, plain
from losslaws.plotting.ticks import set_log_ticks
from losslaws.storage.files import read_json

MOST_PANELS = 24
COLUMNS, PANEL_HEIGHT = 3, 1.55
SEEN, EXPECTED = "0.45", "#0072B2"


def save(work: Work[Settings]) -> None:
    """Draw the first forecasts of an experiment."""
    save_figure(draw, work.pictures, read_json(work.input("found")))


def draw(records: Sequence[Mapping[str, Any]]) -> Figure:
    """Draw a panel per curve that could be forecast, both axes logarithmic.

    Parameters
    ----------
    records : sequence of mapping
        As in ``forecasts.json``.
    """
    every = [record for record in records if not record["problem"]]
    shown = every[:MOST_PANELS]
    columns = min(COLUMNS, max(1, len(shown)))
    rows = max(1, math.ceil(len(shown) / columns))
    figure = Figure(figsize=(PAGE_WIDTH, 0.5 + PANEL_HEIGHT * rows), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for panel, record in zip(panels, shown, strict=False):
        _draw_panel(panel, record)
    for panel in panels[len(shown) :]:
        panel.set_axis_off()
    if shown:
        figure.supxlabel("t", fontsize="medium")
        figure.supylabel("loss", fontsize="medium")
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=4)
    else:
        panels[0].text(0.0, 0.5, "no curve could be forecast")
    if len(every) > len(shown):
        note = f"the first {len(shown)} panels; {len(every) - len(shown)} more are not drawn"
        figure.text(0.995, 0.002, note, ha="right", va="bottom", fontsize="small")
    return figure


def _draw_panel(axes: Axes, record: Mapping[str, Any]) -> None:
    ahead, seen = record["curve_ahead"], record["seen"]
    axes.fill_between(
        ahead["t"], ahead["lower_90"], ahead["upper_90"], color=EXPECTED, alpha=0.18, linewidth=0, label="90% interval"
    )
    axes.fill_between(
        ahead["t"], ahead["lower_50"], ahead["upper_50"], color=EXPECTED, alpha=0.35, linewidth=0, label="50% interval"
    )
    axes.plot(seen["t"], seen["loss"], color=SEEN, linewidth=0.8, label="seen")
    axes.plot(ahead["t"], ahead["loss"], color=EXPECTED, linewidth=1.2, label="forecast")
    axes.set_xscale("log")
    set_log_ticks(axes.xaxis, seen["t"][0], ahead["t"][-1], most=4)
    shown = [*seen["loss"], *ahead["loss"]]
    if min(shown) > 0:
        axes.set_yscale("log")
        # A band that reaches 0 leaves the panel through its floor.
        low = max(min(*shown, *(value for value in ahead["lower_90"] if value > 0)), 0.2 * min(shown))
        high = max(*shown, *ahead["upper_90"])
        margin = (high / low) ** 0.04
        axes.set_ylim(low / margin, high * margin)
        set_log_ticks(axes.yaxis, low, high, most=4)
    if record["target"] is not None:
        axes.axhline(record["target"], color="0.3", linewidth=0.6, linestyle=(0, (1, 2)))
    axes.set_title(plain(record["curve"], 34), loc="left", pad=2)
