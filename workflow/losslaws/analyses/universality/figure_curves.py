"""Every curve with its fitted laws."""

from losslaws.analyses.universality.drawn import save_drawn
from losslaws.analyses.work import Work
from losslaws.plotting.fits import draw


def save(work: Work[None]) -> None:
    """Draw the curves of an experiment with their fits."""
    save_drawn(draw, work)
