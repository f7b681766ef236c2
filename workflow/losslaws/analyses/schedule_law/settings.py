"""Settings of the analysis."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from losslaws.config.constraints import SOME, UNIQUE, AtLeast0, Count, Names, Positive
from losslaws.config.experiment import Experiment


@dataclass(frozen=True)
class Settings:
    """What the analysis `schedule_law` does."""

    revision: ClassVar[int] = 0

    laws: Annotated[
        tuple[Literal["chinchilla_steps", "momentum", "functional", "multi_power"], ...],
        SOME,
        UNIQUE,
    ] = ("chinchilla_steps", "momentum", "functional", "multi_power")
    """Schedule laws to fit; the one with the lowest objective chooses a schedule."""
    warmup: Count = 0
    """Steps of a linear warm-up that the curves omit."""
    drops: Literal["peak", "start"] = "peak"
    """Learning-rate changes that drop terms count: after the peak only, or from the start, warm-up included."""
    predict: Names = ()
    """Curves to predict instead of fit; if empty, each is held out in turn."""
    length: Count = 0
    """Steps of the chosen schedule; 0: as many as the longest curve."""
    peak: AtLeast0 = 0.0
    """Peak rate of the chosen schedule; 0: that of the curves."""
    replicates: Positive = 20
    """Refits with random weights of the curves, for the uncertainty of the schedule."""


def own_settings(experiment: Experiment) -> Settings:
    """Return an experiment's settings of this analysis."""
    settings = experiment.settings["schedule_law"]
    assert isinstance(settings, Settings)
    return settings
