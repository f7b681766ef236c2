"""Every curve with all fitted laws, log–log, and beneath it the same with the best law subtracted."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, NullLocator

from losslaws.core.arrays import Array
from losslaws.curves.curve import Curve
from losslaws.fitting.fitted import FittedCurve, FittedLaw
from losslaws.laws.law import Law
from losslaws.plotting.cells import Cell, cells, why_no_fit
from losslaws.plotting.panels import LINE, Page, add_panels, page_for
from losslaws.plotting.style import LawStyle, Look, law_styles, legend_columns
from losslaws.plotting.ticks import label, set_log_ticks

MAX_PANELS = 60
GRAIN = 0.6
"""Points of type: points that are closer than this fall on one another in print and are drawn once."""

FITTED: Look = {"color": "0.55", "markersize": 2.2, "markeredgewidth": 0}
SKIPPED: Look = {"color": "0.55", "markersize": 1.8, "markeredgewidth": 0.4, "markerfacecolor": "white"}
OTHER_SEEDS: Look = {"color": "0.8", "markersize": 1.6, "markeredgewidth": 0}
THIN, THICK = 0.7, 1.4
GRID = 300
"""Points of a law's line."""

BAND = "0.92"

STRIPS = "Beneath: loss and laws minus the best law, over its s = √(RSS/n);\nlinear up to ±s, logarithmic beyond."


