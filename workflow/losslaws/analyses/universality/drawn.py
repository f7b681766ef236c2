"""Figures of the first curves of an experiment with their fits."""

from losslaws.analyses.work import Work
from losslaws.fitting.fitted import count_fitted, read_fitted
from losslaws.plotting.draw import Draw, save_figure

MAX_DRAWN = 1000
"""Curves in a figure; all are in the tables."""


def save_drawn(draw: Draw, work: Work[None]) -> None:
    """Save a figure of the first curves, which notes how many more there are."""
    runs = read_fitted(work.inputs["curves"], work.inputs["fits"], work.laws, most=MAX_DRAWN)
    more = count_fitted(work.inputs["fits"], work.laws) - len(runs)
    note = f"the first {len(runs):,} curves; {more:,} more are not drawn" if more else ""
    save_figure(draw, work.pictures, runs, work.laws, work.fitting.skip, note=note)
