"""How often criteria are right and how often falsely certain, over the correlation of the noise."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from losslaws.analyses.calibration.compute import CRITERIA, Counts, summed
from losslaws.analyses.work import Work
from losslaws.core.proportions import share
from losslaws.plotting.draw import save_figure
from losslaws.plotting.style import LAW_COLOURS, LAW_DASHES, LAW_MARKERS, PAGE_WIDTH, LawStyle
from losslaws.storage.records import read_record

RATES = {"named": "true law named", "alone": "rightly certain", "falsely": "falsely certain"}
PANEL_HEIGHT = 1.15
STYLES = [LawStyle(*look) for look in zip(LAW_COLOURS, LAW_DASHES, LAW_MARKERS, strict=False)][: len(CRITERIA)]
"""The looks of the criteria."""
TOLERATED = 0.05
"""The rate of false certainty that a criterion should not exceed."""


def save(work: Work[None]) -> None:
    """Draw the rates of an experiment."""
    save_figure(draw, work.pictures, read_record(work.input("found"), tuple[Counts, ...]))


def draw(rows: Sequence[Counts]) -> Figure:
    """Draw a row of panels per (rate, signal-to-noise ratio), a column per length, a line per criterion.

    Parameters
    ----------
    rows : sequence of Counts
        At least one.
    """
    cells = summed(rows, "n", "signal_to_noise", "rho")
    lengths = sorted({row.n or 0 for row in cells})
    ratios = sorted({row.signal_to_noise or 0.0 for row in cells})
    correlations = sorted({row.rho or 0.0 for row in cells})
    worst = max(share(row.falsely, row.curves).upper for row in cells)
    bands = [(rate, ratio) for rate in RATES for ratio in ratios]
    figure = Figure(figsize=(PAGE_WIDTH, 0.6 + PANEL_HEIGHT * len(bands)), layout="constrained")
    panels = figure.subplots(len(bands), len(lengths), squeeze=False, sharex=True, sharey="row")
    for line, (rate, ratio) in enumerate(bands):
        for column, length in enumerate(lengths):
            axes = panels[line, column]
            chosen = [row for row in cells if (row.n, row.signal_to_noise) == (length, ratio)]
            _draw_panel(axes, chosen, rate, correlations, worst if rate == "falsely" else 1.0)
            if line == 0:
                axes.set_title(f"{length} points")
            if line == len(bands) - 1:
                axes.set_xlabel("correlation ρ of the noise")
        panels[line, 0].set_ylabel(f"{RATES[rate]}\nsignal/noise {ratio:g}")
    figure.legend(handles=_legend(), loc="outside upper center", ncols=len(CRITERIA) + 1)
    return figure


def _draw_panel(axes: Axes, rows: Sequence[Counts], rate: str, correlations: Sequence[float], top: float) -> None:
    for number, (criterion, style) in enumerate(zip(CRITERIA, STYLES, strict=True)):
        own = sorted((row for row in rows if row.criterion == criterion), key=lambda row: row.rho or 0.0)
        shares = [share(getattr(row, rate), row.curves) for row in own]
        middle = np.array([entry.value for entry in shares])
        reach = np.abs(np.array([[entry.lower, entry.upper] for entry in shares]).T - middle)
        places = [correlations.index(row.rho or 0.0) + 0.12 * (number - 1.5) for row in own]
        axes.errorbar(
            places,
            middle,
            reach,
            color=style.colour,
            linestyle=style.dashes,
            linewidth=0.8,
            marker=style.marker,
            markersize=3,
            elinewidth=0.6,
            clip_on=False,
            zorder=3,
        )
    if rate == "falsely":
        axes.axhline(TOLERATED, color="0.6", linewidth=0.6, zorder=0)
    axes.set_ylim(0.0, top)
    axes.set_xticks(range(len(correlations)), [f"{rho:g}" for rho in correlations])
    axes.set_xlim(-0.4, len(correlations) - 0.6)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.grid(axis="y", color="0.92", linewidth=0.5)
    axes.set_axisbelow(True)


def _legend() -> list[Line2D]:
    handles = [
        Line2D([], [], label=name, color=style.colour, linestyle=style.dashes, linewidth=0.8, marker=style.marker, ms=3)
        for name, style in zip(CRITERIA, STYLES, strict=True)
    ]
    return [*handles, Line2D([], [], color="0.6", linewidth=0.6, label=f"{TOLERATED:.0%}")]
