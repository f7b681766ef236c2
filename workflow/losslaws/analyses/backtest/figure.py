"""A back-test: errors of the combination, of laws and of the last value, and how the intervals hold."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from losslaws.analyses.backtest.compute import Found
from losslaws.analyses.forecast.settings import Settings
from losslaws.analyses.work import Work
from losslaws.forecasting.attempts import COMBINATION, LAST_VALUE
from losslaws.forecasting.backtest import AS_BEFORE, BacktestSummary
from losslaws.forecasting.schedule_ahead import CHANGES
from losslaws.plotting.draw import save_figure
from losslaws.plotting.style import LAW_COLOURS, LAW_DASHES, LAW_MARKERS, PAGE_WIDTH
from losslaws.plotting.ticks import set_log_ticks
from losslaws.storage.records import read_record

ROW = 2.0
TITLES = {AS_BEFORE: "schedule as before", CHANGES: "schedule changes after the prefix"}


def save(work: Work[Settings]) -> None:
    """Draw the scores of an experiment."""
    save_figure(draw, work.pictures, read_record(work.input("found"), Found).summary)


def draw(summary: Sequence[BacktestSummary]) -> Figure:
    """Draw a row of three panels for each group of schedules: errors, coverage and widths by what was seen.

    Parameters
    ----------
    summary : sequence of BacktestSummary
        A back-test's summary.
    """
    rows = [row for row in summary if row.fraction is not None]
    groups = list(dict.fromkeys(row.schedule for row in rows))
    figure = Figure(figsize=(PAGE_WIDTH, ROW * len(groups) + 0.5), layout="constrained")
    panels = figure.subplots(len(groups), 3, squeeze=False)
    for line, group in zip(panels, groups, strict=True):
        chosen = [row for row in rows if row.schedule == group]
        _draw_errors(line[0], chosen)
        _draw_coverage(line[1], chosen)
        _draw_widths(line[2], chosen)
        curves = max(row.curves for row in chosen)
        line[0].set_title(f"{curves} curve{'s' * (curves > 1)}, {TITLES[group]}", loc="left")
    for panel in panels[-1]:
        panel.set_xlabel("share of the curve seen")
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4)
    return figure


def _series(rows: Sequence[BacktestSummary], forecaster: str, column: str) -> tuple[list[float], list[float]]:
    points = [(row.fraction or 0.0, getattr(row, column)) for row in rows if row.forecaster == forecaster]
    known = sorted(point for point in points if point[1] is not None)
    return [share for share, _ in known], [value for _, value in known]


def _look(number: int, forecaster: str) -> dict[str, Any]:
    if forecaster == COMBINATION:
        return {"color": "black", "linewidth": 1.6, "marker": "o", "markersize": 3, "zorder": 5}
    if forecaster == LAST_VALUE:
        return {"color": "0.55", "linewidth": 1.0, "marker": "x", "markersize": 3}
    return {
        "color": LAW_COLOURS[number % len(LAW_COLOURS)],
        "linestyle": LAW_DASHES[number % len(LAW_DASHES)],
        "marker": LAW_MARKERS[number % len(LAW_MARKERS)],
        "linewidth": 0.8,
        "markersize": 2.5,
    }


def _draw_errors(panel: Axes, rows: Sequence[BacktestSummary]) -> None:
    names = list(dict.fromkeys(row.forecaster for row in rows))
    laws = [name for name in names if name not in (COMBINATION, LAST_VALUE)]
    for name in names:
        number = laws.index(name) if name in laws else 0
        panel.plot(*_series(rows, name, "error_later"), label=name.replace("_", " "), **_look(number, name))
    panel.set_ylabel("median error of later points")
    _log_scale(panel, [row.error_later for row in rows])


def _draw_coverage(panel: Axes, rows: Sequence[BacktestSummary]) -> None:
    for level, colour in ((90, "black"), (50, "0.55")):
        panel.axhline(level / 100, color=colour, linewidth=0.6, linestyle=(0, (2, 2)))
        panel.plot(*_series(rows, COMBINATION, f"coverage_{level}"), color=colour, marker="o", markersize=3)
    shares = _shares(rows)
    for level, colour in ((90, "black"), (50, "0.55")):
        panel.annotate(f"{level}%", (shares[-1], level / 100), (3, 2), textcoords="offset points", color=colour)
    panel.set(ylim=(0, 1.03), ylabel="coverage of the combination")
    _set_shares(panel, shares)


def _draw_widths(panel: Axes, rows: Sequence[BacktestSummary]) -> None:
    for level, colour in ((90, "black"), (50, "0.55")):
        shares, widths = _series(rows, COMBINATION, f"width_{level}")
        panel.plot(shares, widths, color=colour, marker="o", markersize=3)
        panel.annotate(f"{level}%", (shares[-1], widths[-1]), (4, -2), textcoords="offset points", color=colour)
    panel.set_ylabel("median width of its intervals")
    own = [row for row in rows if row.forecaster == COMBINATION]
    _log_scale(panel, [getattr(row, f"width_{level}") for row in own for level in (50, 90)])
    _set_shares(panel, _shares(rows))


def _shares(rows: Sequence[BacktestSummary]) -> list[float]:
    return sorted({row.fraction for row in rows if row.fraction is not None})


def _set_shares(panel: Axes, shares: Sequence[float]) -> None:
    margin = 0.12 * (shares[-1] - shares[0]) or 0.1
    panel.set_xlim(shares[0] - margin / 2, shares[-1] + margin)


def _log_scale(panel: Axes, values: Sequence[float | None]) -> None:
    positive = [value for value in values if value]
    if positive:
        low, high = min(positive) / 1.3, max(positive) * 1.3
        panel.set_yscale("log")
        panel.set_ylim(low, high)
        set_log_ticks(panel.yaxis, low, high, most=5)
