"""The exponent of every law, by task and width, with its standard error."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from losslaws.analyses.universality.drawn import save_drawn
from losslaws.analyses.work import Work
from losslaws.fitting.fitted import FittedCurve, FittedLaw
from losslaws.fitting.status import LIMIT
from losslaws.laws.law import Law
from losslaws.plotting.cells import Cell, cells
from losslaws.plotting.rows import MOST_ROWS, draw_points, label_rows, lane, note_left_out
from losslaws.plotting.style import ANY_LAW, COLUMN_WIDTH, PAGE_WIDTH, LawStyle, law_styles, markers, plain, symbol
from losslaws.plotting.ticks import ROUND_STEPS, label, set_log_ticks

MOST_CHARACTERS = 48
"""Of a formula that is given as plain text."""

DECADES = 2.0
"""Exponents that span more decades than this get a logarithmic axis."""


def save(work: Work[None]) -> None:
    """Draw the fits of an experiment."""
    save_drawn(draw, work)


def draw(runs: Sequence[FittedCurve], laws: Sequence[Law], skip: int) -> Figure:  # noqa: ARG001
    """Draw one panel per law: its exponent in each run, rows as in the figure of ΔAIC.

    Parameters
    ----------
    runs : sequence of FittedCurve
        At least one.
    laws : sequence of Law
        The laws that were fitted.
    skip : int
        Not used; all figures are called alike.
    """
    every = cells(runs)
    rows = every[:MOST_ROWS]
    styles = law_styles(laws)
    columns = min(len(laws), 2 if len(laws) <= 4 else 4)
    lines = math.ceil(len(laws) / columns)
    width = COLUMN_WIDTH if columns <= 2 else PAGE_WIDTH
    row_height = max(0.13, 0.03 * max(len(cell.runs) for cell in rows))
    height = 0.4 + lines * (0.6 + row_height * max(len(rows), 5))
    figure = Figure(figsize=(width, height), layout="constrained")
    grid = figure.subplots(lines, columns, squeeze=False, sharey=True)
    for axes, law in zip(grid.flat, laws, strict=False):
        label_rows(axes, rows)
        _draw_law(axes, law, rows, styles[law.name])
    for axes in grid.flat[len(laws) :]:
        axes.set_visible(False)
    note_left_out(figure, len(every) - len(rows))
    figure.legend(handles=_legend(), loc="outside upper center", ncols=3)
    return figure


def _legend() -> list[Line2D]:
    return [
        Line2D([], [], label="± standard error", **{**markers(ANY_LAW, filled=True), "linestyle": "-"}),
        Line2D([], [], label="at a bound", **markers(ANY_LAW, filled=False)),
        Line2D([], [], label="optimum at infinity", **markers(replace(ANY_LAW, marker="<"), filled=False)),
    ]


def _draw_law(axes: Axes, law: Law, rows: Sequence[Cell], style: LawStyle) -> None:
    axes.set_title(law.name, loc="left", pad=3)
    formula = f"${law.latex}$" if law.latex else plain(law.formula, MOST_CHARACTERS)
    axes.set_xlabel(f"{symbol(law.exponent)} of {formula}")
    points = [
        (number + lane(place, len(cell.runs)), fit)
        for number, cell in enumerate(rows)
        for place, run in enumerate(cell.runs)
        for fit in run.converged
        if fit.law == law.name
    ]
    if not points:
        axes.set_xticks([])
        axes.text(0.5, 0.5, "no fit", transform=axes.transAxes, ha="center")
        return
    _scale(axes, law, [fit for _, fit in points])
    bars = [(y, fit.params[law.exponent], fit.errors[law.exponent]) for y, fit in points if law.exponent in fit.errors]
    if bars:
        heights, values, errors = np.array(bars).T
        axes.hlines(heights, values - errors, values + errors, color=style.colour, linewidth=0.8)
    circles = [(fit.params[law.exponent], y, not fit.at_bound) for y, fit in points if fit.status != LIMIT]
    draw_points(axes, circles, replace(style, marker="o"), rows)
    # On a logarithmic axis a limit of 0 lies beyond the edge, which then carries the mark.
    low, high = axes.get_xlim()
    limits = [(float(np.clip(_value(fit, law), low, high)), y, False) for y, fit in points if fit.status == LIMIT]
    draw_points(axes, limits, replace(style, marker="<"), rows)


def _scale(axes: Axes, law: Law, fits: Sequence[FittedLaw]) -> None:
    """Choose a logarithmic axis if the exponents need one, else a linear one that also holds usual error bars."""
    values = np.array([_value(fit, law) for fit in fits])
    finite = np.array([fit.params[law.exponent] for fit in fits if fit.status != LIMIT])
    if finite.size and finite.min() > 0 and finite.max() > 10**DECADES * finite.min():
        low, high = finite.min() / 1.5, finite.max() * 1.5
        axes.set_xscale("log")
        set_log_ticks(axes.xaxis, low, high, most=4)
    else:
        # No closer than a tenth of the value: differences below that are not what the figure is for.
        span = max(float(np.ptp(values)), 0.1 * float(np.abs(values).max())) or 0.1
        errors = np.array([min(fit.errors.get(law.exponent, 0.0), span) for fit in fits])
        low, high = (values - errors).min() - 0.07 * span, (values + errors).max() + 0.07 * span
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=ROUND_STEPS))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: label(value)))
    axes.set_xlim(low, high)


def _value(fit: FittedLaw, law: Law) -> float:
    """Return the exponent of a fit, or what it tends to where the optimum lies at infinity."""
    limits = [limit.value for limit in law.limits if limit.shape == law.exponent and fit.status == LIMIT]
    return limits[0] if limits else fit.params[law.exponent]
