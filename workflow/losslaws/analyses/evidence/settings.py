"""Settings of the analysis."""

from dataclasses import dataclass
from typing import ClassVar

from losslaws.config.constraints import Count
from losslaws.config.experiment import Experiment


@dataclass(frozen=True)
class Settings:
    """How the evidence for the laws is gathered."""

    revision: ClassVar[int] = 0

    replicates: Count = 100
    """Replicates of the block bootstrap; 0 for none."""
    holdout: bool = True
    """Fit the first half of each curve and score the second half."""


def own_settings(experiment: Experiment) -> Settings:
    """Return an experiment's settings of this analysis."""
    settings = experiment.settings["evidence"]
    assert isinstance(settings, Settings)
    return settings
