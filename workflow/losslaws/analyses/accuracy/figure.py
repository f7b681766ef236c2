"""Loss and accuracy of classifiers on training and test data."""

from collections.abc import Sequence
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from losslaws.analyses.accuracy.compute import LEVELS
from losslaws.analyses.work import Work
from losslaws.curves.curve import Curve
from losslaws.plotting.draw import save_figure
from losslaws.plotting.style import LAW_COLOURS, PAGE_WIDTH, plain
from losslaws.plotting.ticks import set_log_ticks

MAX_ROWS = 12
ROW_HEIGHT = 1.6
COLOURS = {"train": LAW_COLOURS[0], "test": LAW_COLOURS[2]}
DASHES: dict[str, Literal["-", "--"]] = {"train": "-", "test": "--"}
NAMES = {"train": "training data", "test": "test data"}


def save(work: Work[None]) -> None:
    """Draw the curves of an experiment."""
    save_figure(draw, work.pictures, work.curves())


def draw(curves: Sequence[Curve]) -> Figure:
    """Draw one row per (task, width): loss and accuracy over t, one line per seed and split.

    Parameters
    ----------
    curves : sequence of Curve
        At least one with an accuracy; those without are left out.
    """
    drawn = [curve for curve in curves if "accuracy" in curve.series]
    cells = list(dict.fromkeys(_cell(curve) for curve in drawn))
    shown = cells[:MAX_ROWS]
    figure = Figure(figsize=(PAGE_WIDTH, 0.5 + ROW_HEIGHT * len(shown)), layout="constrained")
    panels = figure.subplots(len(shown), 2, squeeze=False, sharex=True)
    for (left, right), cell in zip(panels, shown, strict=True):
        for curve in (curve for curve in drawn if _cell(curve) == cell):
            split = str(curve.attributes.get("split", "train"))
            for axes, values in ((left, curve.loss), (right, curve.series["accuracy"])):
                axes.plot(curve.t, values, linewidth=0.8, color=COLOURS[split], linestyle=DASHES[split])
        _dress(left, right, cell)
    for axes in panels[-1]:
        axes.set_xlabel("epoch")
    handles = [Line2D([], [], label=NAMES[split], color=COLOURS[split], linestyle=DASHES[split]) for split in NAMES]
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles))
    if len(cells) > len(shown):
        figure.supxlabel(f"the first {MAX_ROWS} rows; {len(cells) - len(shown)} more are not drawn", fontsize="medium")
    return figure


def _dress(left: Axes, right: Axes, cell: tuple[str, object]) -> None:
    task, width = cell
    left.set_title(plain(task if width is None else f"{task}, width {width}"), loc="left")
    left.set_xscale("log")
    left.set_yscale("log")
    set_log_ticks(left.xaxis, *left.get_xlim(), most=5)
    set_log_ticks(left.yaxis, *left.get_ylim(), most=5)
    left.set_ylabel("loss")
    right.set_ylabel("accuracy")
    right.set_ylim(-0.02, 1.02)
    right.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    right.axhline(LEVELS["t_99"], color="0.6", linewidth=0.6, zorder=0)


def _cell(curve: Curve) -> tuple[str, object]:
    return str(curve.attributes.get("task", curve.name)), curve.attributes.get("width")
