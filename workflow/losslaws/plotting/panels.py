"""A page of panels, each with a strip beneath it, laid out in inches.

Sizes are computed and not found by a layout engine, which is slow with two dozen axes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from losslaws.plotting.cells import Cell
from losslaws.plotting.style import CHARACTER, COLUMN_WIDTH, PAGE_WIDTH

LINE = 0.125
"""Height of a line of text in inches."""

LEFT, RIGHT, BOTTOM = 0.54, 0.12, 0.4
"""Margins in inches; on the right there is room for half a tick label, as 1000 at the end of the axis."""

MAX_WIDTHS = 6
"""With more widths the panels of a task no longer fit side by side."""


@dataclass(frozen=True)
class Page:
    """Where panels stand.

    Attributes
    ----------
    rows, columns : int
        Panels down and across.
    aligned : bool
        Whether rows are tasks and columns widths, so that panels of a row share the loss axis and all share the time
        axis; otherwise panels follow each other as lines of text do.
    """

    rows: int
    columns: int
    aligned: bool

    @property
    def width(self) -> float:
        """Width of the page in inches."""
        return COLUMN_WIDTH if self.columns == 1 else PAGE_WIDTH

    @property
    def gap(self) -> float:
        """Inches between panels of a row, with room for tick labels where each panel has its own."""
        return 0.12 if self.aligned else 0.42

    @property
    def panel_width(self) -> float:
        """Width of a panel in inches."""
        return (self.width - LEFT - RIGHT - (self.columns - 1) * self.gap) / self.columns

    @property
    def panel_height(self) -> float:
        """Height of a panel without its strip in inches."""
        return min(max(0.6 * self.panel_width, 1.15), 1.8)

    @property
    def strip_height(self) -> float:
        """Height of a strip in inches."""
        return 0.4 * self.panel_height

    @property
    def characters(self) -> int:
        """How many characters fit above a panel."""
        return int(self.panel_width / CHARACTER)


def page_for(cells: Sequence[Cell]) -> Page:
    """Return rows of tasks and columns of widths where the cells fill such a grid, else as many columns as fit."""
    widths = {cell.width for cell in cells}
    tasks = {cell.task for cell in cells}
    if None not in widths and len(widths) <= MAX_WIDTHS and len(widths) * len(tasks) == len(cells):
        return Page(len(tasks), len(widths), aligned=True)
    columns = min(3, len(cells))
    return Page(math.ceil(len(cells) / columns), columns, aligned=False)


def add_panels(
    figure: Figure, page: Page, count: int, title_lines: Sequence[int], top: float, notes: int = 1
) -> list[tuple[Axes, Axes]]:
    """Set the figure's size and add `count` panels, row by row.

    Parameters
    ----------
    figure : Figure
        An empty figure.
    page : Page
        Where panels stand.
    count : int
        How many panels.
    title_lines : sequence of int
        For each row, how many lines of text stand above its panels.
    top : float
        Inches to keep free for a legend.
    notes : int
        How many lines of text stand at the foot.

    Returns
    -------
    list of (Axes, Axes)
        Each panel and the strip beneath it.
    """
    between = 0.05
    below = 0.08 if page.aligned else 0.22
    heights = [lines * LINE + 0.06 + page.panel_height + between + page.strip_height + below for lines in title_lines]
    height = top + sum(heights) + BOTTOM + (notes - 1) * LINE
    figure.set_size_inches(page.width, height)
    panels = []
    for number in range(count):
        row, column = divmod(number, page.columns)
        left = LEFT + column * (page.panel_width + page.gap)
        bottom = height - top - sum(heights[: row + 1]) + below
        boxes = (
            (left, bottom + page.strip_height + between, page.panel_width, page.panel_height),
            (left, bottom, page.panel_width, page.strip_height),
        )
        panel, strip = (
            figure.add_axes((x / page.width, y / height, w / page.width, h / height)) for x, y, w, h in boxes
        )
        panel.tick_params(labelbottom=False, labelleft=column == 0 or not page.aligned)
        strip.tick_params(labelbottom=row == page.rows - 1 or not page.aligned, labelleft=column == 0)
        panels.append((panel, strip))
    return panels
