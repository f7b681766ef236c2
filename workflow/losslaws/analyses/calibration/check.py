"""Whether an experiment can be calibrated on."""

from collections.abc import Iterator

from losslaws.config.experiment import Experiment
from losslaws.config.sources import Simulation


def check(experiment: Experiment) -> Iterator[str]:
    """Yield a sentence unless the true laws of an experiment's curves are known."""
    if not isinstance(experiment.source, Simulation):
        yield "analyses: calibration needs curves of known laws; give the experiment simulate, or remove calibration"