def draw(runs: Sequence[FittedCurve], laws: Sequence[Law], skip: int) -> Figure:
    """Draw one panel per (task, width): points and all laws; beneath, both minus the best law.

    Parameters
    ----------
    runs : sequence of FittedCurve
        At least one.
    laws : sequence of Law
        The laws that were fitted.
    skip : int
        How many of a curve's first points were not fitted.
    """
    every = cells(runs)
    shown = every[:MAX_PANELS]
    styles = law_styles(laws)
    page = page_for(shown)
    titles = [_title(cell, page.characters) for cell in shown]
    rows = [range(start, min(start + page.columns, len(shown))) for start in range(0, len(shown), page.columns)]
    title_lines = [max(titles[number].count("\n") + 1 for number in row) for row in rows]
    handles = _legend(styles, skip, several=any(len(cell.runs) > 1 for cell in shown))
    columns = legend_columns([str(handle.get_label()) for handle in handles], page.width)
    legend_lines = -(-len(handles) // columns)

    figure = Figure()
    left_out = len(every) - len(shown)
    notes = STRIPS + (f"\nThe first {len(shown)} panels; {left_out} more are not drawn." if left_out else "")
    top = legend_lines * 1.15 * LINE + 0.08
    panels = add_panels(figure, page, len(shown), title_lines, top, notes=notes.count("\n") + 1)
    reach = _residual_reach(shown, skip)
    for row in rows:
        for number in row:
            panel, strip = panels[number]
            cell = shown[number]
            panel.set_title(titles[number], loc="left", pad=3)
            sharing = [shown[other] for other in row] if page.aligned else [cell]
            _scale(panel, strip, sharing, shown if page.aligned else [cell], reach)
            _draw_points(panel, cell, skip)
            if cell.fitted.converged:
                _draw_laws(panel, strip, cell.fitted, styles, skip)
    _label(figure, panels, page, shown, notes)
    figure.legend(handles=handles, loc="upper center", ncols=columns, borderaxespad=0.3)
    return figure


def _title(cell: Cell, characters: int) -> str:
    """Name the cell, and say what its panel cannot show."""
    run, sentences = cell.fitted, [cell.title]
    if len(cell.runs) > 1:
        unfitted = sum(not other.converged for other in cell.runs)
        seeds = [f"{len(cell.runs)} seeds"]
        seeds += [f"laws of seed {run.curve.attributes.get('seed')}"] if run.converged else []
        seeds += [f"{unfitted} unfitted"] if unfitted else []
        sentences.append(", ".join(seeds))
    missing = [fit.name for fit in run.fits if not fit.converged]
    if missing:
        sentences.append(why_no_fit(run) if not run.converged else f"no fit: {', '.join(missing)}")
    hidden = sum(int(np.sum(np.isfinite(run.curve.loss) & (run.curve.loss <= 0))) for run in cell.runs)
    if hidden:
        sentences.append(f"not shown: {hidden} losses at or below 0")
    return "\n".join(line for sentence in sentences for line in wrap(sentence, characters))


def _legend(styles: Mapping[str, LawStyle], skip: int, several: bool) -> list[Artist]:
    dots = {"loss": FITTED}
    if skip:
        dots["loss, not fitted"] = SKIPPED
    if several:
        dots["other seeds"] = OTHER_SEEDS
    handles: list[Artist] = [
        Line2D([], [], linestyle="none", marker="o", label=name, **look) for name, look in dots.items()
    ]
    handles += [
        Line2D([], [], color=style.colour, linestyle=style.dashes, linewidth=1.2, label=name)
        for name, style in styles.items()
    ]
    handles.append(Line2D([], [], color="black", linewidth=THICK + 0.4, label="thick: lowest AIC"))
    return [*handles, Patch(color=BAND, label="residual within ±s")]


def _scale(panel: Axes, strip: Axes, row: Sequence[Cell], page: Sequence[Cell], reach: float) -> None:
    """Set all scales: losses span those of `row`, times those of `page`."""
    panel.set(xscale="log", yscale="log")
    strip.set_xscale("log")
    strip.set_yscale("symlog", linthresh=1, linscale=0.6)
    times = np.concatenate([run.curve.t for cell in page for run in cell.runs])
    low, high = _margins(times)
    panel.set_xlim(low, high)
    strip.set_xlim(low, high)
    panel.xaxis.set_ticks([])
    panel.xaxis.set_minor_locator(NullLocator())
    set_log_ticks(strip.xaxis, low, high, most=4)
    # A run that diverged may have lost all bounds; the others in the row are to stay readable.
    bounded = [run for cell in row for run in cell.runs if run.converged] or [run for cell in row for run in cell.runs]
    low, high = _margins(np.concatenate([run.curve.loss for run in bounded]))
    panel.set_ylim(low, high)
    set_log_ticks(panel.yaxis, low, high, most=5)
    strip.set_ylim(-1.3 * reach, 1.3 * reach)
    decade = 10.0 ** np.floor(np.log10(reach))
    ticks = [-decade, -1.0, 1.0, decade]
    strip.yaxis.set_ticks(ticks, [label(tick) for tick in ticks])
    strip.yaxis.set_minor_locator(FixedLocator([sign * size for sign in (-1, 1) for size in (1, 10, 100)]))
    strip.axhspan(-1, 1, color=BAND, linewidth=0)


def _margins(values: Array) -> tuple[float, float]:
    """Return limits of a logarithmic axis a little outside the positive, finite `values`."""
    values = values[np.isfinite(values) & (values > 0)]
    if not values.size:
        return 0.1, 1.0
    low, high = np.clip([values.min(), values.max()], 1e-150, 1e150).tolist()
    margin = max((high / low) ** 0.05, 1.02)
    return low / margin, high * margin


def _draw_points(panel: Axes, cell: Cell, skip: int) -> None:
    others = [run.curve for run in cell.runs if run is not cell.fitted]
    for curve in others:
        # As pixels: as shapes, the points of many seeds would make an SVG of many megabytes.
        _dots(panel, curve, slice(None), rasterized=True, **OTHER_SEEDS)
    _dots(panel, cell.fitted.curve, slice(0, skip), **SKIPPED)
    _dots(panel, cell.fitted.curve, slice(skip, None), **FITTED)


def _dots(panel: Axes, curve: Curve, part: slice, **look: Any) -> None:
    t, loss = curve.t[part], curve.loss[part]
    shown = np.isfinite(loss) & (loss > 0)
    _plot_dots(panel, t[shown], loss[shown], **look)


def _plot_dots(axes: Axes, x: Array, y: Array, **look: Any) -> None:
    axes.plot(*distinct(axes, x, y).T, linestyle="none", marker="o", **look)


def distinct(axes: Axes, x: Array, y: Array) -> Array:
    """Return the points, shape (m, 2), without those that would be printed on top of one that is returned.

    Two points do when they share a square with a side of `GRAIN` points of type; the limits of `axes` must be final.
    """
    points = np.column_stack([x, y])
    squares = np.floor(axes.transData.transform(points) / (GRAIN * axes.figure.dpi / 72))
    return points[np.sort(np.unique(squares, axis=0, return_index=True)[1])]


def _draw_laws(panel: Axes, strip: Axes, run: FittedCurve, styles: Mapping[str, LawStyle], skip: int) -> None:
    t = np.geomspace(run.curve.t[skip], run.curve.t[-1], GRID)
    _plot_dots(strip, run.curve.t[skip:], residuals(run, skip), **FITTED)
    # The best law first: it is thick, and the others show on top of it.
    for fit in run.converged:
        style = styles[fit.name]
        look: Look = {
            "color": style.colour,
            "linestyle": style.dashes,
            "linewidth": THICK if fit is run.converged[0] else THIN,
        }
        # A law that turns negative leaves the panel through its floor.
        panel.plot(t, np.maximum(fit(t), 0.1 * panel.get_ylim()[0]), **look)
        strip.plot(t, from_best(run, fit, t), **look)


def residuals(run: FittedCurve, skip: int) -> Array:
    """Return the fitted losses minus the run's best law, in units of :func:`deviation`."""
    best = run.converged[0]
    return np.asarray((run.curve.loss[skip:] - best(run.curve.t[skip:])) / deviation(run))


def from_best(run: FittedCurve, fit: FittedLaw, t: Array) -> Array:
    """Return a law minus the run's best law at `t`, in units of :func:`deviation`."""
    return np.asarray((fit(t) - run.converged[0](t)) / deviation(run))


def deviation(run: FittedCurve) -> float:
    """Return the residual standard deviation √(RSS/n) of the run's best law, at least the rounding of its losses."""
    best = run.converged[0]
    rounding = np.finfo(np.float64).eps * np.abs(run.curve.loss[-best.n :]).max()
    return max(float(np.sqrt(float(best.rss or 0.0) / best.n)), float(rounding))


def _residual_reach(shown: Sequence[Cell], skip: int) -> float:
    """Return the largest distance of a loss or a law from the best law, within reason."""
    runs = [cell.fitted for cell in shown if cell.fitted.converged]
    sizes = [np.abs(residuals(run, skip)).max() for run in runs]
    sizes += [np.abs(from_best(run, fit, run.curve.t[skip:])).max() for run in runs for fit in run.converged]
    return float(np.clip(max(sizes, default=10.0), 10.0, 1e3))


def _label(figure: Figure, panels: Sequence[tuple[Axes, Axes]], page: Page, shown: Sequence[Cell], notes: str) -> None:
    for panel, strip in panels[:: page.columns]:
        panel.set_ylabel("loss")
        strip.set_ylabel("residual / s")
        panel.yaxis.set_label_coords(-0.42 / page.panel_width, 0.5)
        strip.yaxis.set_label_coords(-0.42 / page.panel_width, 0.5)
    height = figure.get_size_inches()[1]
    time = "t" if any(cell.width is None for cell in shown) else "epoch"
    bottom = min(strip.get_position().y0 for _, strip in panels)
    figure.text(0.5, bottom - 0.17 / height, time, ha="center", va="top")
    figure.text(0.995, 0.02 / height, notes, ha="right", va="bottom", color="0.3")
