"""Widths of intervals: conformal quantiles of absolute errors over expected errors."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from losslaws.core.arrays import Array

LEVELS = (0.5, 0.9)

DEFAULT = {0.5: 0.5, 0.9: 1.5}
"""Multipliers where no curves are given to calibrate on, as ``benchmarks/forecasting.py`` prints them."""

NEW_CURVE = 0.5
"""The weight of a new curve at infinity, where one in the pool weighs 1; see :class:`Pool`."""


@dataclass(frozen=True)
class Calibration:
    """Half the width of the interval of each level, as a multiple of the expected error.

    Attributes
    ----------
    multipliers : mapping of level to float
        For each of `LEVELS`.
    source : str
        What they come from.
    """

    multipliers: Mapping[float, float]
    source: str


SIMULATED = Calibration(DEFAULT, "simulated curves")


@dataclass(frozen=True)
class Pool:
    """Scores (absolute over expected errors) of curves, and their conformal quantiles.

    The quantile is taken over the scores of all curves, where a curve has the weight 1 whatever its number of points,
    and half a curve more lies at infinity. The method for grouped points puts a whole one there (Lee, Barber and
    Willett 2023, "Distribution-free inference with hierarchical data"): then a random point of a new curve is covered
    with at least the nominal probability, if curves are exchangeable. With ten curves that makes a 90% interval as wide
    as the worst point needs, and nearly all points are covered; without any, slightly fewer than nominal are. Half of
    one is between the two, and what is reported is the coverage of curves that were left out.

    Attributes
    ----------
    scores : tuple of ndarray
        Those of one curve each, none empty.
    """

    scores: tuple[Array, ...]

    @cached_property
    def _sorted(self) -> tuple[Array, Array]:
        """All scores in order, and the weight up to and including each."""
        if not self.scores:
            return np.empty(0), np.empty(0)
        values = np.concatenate(self.scores)
        weights = np.concatenate([np.full(own.size, 1.0 / own.size) for own in self.scores])
        order = np.argsort(values, kind="stable")
        return values[order], weights[order].cumsum()

    def quantile(self, level: float, without: int | None = None) -> float:
        """Return the conformal quantile of all curves, or all but number `without`; infinite if they are too few."""
        values, weight = self._sorted
        own = np.empty(0) if without is None else np.sort(self.scores[without])
        curves = len(self.scores) - (without is not None)
        # The tolerance is that of a sum of many weights.
        wanted = level * (curves + NEW_CURVE) * (1 - 1e-12)

        def others(index: int) -> float:
            inside = np.searchsorted(own, values[index], side="right") / own.size if own.size else 0.0
            return float(weight[index] - inside)

        place = bisect_left(range(values.size), wanted, key=others)
        return float(values[place]) if place < values.size else float("inf")


def multipliers(pool: Pool, without: int | None = None) -> dict[float, float]:
    """Return the multiplier of each level; where there are too few curves for one, the default or the largest score."""
    found = {level: pool.quantile(level, without) for level in LEVELS}
    others = [scores.max() for number, scores in enumerate(pool.scores) if number != without]
    return {
        level: value if np.isfinite(value) else float(max([DEFAULT[level], *others])) for level, value in found.items()
    }
