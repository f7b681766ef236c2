"""Do curves of all sizes collapse, and which are outliers? What does a falling learning rate save?"""

from collections.abc import Callable, Sequence
from functools import partial

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure, SubFigure
from matplotlib.ticker import MaxNLocator, NullLocator, PercentFormatter

from losslaws.analyses.collapse.results import Comparison, DrawnRung, LadderFindings, NoiseFindings, PredictedRun
from losslaws.analyses.collapse.settings import Settings
from losslaws.analyses.work import Work
from losslaws.plotting.draw import save_figure
from losslaws.plotting.style import PAGE_WIDTH, plain
from losslaws.plotting.ticks import ROUND_STEPS, label, log_ticks
from losslaws.storage.records import read_record

HEIGHT = 4.6
BEFORE = 0.05
"""Curves are drawn from this x on; before it they fall by more than the axis holds."""

LATE = 0.2
"""The same for deviations from other widths, which are percents."""

MAX_TICKS = 5
SPREAD = "#D55E00"


MAX_LADDERS = 4
NOISE_HEIGHT = 2.6
MAX_SCHEDULES = 5
CONSTANT, MEASURED, PREDICTED = "0.6", "0.0", "#D55E00"

Colour = tuple[float, float, float, float]
Painted = Sequence[tuple[DrawnRung, Colour]]


def save(work: Work[Settings]) -> None:
    """Draw the ladders of an experiment."""
    save_figure(draw, work.pictures, read_record(work.input("found"), tuple[LadderFindings, ...]))


def draw(ladders: Sequence[LadderFindings]) -> Figure:
    """Draw four panels per ladder whose sizes are compared, and two per noise model, of at least one ladder."""
    shown = ladders[:MAX_LADDERS]
    blocks = [(found.ladder, paint, height) for found in shown for paint, height in _blocks(found)]
    figure = Figure(figsize=(PAGE_WIDTH, sum(height for *_, height in blocks)), layout="constrained")
    heights = [height for *_, height in blocks]
    parts = figure.subfigures(len(blocks), 1, squeeze=False, height_ratios=heights)[:, 0]
    for part, (name, paint, _) in zip(parts, blocks, strict=True):
        paint(part)
        if len(ladders) > 1:
            part.suptitle(plain(name), fontsize="large")
    if len(ladders) > len(shown):
        figure.supxlabel(f"{len(ladders) - len(shown)} more ladders are not drawn", fontsize="medium")
    return figure


def _blocks(found: LadderFindings) -> list[tuple[Callable[[SubFigure], None], float]]:
    blocks: list[tuple[Callable[[SubFigure], None], float]] = []
    if found.comparison:
        blocks.append((partial(_draw_ladder, found=found.comparison), HEIGHT))
    if found.noise_model:
        letters = "ef" if found.comparison else "ab"
        blocks.append((partial(_draw_noise, model=found.noise_model, letters=letters), NOISE_HEIGHT))
    return blocks


def _draw_noise(figure: SubFigure, model: NoiseFindings, letters: str) -> None:
    curves, coefficients = figure.subplots(1, 2, width_ratios=[2.2, 1])
    _draw_schedules(curves, _distinct(model.runs))
    _draw_coefficients(coefficients, model)
    for letter, axes in zip(letters, (curves, coefficients), strict=True):
        axes.text(-0.02, 1.02, letter, transform=axes.transAxes, weight="bold", ha="right")


def _distinct(runs: Sequence[PredictedRun]) -> list[PredictedRun]:
    """Return a few runs with one reference, that of most runs: schedules at one size and horizon."""
    references = [run.reference for run in runs]
    common = max(dict.fromkeys(references), key=references.count)
    own = [run for run in runs if run.reference == common]
    return own[:MAX_SCHEDULES]


