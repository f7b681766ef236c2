"""Settings of the analysis."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from losslaws.config.experiment import Experiment


@dataclass(frozen=True)
class Settings:
    """What the analysis `collapse` compares."""

    revision: ClassVar[int] = 0

    irreducible: float | None = None
    """Irreducible loss L0; fitted to the final losses if absent."""
    split: Literal["train", "test"] | None = None
    """Training or test losses; if absent, training losses where both were recorded."""
    frontier: bool = False
    """Find compute-optimal horizons; for runs at a constant learning rate."""


def own_settings(experiment: Experiment) -> Settings:
    """Return an experiment's settings of this analysis."""
    settings = experiment.settings["collapse"]
    assert isinstance(settings, Settings)
    return settings
