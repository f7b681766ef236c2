"""Drawing a figure by name and saving it as PNG and SVG, the same bytes for the same data."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

from losslaws.plotting.style import STYLE
from losslaws.storage.files import write_atomically

MODULES = {
    "loss_curves_with_fits": "losslaws.plotting.fits",
    "forecast": "losslaws.plotting.forecast",
    "aic_comparison": "losslaws.analyses.universality.figure_aic",
    "exponent_distributions": "losslaws.analyses.universality.figure_exponents",
    "specification_curve": "losslaws.analyses.evidence.figure_specification_curve",
    "winner_map": "losslaws.analyses.evidence.figure_winner_map",
    "replicates": "losslaws.analyses.replicates.figure",
    "accuracy": "losslaws.analyses.accuracy.figure",
    "calibration": "losslaws.analyses.calibration.figure",
    "backtest": "losslaws.analyses.backtest.figure",
    "forecasts": "losslaws.analyses.forecast.figure",
    "schedule_law": "losslaws.analyses.schedule_law.figure_law",
    "schedule_design": "losslaws.analyses.schedule_law.figure_design",
    "collapse": "losslaws.analyses.collapse.figure",
}

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


def draw(name: str, paths: Iterable[str | Path], *data: object, note: str = "") -> None:
    """Draw ``the figure `name``` from `data` and save it under every path, in the format of its suffix.

    `note` says in the lower left corner what the figure leaves out.
    """
    with _style():
        figure = import_module(MODULES[name]).draw(*data)
        _settle_layout(figure)
        if note:
            figure.text(0.005, 0.005, note, ha="left", va="bottom", fontsize="small", color="0.3")
        for path in map(Path, paths):
            kind = path.suffix.removeprefix(".")
            # Without a date, equal figures are equal files.
            metadata = {"Date": None} if kind == "svg" else {}
            write_atomically(path, partial(figure.savefig, format=kind, metadata=metadata))


def make(name: str, *data: object) -> Figure:
    """Return the figure ``the figure `name``` of `data`, for a notebook or a program."""
    with _style():
        figure: Figure = import_module(MODULES[name]).draw(*data)
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
