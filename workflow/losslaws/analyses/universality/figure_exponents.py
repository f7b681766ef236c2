"""The exponent of every law, by task and width, with its standard error."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from losslaws.analyses.universality.drawn import save_drawn
from losslaws.analyses.work import Work
from losslaws.fitting.fitted import FittedCurve, FittedLaw
from losslaws.fitting.residuals import effective_size
from losslaws.fitting.status import LIMIT
from losslaws.laws.law import Law
from losslaws.plotting.cells import Cell, cells
from losslaws.plotting.rows import MAX_ROWS, draw_points, label_rows, lane, note_left_out
from losslaws.plotting.style import ANY_LAW, COLUMN_WIDTH, PAGE_WIDTH, LawStyle, law_styles, markers, plain, symbol
from losslaws.plotting.ticks import ROUND_STEPS, label, set_log_ticks

MAX_CHARACTERS = 48
"""Of a formula that is given as plain text."""

SMALL = 6.0
"""Size of type of the formulas where panels are narrow."""

FEW_ROWS = 20
"""Up to so many rows, four panels stand two by two."""

DECADES = 2.0
"""Exponents that span more decades than this get a logarithmic axis."""


def save(work: Work[None]) -> None:
    """Draw the fits of an experiment."""
    save_drawn(draw, work)


def draw(runs: Sequence[FittedCurve], laws: Sequence[Law], skip: int) -> Figure:
    """Draw one panel per law: its exponent in each run, rows as in the figure of ΔAIC.

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
    # Many rows stand beside each other rather than beneath.
    columns = min(len(laws), 2 if len(laws) <= 4 and len(every) <= FEW_ROWS else 4)
    lines = math.ceil(len(laws) / columns)
    rows = every[: max(MAX_ROWS // lines, 1)]
    styles = law_styles(laws)
    width = COLUMN_WIDTH if columns <= 2 else PAGE_WIDTH
    row_height = min(max(0.13, 0.03 * max(len(cell.runs) for cell in rows)), 0.2)
    height = 0.4 + lines * (0.6 + row_height * max(len(rows), 5))
    figure = Figure(figsize=(width, height), layout="constrained")
    grid = figure.subplots(lines, columns, squeeze=False, sharey=True)
    for axes, law in zip(grid.flat, laws, strict=False):
        label_rows(axes, rows)
        _draw_law(axes, law, rows, styles[law.name], skip, wide=columns <= 2)
    for axes in grid.flat[len(laws) :]:
        axes.set_visible(False)
    note_left_out(figure, len(rows), len(every) - len(rows))
    figure.legend(handles=_legend(), loc="outside upper center", ncols=3)
    return figure


def _legend() -> list[Line2D]:
    return [
        Line2D([], [], label="± s.e. × √(n/nₑ)", **{**markers(ANY_LAW, filled=True), "linestyle": "-"}),
        Line2D([], [], label="at a bound", **markers(ANY_LAW, filled=False)),
        Line2D([], [], label="optimum at infinity", **markers(replace(ANY_LAW, marker="<"), filled=False)),
    ]


def standard_error(run: FittedCurve, fit: FittedLaw, skip: int) -> float | None:
    """Return the standard error of a law's exponent, for as many points as the autocorrelated residuals are worth.

    That of n independent points times √(n/nₑ), with nₑ of :func:`losslaws.fitting.residuals.effective_size`; None
    where there is none.
    """
    error = fit.errors.get(fit.law.exponent)
    if error is None:
        return None
    residuals = run.curve.loss[skip:] - fit(run.curve.t[skip:])
    return error * math.sqrt(fit.n / float(effective_size(residuals[None, :])[0]))


def _draw_law(axes: Axes, law: Law, rows: Sequence[Cell], style: LawStyle, skip: int, wide: bool) -> None:
    axes.set_title(law.name, loc="left", pad=3)
    formula = f"${law.latex}$" if law.latex else plain(law.formula, MAX_CHARACTERS)
    # Four panels beside each other are narrower than a formula of usual size.
    between, size = (" ", None) if wide else ("\n", SMALL)
    axes.set_xlabel(f"{symbol(law.exponent)} of{between}{formula}", size=size)
    points = [
        Point(number + lane(place, len(cell.runs)), fit, standard_error(run, fit, skip))
        for number, cell in enumerate(rows)
        for place, run in enumerate(cell.runs)
        for fit in run.converged
        if fit.name == law.name
    ]
    if not points:
        axes.set_xticks([])
        axes.text(0.5, 0.5, "no fit", transform=axes.transAxes, ha="center")
        return
    _scale(axes, law, points)
    bars = [(point.y, point.fit.params[law.exponent], point.error) for point in points if point.error is not None]
    if bars:
        heights, values, errors = np.array(bars).T
        axes.hlines(heights, values - errors, values + errors, color=style.colour, linewidth=0.8)
    circles = [(own.fit.params[law.exponent], own.y, not own.fit.at_bound) for own in points if not own.at_infinity]
    draw_points(axes, circles, replace(style, marker="o"), rows)
    # A limit beyond the edge, as 0 is on a logarithmic axis, is marked there.
    low, high = axes.get_xlim()
    for marker, upward in (("<", False), (">", True)):
        limits = [
            (float(np.clip(own.value, low, high)), own.y, False)
            for own in points
            if own.at_infinity and own.upward == upward
        ]
        draw_points(axes, limits, replace(style, marker=marker), rows)


@dataclass(frozen=True)
class Point:
    """One fit: the height at which it stands, and the standard error of its exponent."""

    y: float
    fit: FittedLaw
    error: float | None

    @property
    def at_infinity(self) -> bool:
        """Whether the optimum lies at infinity."""
        return self.fit.status == LIMIT

    @property
    def value(self) -> float:
        """The exponent, or what it tends to where the optimum lies at infinity."""
        exponent = self.fit.law.exponent
        return self.fit.optimum.get(exponent, self.fit.params[exponent])

    @property
    def upward(self) -> bool:
        """Whether the exponent grows towards the optimum at infinity; otherwise it falls."""
        return self.value > self.fit.params[self.fit.law.exponent]


def _scale(axes: Axes, law: Law, points: Sequence[Point]) -> None:
    """Choose a logarithmic axis if the exponents need one, else a linear one that also holds usual error bars."""
    values = np.array([point.value for point in points if not (point.at_infinity and point.upward)] or [1.0])
    finite = np.array([point.fit.params[law.exponent] for point in points if not point.at_infinity])
    if finite.size and finite.min() > 0 and finite.max() > 10**DECADES * finite.min():
        low, high = finite.min() / 1.5, finite.max() * 1.5
        axes.set_xscale("log")
        set_log_ticks(axes.xaxis, low, high, most=4)
    else:
        # No closer than a tenth of the value: differences below that are not what the figure is for.
        span = max(float(np.ptp(values)), 0.1 * float(np.abs(values).max())) or 0.1
        ends = [values.min(), values.max()]
        for point in points:
            error = min(point.error or 0.0, span)
            ends += [] if point.at_infinity else [point.value - error, point.value + error]
        low, high = min(ends) - 0.07 * span, max(ends) + 0.07 * span
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=ROUND_STEPS))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: label(value)))
    axes.set_xlim(low, high)
