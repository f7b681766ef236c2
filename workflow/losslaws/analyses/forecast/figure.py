"""Forecasts of several curves with their intervals."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from losslaws.analyses.forecast.results import CurveForecast, Result, read_results
from losslaws.analyses.forecast.settings import Settings
from losslaws.analyses.work import Work
from losslaws.plotting.draw import save_figure
from losslaws.plotting.style import PAGE_WIDTH, plain
from losslaws.plotting.ticks import set_log_ticks

MAX_PANELS = 24
COLUMNS, PANEL_HEIGHT = 3, 1.55
OBSERVED, EXPECTED, TARGET = "0.45", "#0072B2", "0.3"


def save(work: Work[Settings]) -> None:
    """Draw the first forecasts of an experiment."""
    save_figure(draw, work.pictures, read_results(work.input("found")))


def draw(results: Sequence[Result]) -> Figure:
    """Draw a panel per curve that could be forecast, both axes logarithmic.

    Parameters
    ----------
    results : sequence of CurveForecast or NoForecast
        As in ``forecasts.json``.
    """
    forecasts = [result for result in results if isinstance(result, CurveForecast)]
    shown = forecasts[:MAX_PANELS]
    columns = min(COLUMNS, max(1, len(shown)))
    rows = max(1, math.ceil(len(shown) / columns))
    figure = Figure(figsize=(PAGE_WIDTH, 0.5 + PANEL_HEIGHT * rows), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for number, (panel, forecast) in enumerate(zip(panels, shown, strict=False)):
        _draw_panel(panel, forecast)
        if number % columns == 0:
            panel.set_ylabel("loss, log scale" if panel.get_yscale() == "log" else "loss")
        if number + columns >= len(shown):
            panel.set_xlabel("t, log scale")
    for panel in panels[len(shown) :]:
        panel.set_axis_off()
    if shown:
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=len(handles))
    else:
        panels[0].text(0.0, 0.5, "no curve could be forecast")
    if len(forecasts) > len(shown):
        note = f"the first {len(shown)} panels; {len(forecasts) - len(shown)} more are not drawn"
        figure.text(0.995, 0.002, note, ha="right", va="bottom", fontsize="small")
    return figure


def _draw_panel(axes: Axes, forecast: CurveForecast) -> None:
    ahead, seen = forecast.curve_ahead, forecast.seen
    axes.plot(seen.t, seen.loss, color=OBSERVED, linewidth=0.8, label="observed")
    axes.plot(ahead.t, ahead.loss, color=EXPECTED, linewidth=1.2, label="forecast")
    for level, lower, upper, alpha in (
        (50, ahead.lower_50, ahead.upper_50, 0.35),
        (90, ahead.lower_90, ahead.upper_90, 0.18),
    ):
        axes.fill_between(
            ahead.t, lower, upper, color=EXPECTED, alpha=alpha, linewidth=0, zorder=1, label=f"{level}% interval"
        )
    if forecast.target is not None:
        label = f"target loss {forecast.target:.6g}"
        axes.axhline(forecast.target, color=TARGET, linewidth=0.8, linestyle=(0, (1, 1.5)), label=label)
    _set_scales(axes, forecast)
    axes.set_title(plain(forecast.curve, 34), loc="left", pad=2)


def _set_scales(axes: Axes, forecast: CurveForecast) -> None:
    ahead, seen = forecast.curve_ahead, forecast.seen
    axes.set_xscale("log")
    set_log_ticks(axes.xaxis, seen.t[0], ahead.t[-1], most=4)
    shown = [*seen.loss, *ahead.loss]
    if min(shown) <= 0:
        return
    axes.set_yscale("log")
    # A band that reaches 0 leaves the panel through its floor.
    low = max(min(*shown, *(value for value in ahead.lower_90 if value > 0)), 0.2 * min(shown))
    high = max(*shown, *ahead.upper_90)
    margin = (high / low) ** 0.04
    axes.set_ylim(low / margin, high * margin)
    set_log_ticks(axes.yaxis, low, high, most=4)