def _draw_schedules(axes: Axes, runs: Sequence[PredictedRun]) -> None:
    longest = max(runs, key=lambda run: run.tau[-1])
    # What a falling rate saves is small beside the first drop.
    losses = np.concatenate([np.array(run.loss)[len(run.loss) // 5 :] for run in runs])
    axes.plot(longest.tau, longest.at_constant_rate, color=CONSTANT, linewidth=1.6, label="constant rate")
    for run in runs:
        axes.plot(run.tau, run.loss, color=MEASURED, linewidth=0.8)
        axes.plot(run.tau, run.predicted, "--", color=PREDICTED, linewidth=0.9)
    axes.plot([], [], color=MEASURED, linewidth=0.8, label="falling rates, measured")
    axes.plot([], [], "--", color=PREDICTED, linewidth=0.9, label="predicted from the constant rate")
    margin = 0.06 * (losses.max() - losses.min())
    axes.set_ylim(losses.min() - margin, losses.max() + margin)
    axes.set_xlim(0, 1.02 * longest.tau[-1])
    axes.xaxis.set_major_locator(MaxNLocator(MAX_TICKS, steps=ROUND_STEPS))
    axes.yaxis.set_major_locator(MaxNLocator(MAX_TICKS, steps=ROUND_STEPS))
    axes.legend(loc="upper right")
    axes.set_xlabel("τ, sum of the learning rate")
    axes.set_ylabel("loss")
    axes.set_title(f"{len(runs)} schedules against {plain(runs[0].reference, 24)}")


def _draw_coefficients(axes: Axes, model: NoiseFindings) -> None:
    alphas = np.sort([run.alpha for run in model.runs])
    axes.plot(alphas, np.arange(1, alphas.size + 1), "o", color=MEASURED, markersize=2.5)
    # The legend is above the lines.
    axes.axvline(model.alpha, 0, 0.78, color=PREDICTED, linewidth=1.0, label=f"all runs: {model.alpha:.3f}")
    axes.axvline(model.theory, 0, 0.78, color=CONSTANT, linestyle=":", label=f"theory: {model.theory:g}")
    reach = max(*np.abs(alphas - model.alpha), abs(model.theory - model.alpha))
    axes.set_xlim(model.alpha - 1.3 * reach, model.alpha + 1.3 * reach)
    axes.set_ylim(0, 1.35 * (alphas.size + 1))
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=ROUND_STEPS))
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=ROUND_STEPS, integer=True))
    axes.legend(loc="upper left")
    axes.set_xlabel("α of one run")
    axes.set_ylabel("runs, in order of α")
    axes.set_title(f"the model explains {model.explained:.1%}")


def _draw_ladder(figure: SubFigure, found: Comparison) -> None:
    panels = figure.subplots(2, 2)
    sizes = [rung.n_params for rung in found.rungs]
    norm = LogNorm(min(sizes), max(sizes))
    # The last tenth of the map is too faint for a line.
    colours = mpl.colors.ListedColormap(mpl.colormaps["viridis"].resampled(256)(np.linspace(0.0, 0.88, 256)))
    shades = ScalarMappable(norm, colours)
    painted = [(rung, colours(float(norm(rung.n_params)))) for rung in found.rungs]
    _draw_compute(panels[0, 0], found, painted)
    _draw_normalised(panels[0, 1], found, painted)
    _draw_spread(panels[1, 0], found, painted)
    _draw_deviations(panels[1, 1], found, painted)
    for letter, axes in zip("abcd", panels.flat, strict=True):
        axes.text(-0.02, 1.02, letter, transform=axes.transAxes, weight="bold", ha="right")
    bar = figure.colorbar(shades, ax=panels, fraction=0.03, pad=0.02)
    ticks = log_ticks(min(sizes), max(sizes), MAX_TICKS)
    bar.set_ticks(ticks, labels=[label(tick) for tick in ticks])
    bar.ax.yaxis.set_minor_locator(NullLocator())
    bar.set_label("number of parameters")


