"""The forecast of one curve: observed points, the forecast with its intervals, its laws, and the target."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from losslaws.forecasting.forecast import Forecast
from losslaws.plotting.style import LAW_COLOURS, LAW_DASHES, PAGE_WIDTH, plain
from losslaws.plotting.ticks import set_log_ticks

HEIGHT = 3.0
COLOUR = LAW_COLOURS[0]
MAX_LAWS = 4
"""Laws drawn beside their combination: those with the largest weights."""

MAX_POINTS = 2000
WIDE = 20.0
"""A range with a larger ratio gets a logarithmic axis."""

START = 0.03
"""The first points, a share of them, may lie above the panel: a loss falls most at the start."""


def draw(forecast: Forecast) -> Figure:
    """Draw a forecast on one panel.

    Parameters
    ----------
    forecast : Forecast
        Of one curve.
    """
    figure = Figure(figsize=(PAGE_WIDTH, HEIGHT), layout="constrained")
    axes = figure.subplots()
    shown = slice(None, None, max(1, forecast.seen_t.size // MAX_POINTS))
    axes.plot(
        forecast.seen_t[shown],
        forecast.seen_loss[shown],
        linestyle="none",
        marker="o",
        markersize=2,
        markeredgewidth=0,
        color="0.6",
        label="observed",
        rasterized=True,
    )
    axes.fill_between(
        forecast.t, forecast.lower_90, forecast.upper_90, color=COLOUR, alpha=0.15, linewidth=0, label="90% interval"
    )
    axes.fill_between(
        forecast.t, forecast.lower_50, forecast.upper_50, color=COLOUR, alpha=0.3, linewidth=0, label="50% interval"
    )
    _draw_laws(axes, forecast)
    axes.plot(forecast.seen_t[-forecast.fit.size :], forecast.fit, color=COLOUR, linewidth=0.8)
    axes.plot(forecast.t, forecast.loss, color=COLOUR, linewidth=1.4, label="forecast")
    _set_scales(axes, forecast)
    if forecast.target is not None:
        _draw_target(axes, forecast, forecast.target)
    for axis, name in ((axes.xaxis, "t"), (axes.yaxis, "loss")):
        axis.set_label_text(f"{name}, log scale" if axis.get_scale() == "log" else name)
    axes.set_title(plain(forecast.name, 60), loc="left")
    figure.legend(loc="outside right upper")
    return figure


def _draw_laws(axes: Axes, forecast: Forecast) -> None:
    shown = [share for share in forecast.laws if share.law in forecast.by_law][:MAX_LAWS]
    for number, share in enumerate(shown):
        axes.plot(
            forecast.t,
            forecast.by_law[share.law],
            color=LAW_COLOURS[1:][number % (len(LAW_COLOURS) - 1)],
            linestyle=LAW_DASHES[1:][number % (len(LAW_DASHES) - 1)],
            linewidth=0.8,
            label=f"{share.law}, {share.weight:.0%}",
        )


def _set_scales(axes: Axes, forecast: Forecast) -> None:
    first = int(START * forecast.seen_t.size)
    left = float(forecast.seen_t[0])
    if forecast.horizon / left > WIDE:
        axes.set_xscale("log")
        set_log_ticks(axes.xaxis, left, forecast.horizon, most=7)
    values = np.concatenate([forecast.seen_loss[first:], forecast.lower_90, forecast.upper_90, forecast.loss])
    if forecast.target is not None:
        values = np.append(values, forecast.target)
    low, high = float(values.min()), float(values.max())
    if low > 0 and high / low > WIDE:
        axes.set_yscale("log")
        axes.set_ylim(low / 1.1, high * 1.1)
        set_log_ticks(axes.yaxis, low, high, most=6)
    else:
        margin = 0.05 * (high - low) or 1.0
        axes.set_ylim(low - margin, high + margin)
    axes.set_xlim(left, forecast.horizon)
    axes.axvline(forecast.seen_t[-1], color="0.8", linewidth=0.6, zorder=0)


def _draw_target(axes: Axes, forecast: Forecast, target: float) -> None:
    reached = forecast.reached
    axes.axhline(target, color="0.2", linewidth=0.7, linestyle=(0, (2, 2)), label=f"target {target:.6g}")
    if reached is not None and np.isfinite(reached.lower_90) and reached.value > 0:
        right = min(reached.upper_90, forecast.horizon)
        axes.plot([reached.lower_90, right], [target, target], color="0.2", linewidth=1.6)
        if np.isfinite(reached.value):
            axes.plot([reached.value], [target], marker="|", markersize=8, color="0.2")
