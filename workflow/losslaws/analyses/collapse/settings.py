"""Settings of the analysis."""

from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True)
class Settings:
    """What the analysis `collapse` compares."""

    revision: ClassVar[int] = 0

    irreducible: float | None = None
    """The irreducible loss L0; none if absent: it is fitted to the final losses."""
    split: Literal["train", "test"] | None = None
    """Losses of which rows are compared; none if absent: those of training, where both were recorded."""
    frontier: bool = False
    """Whether to tell for how long each size is the best choice for its compute; for runs whose rates do not fall."""
