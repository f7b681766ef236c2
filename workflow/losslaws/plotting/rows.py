"""Figures with one row per cell: labels, separators between tasks, and places within a row."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from losslaws.plotting.cells import Cell
from losslaws.plotting.style import LawStyle, markers, plain

MAX_ROWS = 60

Point = tuple[float, float, bool]


def label_rows(axes: Axes, rows: Sequence[Cell]) -> None:
    """Give each of `rows` a line of the y axis, from the top, named by its width, after the task where that changes."""
    labels = []
    for number, cell in enumerate(rows):
        same_task = number > 0 and rows[number - 1].task == cell.task
        if number and not same_task:
            axes.axhline(number - 0.5, color="0.8", linewidth=0.6, zorder=0)
        if cell.width is None:
            labels.append(plain(cell.runs[0].curve.name))
        else:
            labels.append(str(cell.width) if same_task else f"{plain(cell.task)}  {cell.width}")
    axes.set_yticks(range(len(rows)), labels)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color="0.9", linewidth=0.5)
    axes.set_axisbelow(True)
    subplot = axes.get_subplotspec()
    if subplot and subplot.is_first_col() and any(cell.width is not None for cell in rows):
        axes.annotate(
            "width", (0, 1), (-5, 3), xycoords="axes fraction", textcoords="offset points", ha="right", color="0.4"
        )


def lane(number: int, count: int) -> float:
    """Return the offset from a row's middle of the `number`-th of `count` things that share the row."""
    return 0.7 * ((number + 0.5) / count - 0.5)


def draw_points(axes: Axes, points: Sequence[Point], style: LawStyle, rows: Sequence[Cell]) -> None:
    """Draw (x, y, filled) points in the look of a law, small if the rows hold many seeds."""
    several = any(len(cell.runs) > 3 for cell in rows)
    for filled in (True, False):
        places = [(x, y) for x, y, is_filled in points if is_filled == filled]
        if places:
            look = markers(style, filled=filled, several=several)
            axes.plot(*zip(*places, strict=True), clip_on=False, **look)


def note_left_out(figure: Figure, shown: int, count: int) -> None:
    """Say at the foot of `figure` that `count` rows are not drawn beside the first `shown`."""
    if count:
        figure.supxlabel(f"the first {shown} rows; {count} more are not drawn", fontsize="medium")
