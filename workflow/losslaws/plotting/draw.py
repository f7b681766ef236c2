"""Drawing a figure in the project's style and saving it as PNG and SVG, the same bytes for the same data."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

from losslaws.plotting.style import STYLE
from losslaws.storage.files import write_atomically

Draw = Callable[..., Figure]

CJK_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "PingFang SC",
    "Hiragino Sans",
    "Microsoft YaHei",
)
"""For names in Chinese, Japanese and Korean, which Matplotlib's own font lacks: those of Linux, macOS and Windows."""


def save_figure(draw: Draw, paths: Iterable[str | Path], *data: Any, note: str = "") -> None:
    """Draw a figure of `data` and save it under every path, in the format of its suffix.

    `note` says in the lower left corner what the figure leaves out.
    """
    with _style():
        figure = draw(*data)
        _settle_layout(figure)
        if note:
            figure.text(0.005, 0.005, note, ha="left", va="bottom", fontsize="small", color="0.3")
        for path in map(Path, paths):
            kind = path.suffix.removeprefix(".")
            # Without a date, equal figures are equal files.
            metadata = {"Date": None} if kind == "svg" else {}
            write_atomically(path, partial(figure.savefig, format=kind, metadata=metadata))


def make_figure(draw: Draw, *data: Any) -> Figure:
    """Return the figure that a function draws of `data`, for a notebook or a program."""
    with _style():
        figure = draw(*data)
        _settle_layout(figure)
        return figure


@contextmanager
def _style() -> Iterator[None]:
    with mpl.rc_context():
        # A reader's own matplotlibrc must not change the figures of a study.
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        mpl.rcParams["font.family"] = font_families()
        yield


def font_families() -> list[str]:
    """Return the fonts that a figure takes its characters from, first to last: Matplotlib's, then what is installed."""
    installed = set(fontManager.get_font_names())
    return ["DejaVu Sans", *(name for name in CJK_FONTS if name in installed)]


def _settle_layout(figure: Figure) -> None:
    """Lay the figure out once; matplotlib would do it again for every file."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine("none")
