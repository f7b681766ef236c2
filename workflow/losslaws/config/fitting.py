"""How the laws are fitted."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from losslaws.config.constraints import Count, LawNames


@dataclass(frozen=True)
class Fitting:
    """How the laws are fitted."""

    revision: ClassVar[int] = 0

    skip: Count = 10
    """Number of points skipped at the start of a curve."""
    laws: LawNames = ("power_law", "exponential", "stretched_exp", "log_power")
    """Laws to fit: names of modules in workflow/losslaws/laws/time, or paths of files."""
    bounds: Literal["paper", "wide"] = "paper"
    """Bounds of the laws' nonlinear parameters: as published, or wide."""
