"""Drawing a figure by name and saving it as PNG and SVG, the same bytes for the same data."""

from collections.abc import Iterable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from losslaws.figures._style import STYLE
from losslaws.laws._law import Law
from losslaws.runs import Run
from losslaws.storage import write_atomically


def draw(name: str, runs: Sequence[Run], laws: Sequence[Law], skip: int, paths: Iterable[str | Path]) -> None:
    """Draw ``losslaws.figures.{name}`` and save it under every path of `paths`, in the format of its suffix."""
    with mpl.rc_context():
        # A reader's own matplotlibrc must not change the figures of a study.
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        figure = import_module(f"losslaws.figures.{name}").draw(runs, laws, skip)
        _settle_layout(figure)
        for path in map(Path, paths):
            kind = path.suffix.removeprefix(".")
            # Without a date, equal figures are equal files.
            metadata = {"Date": None} if kind == "svg" else {}
            write_atomically(path, partial(figure.savefig, format=kind, metadata=metadata))


def _settle_layout(figure: Figure) -> None:
    """Lay the figure out once; matplotlib would do it again for every file."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine("none")
