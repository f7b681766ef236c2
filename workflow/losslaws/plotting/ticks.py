"""Ticks of logarithmic axes: few, round, and at least two whatever the range."""

import math

from matplotlib.axis import Axis
from matplotlib.ticker import MaxNLocator, NullLocator

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

ROUND_STEPS = [1, 2, 2.5, 5, 10]


def set_log_ticks(axis: Axis, low: float, high: float, most: int) -> None:
    """Label `axis`, which is logarithmic from `low` to `high`, at no more than about `most` round values."""
    ticks = log_ticks(low, high, most)
    axis.set_ticks(ticks, [label(tick) for tick in ticks])
    axis.set_minor_locator(NullLocator())


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Return powers of ten in [low, high]; if those are not two, also their multiples; else evenly spaced values."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for factors in ((1,), (1, 2, 5)):
        ticks = [factor * 10.0**power for power in powers for factor in factors]
        inside = [tick for tick in ticks if low <= tick <= high]
        if len(inside) >= 2:
            return inside[:: math.ceil(len(inside) / most)]
    return [float(tick) for tick in MaxNLocator(most, steps=ROUND_STEPS).tick_values(low, high) if low <= tick <= high]


def label(value: float) -> str:
    """Return a tick's text: plain digits near 1, else times a power of ten, as in ``2×10⁴``.

    Its superscripts are characters, as loading matplotlib's parser of mathematics takes longer than drawing a panel.
    """
    power = math.floor(math.log10(abs(value)) + 1e-9) if value else 0
    if -3 <= power <= 3:
        return f"{value + 0.0:.6g}".replace("-", "−")
    mantissa = f"{value / 10.0**power:.3g}×".removesuffix("1×")
    return f"{mantissa}10{str(power).translate(SUPERSCRIPTS)}".replace("-", "−")
