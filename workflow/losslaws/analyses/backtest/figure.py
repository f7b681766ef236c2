"""A back-test: errors of the combination, of laws and of the last value; coverage and width of the intervals."""

from collections.abc import Iterable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import PercentFormatter

from losslaws.analyses.backtest.compute import Found
from losslaws.analyses.forecast.settings import Settings
from losslaws.analyses.work import Work
from losslaws.forecasting.attempts import COMBINATION, LAST_VALUE
from losslaws.forecasting.backtest import GROUPS, BacktestSummary, ErrorQuartiles
from losslaws.plotting.draw import save_figure
from losslaws.plotting.style import LAW_COLOURS, LAW_DASHES, LAW_MARKERS, PAGE_WIDTH
from losslaws.plotting.ticks import set_log_ticks
from losslaws.storage.records import read_record

ROW = 2.0
"""Inches of a row of panels."""

LEVELS = {90: ("#332288", "o"), 50: ("#88CCEE", "s")}
"""Colour and marker of the interval of each level."""


def save(work: Work[Settings]) -> None:
    """Draw the scores of an experiment."""
    found = read_record(work.input("found"), Found)
    save_figure(draw, work.pictures, found.summary, found.quartiles)


def draw(summary: Sequence[BacktestSummary], quartiles: Sequence[ErrorQuartiles]) -> Figure:
    """Draw a row of three panels for each group of schedules: errors, coverage and widths by what was seen.

    Parameters
    ----------
    summary : sequence of BacktestSummary
        A back-test's summary.
    quartiles : sequence of ErrorQuartiles
        Of the combination's errors.
    """
    rows = [row for row in summary if row.fraction is not None]
    groups = list(dict.fromkeys(row.schedule for row in rows))
    engine = ConstrainedLayoutEngine(wspace=0.06)
    figure = Figure(figsize=(PAGE_WIDTH, ROW * len(groups) + 0.5), layout=engine)
    panels = figure.subplots(len(groups), 3, squeeze=False)
    for line, group in zip(panels, groups, strict=True):
        chosen = [row for row in rows if row.schedule == group]
        _draw_errors(line[0], chosen, [own for own in quartiles if own.schedule == group])
        _draw_coverage(line[1], chosen)
        _draw_widths(line[2], chosen)
        curves = max(row.curves for row in chosen)
        line[0].set_title(f"{curves} curve{'s' * (curves > 1)}, {GROUPS[group]}", loc="left")
    for panel in panels[-1]:
        panel.set_xlabel("fraction of the curve seen")
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4)
    return figure


def _draw_errors(panel: Axes, rows: Sequence[BacktestSummary], quartiles: Sequence[ErrorQuartiles]) -> None:
    laws = 0
    for name in dict.fromkeys(row.forecaster for row in rows):
        points = _known((row.fraction, row.error_later) for row in rows if row.forecaster == name)
        if name == COMBINATION:
            panel.plot(*points, label=name, color="black", linewidth=1.6, marker="o", markersize=3, zorder=5)
        elif name == LAST_VALUE:
            panel.plot(*points, label=name, color="0.55", linewidth=1.0, marker="x", markersize=3)
        else:
            panel.plot(
                *points,
                label=name,
                color=LAW_COLOURS[laws % len(LAW_COLOURS)],
                linestyle=LAW_DASHES[laws % len(LAW_DASHES)],
                marker=LAW_MARKERS[laws % len(LAW_MARKERS)],
                linewidth=0.8,
                markersize=2.5,
            )
            laws += 1
    for own in quartiles:
        panel.plot([own.fraction] * 2, [own.lower, own.upper], color="black", linewidth=0.8, zorder=5)
    panel.set_ylabel("median absolute error")
    _log_scale(
        panel, [*(row.error_later for row in rows), *(edge for own in quartiles for edge in (own.lower, own.upper))]
    )
    _set_fractions(panel, rows)


def _draw_coverage(panel: Axes, rows: Sequence[BacktestSummary]) -> None:
    own = [row for row in rows if row.forecaster == COMBINATION]
    coverages = {90: [row.coverage_90 for row in own], 50: [row.coverage_50 for row in own]}
    for level, (colour, marker) in LEVELS.items():
        points = _known(zip((row.fraction for row in own), coverages[level], strict=True))
        panel.axhline(level / 100, color=colour, linewidth=0.8, linestyle=(0, (3, 2)))
        panel.plot(*points, color=colour, marker=marker, linewidth=1.2, markersize=3, label=f"{level}% interval")
    panel.set(ylim=(0, 1.03), ylabel="coverage")
    panel.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    panel.legend(loc="lower right")
    _set_fractions(panel, rows)


def _draw_widths(panel: Axes, rows: Sequence[BacktestSummary]) -> None:
    own = [row for row in rows if row.forecaster == COMBINATION]
    widths = {90: [row.width_90 for row in own], 50: [row.width_50 for row in own]}
    for level, (colour, marker) in LEVELS.items():
        points = _known(zip((row.fraction for row in own), widths[level], strict=True))
        panel.plot(*points, color=colour, marker=marker, linewidth=1.2, markersize=3)
    panel.set_ylabel("median width, units of the loss")
    _log_scale(panel, [width for level in LEVELS for width in widths[level]])
    _set_fractions(panel, rows)


def _known(points: Iterable[tuple[float | None, float | None]]) -> tuple[list[float], list[float]]:
    """Return the coordinates of the points that have both, in order."""
    known = sorted((x, y) for x, y in points if x is not None and y is not None)
    return [x for x, _ in known], [y for _, y in known]


def _set_fractions(panel: Axes, rows: Sequence[BacktestSummary]) -> None:
    fractions = [row.fraction for row in rows if row.fraction is not None]
    low, high = min(fractions), max(fractions)
    margin = 0.12 * (high - low) or 0.1
    panel.set_xlim(low - margin, high + margin)


def _log_scale(panel: Axes, values: Sequence[float | None]) -> None:
    positive = [value for value in values if value]
    if positive:
        low, high = min(positive) / 1.3, max(positive) * 1.3
        panel.set_yscale("log")
        panel.set_ylim(low, high)
        set_log_ticks(panel.yaxis, low, high, most=5)
