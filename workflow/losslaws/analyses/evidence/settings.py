"""Settings of the analysis."""

from dataclasses import dataclass
from typing import ClassVar

from losslaws.config.constraints import Count


@dataclass(frozen=True)
class Settings:
    """How the evidence for the laws is gathered."""

    revision: ClassVar[int] = 0

    replicates: Count = 100
    """Replicates of the block bootstrap; 0 for none."""
    holdout: bool = True
    """Whether to fit the first half of each curve and score the second."""
