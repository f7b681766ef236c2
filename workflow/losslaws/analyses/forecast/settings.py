"""Settings of the analysis."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from losslaws.config.constraints import SOME, UNIQUE, Between0And1, LawNames


@dataclass(frozen=True)
class Settings:
    """What the analyses `backtest` and `forecast` do."""

    revision: ClassVar[int] = 0

    horizon: str | float = "2x"
    """Where forecasts end: a t, or a multiple of a curve's last t."""
    target: float | None = None
    """Loss whose t is forecast; no target if absent."""
    laws: LawNames = (
        "power_law",
        "log_power",
        "stretched_exp",
        "shifted_power_law",
        "double_exponential",
        "broken_power_law",
    )
    """Laws to combine."""
    fractions: Annotated[tuple[Between0And1, ...], SOME, UNIQUE] = (0.2, 0.33, 0.5, 0.7)
    """Fractions of each curve used for fitting in the back-test."""
