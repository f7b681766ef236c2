"""Settings of the analysis."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from losslaws.config.experiment import Experiment


@dataclass(frozen=True)
class Settings:
    """What the analysis `collapse` compares."""

    revision: ClassVar[int] = 0

    irreducible: float | None = None
    """The irreducible loss L0; none if absent: it is fitted to the final losses."""
    split: Literal["train", "test"] | None = None
    """Losses of which rows are compared; none if absent: those of training, where both were recorded."""
    frontier: bool = False
    """Whether to find compute-optimal horizons; for runs whose learning rates do not fall."""


def own_settings(experiment: Experiment) -> Settings:
    """Return an experiment's settings of this analysis."""
    settings = experiment.settings["collapse"]
    assert isinstance(settings, Settings)
    return settings
