"""A share of cases, with the interval that the number of cases allows."""

from typing import NamedTuple


class Share(NamedTuple):
    """A share with its 95% interval."""

    value: float
    lower: float
    upper: float

    def __str__(self) -> str:
        """Return as in ``67% (39–86%)``."""
        return f"{self.value:.0%} ({100 * self.lower:.0f}–{self.upper:.0%})"


def share(count: int, total: int) -> Share:
    """Return `count` of `total` as a share with Wilson's 95% score interval (1927).

    Parameters
    ----------
    count, total : int
        0 ≤ `count` ≤ `total`, `total` ≥ 1.
    """
    # SciPy's statistics take long to import.
    from scipy.stats import binomtest

    interval = binomtest(count, total).proportion_ci(0.95, method="wilson")
    return Share(count / total, float(interval.low), float(interval.high))