def _draw_compute(axes: Axes, found: Comparison, painted: Painted) -> None:
    level = found.irreducible
    for rung, colour in painted:
        axes.plot(rung.compute, np.array(rung.loss) - level, color=colour, linewidth=0.8)
        axes.plot(rung.compute[-1], rung.loss[-1] - level, "o", color=colour, markersize=2.5, zorder=3)
    finals = np.array([rung.loss[-1] for rung, _ in painted]) - level
    ends = np.array([rung.compute[-1] for rung, _ in painted])
    law = found.compute_law
    if law is not None:
        reach = np.geomspace(ends.min() / 3, ends.max() * 3, 50)
        axes.plot(
            reach, law.amplitude * (reach / law.scale) ** -law.exponent, "--", color="0.3", linewidth=0.7, zorder=2
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(ends.min() / 300, ends.max() * 3)
    highest = max(rung.loss[0] for rung, _ in painted) - level
    axes.set_ylim(finals.min() / 1.3, min(1.3 * highest, 30 * finals.max()))
    for axis in (axes.xaxis, axes.yaxis):
        low, high = axis.get_view_interval()
        ticks = log_ticks(low, high, MAX_TICKS)
        axis.set_ticks(ticks, [label(tick) for tick in ticks])
        axis.set_minor_locator(NullLocator())
    axes.set_xlabel("compute, parameters × t")
    axes.set_ylabel(f"loss − {level:.4g}" if level else "loss")
    if law is None:
        axes.set_title("dots: final losses")
    else:
        axes.set_title(f"final losses fall as compute$^{{-{law.exponent:.3f}}}$")


def _draw_normalised(axes: Axes, found: Comparison, painted: Painted) -> None:
    x = np.array(found.x)
    for rung, colour in painted:
        axes.plot(x, rung.normalised, color=colour, linewidth=0.8)
    shown = [np.interp(BEFORE, x, rung.normalised) for rung, _ in painted]
    axes.set_xlim(0, 1)
    axes.set_ylim(1 - 0.03 * (max(shown) - 1), max(shown))
    axes.yaxis.set_major_locator(MaxNLocator(MAX_TICKS, steps=ROUND_STEPS))
    axes.set_xlabel("x = t / horizon")
    axes.set_ylabel("normalised loss")
    axes.set_title("excess loss over its final value")


def _draw_spread(axes: Axes, found: Comparison, painted: Painted) -> None:
    x, spread, floor = np.array(found.x), np.array(found.spread), np.array(found.floor)
    for rung, colour in painted:
        axes.plot(x, rung.floor, color=colour, linewidth=0.5, alpha=0.6)
    inside = x < 1
    at = f"at x = {found.at:g}"
    noise = f"σ, mean over widths: {found.floor_at:.2%} {at}"
    axes.plot(x, floor, color="0.25", linewidth=1.2, linestyle=(0, (4, 1.2)), label=noise)
    axes.plot(x[inside], spread[inside], color=SPREAD, linewidth=1.2, label=f"Δ: {found.spread_at:.2%} {at}")
    start = found.supercollapse.start
    if start is not None:
        axes.axvspan(start, 1, color=SPREAD, alpha=0.08, linewidth=0)
    low, high = _reach([*spread[inside & (x > BEFORE) & (x < 0.98)], *floor[x > BEFORE]])
    axes.set_yscale("log")
    axes.set_xlim(0, 1)
    axes.set_ylim(low, high)
    ticks = log_ticks(low, high, MAX_TICKS)
    axes.yaxis.set_ticks(ticks, [f"{tick:.3g}" if tick >= 1 else f"{100 * tick:.2g}%" for tick in ticks])
    axes.yaxis.set_minor_locator(NullLocator())
    axes.legend(loc="lower left", borderaxespad=0.2)
    axes.set_xlabel("x = t / horizon")
    axes.set_ylabel("relative standard deviation")
    axes.set_title(f"Δ below the noise between seeds for {found.supercollapse.share:.0%} of x")


def _reach(values: Sequence[float]) -> tuple[float, float]:
    positive = np.array([value for value in values if value > 0])
    return float(positive.min()) / 1.5, float(positive.max()) * 1.5


def _draw_deviations(axes: Axes, found: Comparison, painted: Painted) -> None:
    x = np.array(found.x)
    outliers = {width.name for width in found.widths if width.outlier}
    for rung, colour in painted:
        strong = rung.label in outliers
        axes.plot(x, rung.deviation, color=colour, linewidth=1.8 if strong else 0.8)
    axes.axhline(0.0, color="0.6", linewidth=0.6, zorder=0)
    floor = np.array(found.floor)
    axes.fill_between(x, -floor, floor, color="0.92", linewidth=0, zorder=0)
    late = x > LATE
    largest = max(np.abs(np.array(rung.deviation)[late]).max() for rung, _ in painted)
    reach = 1.1 * max(largest, floor[late].max())
    axes.set_xlim(LATE, 1)
    axes.set_ylim(-reach, reach)
    axes.yaxis.set_major_locator(MaxNLocator(MAX_TICKS, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xlabel("x = t / horizon")
    axes.set_ylabel("deviation from other widths")
    named = f"outliers: {', '.join(sorted(outliers))}" if outliers else "no outliers"
    trend = found.trend
    slope = f"; {trend.slope:+.2%} per doubling, p = {trend.p_value:.2g}" if trend else ""
    axes.set_title(named + slope)
