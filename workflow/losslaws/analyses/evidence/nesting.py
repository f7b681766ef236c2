"""Which law contains which, and tests between two laws."""

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr

from losslaws.core.arrays import Array
from losslaws.fitting.residual_tests import chi_square_tail
from losslaws.fitting.residuals import bandwidth, newey_west
from losslaws.laws.law import Law


def containers(laws: Sequence[Law]) -> dict[tuple[str, str], bool]:
    """Return for each pair (simple, general) of nested laws whether the simple one lies on the general one's boundary.

    A law that is another's limit lies on its boundary, as do amplitudes and shapes at the end of their range.
    """
    names = {law.name for law in laws}
    pairs: dict[tuple[str, str], bool] = {}
    for law in laws:
        for limit in law.limits:
            if limit.law is not None and limit.law.name in names:
                pairs[limit.law.name, law.name] = True
        for simple, values in law.nests.items():
            if simple in names:
                pairs[simple, law.name] = any(value == 0.0 for value in values.values())
    return pairs


def likelihood_ratio(simple: float, general: float, extra: int, boundary: bool) -> float:
    """Return the p-value of the simple law within the general one, from their deviances.

    χ² with `extra` degrees of freedom; on the boundary the mixture ½χ²(extra − 1) + ½χ²(extra) (Self and Liang 1987).
    """
    ratio = max(simple - general, 0.0)
    upper = chi_square_tail(ratio, extra)
    if not boundary:
        return upper
    lower = chi_square_tail(ratio, extra - 1) if extra > 1 else float(ratio <= 0)
    return 0.5 * lower + 0.5 * upper


def vuong(first: Array, second: Array, extra: int) -> float:
    """Return the one-sided p-value of Vuong's test (1989) that the first of two non-nested laws is no better.

    Parameters
    ----------
    first, second : ndarray of shape (n,)
        Innovations of the two laws; the log-likelihoods of single points are compared, with a Newey–West variance.
    extra : int
        Parameters that the first has more than the second; the AIC correction is applied.
    """
    n = first.size

    def pointwise(innovations: Array) -> Array:
        variance = np.mean(innovations**2)
        return np.asarray(-0.5 * (np.log(variance) + innovations**2 / variance))

    difference = pointwise(first) - pointwise(second)
    centred = difference - difference.mean()
    variance = float(newey_west(centred[:, None], bandwidth(centred))[0, 0]) / n
    if not variance > 0:
        return 0.5
    return float(ndtr(-(difference.sum() - extra) / np.sqrt(n * variance)))
