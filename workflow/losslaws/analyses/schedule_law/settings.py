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
    """Laws of schedules that are fitted; the one with the lowest objective chooses a schedule."""
    warmup: Count = 0
    """Steps of a linear warm-up that the records leave out."""
    drops: Literal["peak", "start"] = "peak"
    """Which changes of the rate drop terms count: those after the peak, or also the warm-up's."""
    predict: Names = ()
    """Curves that are predicted and not fitted; if empty, each is held out in turn."""
    length: Count = 0
    """Steps of the schedule that is chosen; 0 for those of the longest curve."""
    peak: AtLeast0 = 0.0
    """Its highest rate; 0 for that of the curves."""
    replicates: Positive = 20
    """Refits under random weights of the curves, for the schedule's uncertainty."""


def own_settings(experiment: Experiment) -> Settings:
    """Return an experiment's settings of this analysis."""
    settings = experiment.settings["schedule_law"]
    assert isinstance(settings, Settings)
    return settings
