"""A weighted combination of candidates, and its expected error."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from losslaws.core.arrays import Array, Mask
from losslaws.forecasting.prefixes import Prefixes

OF_TRIAL, OF_FIT = 0.6, 2.0
"""The mean squared errors of a trial and of the fit count like those of twice as many independent points: few, as
smooth misfits are alike, and trials share most of their points."""

CAUTION = 0.5
"""The spread between candidates uses weights to this power, so that close rivals count even where one leads."""

SHARE_OF_DROP = 0.1
"""However well the candidates agree, this share of the predicted change is part of the expected error."""


@dataclass(frozen=True)
class Combination:
    """Weighted candidates of N curves.

    Attributes
    ----------
    weights : ndarray of shape (C + 1, N)
        Of the candidates, the last value included; they add up to 1.
    cautious : ndarray of shape (C + 1, N)
        The same for the spread.
    now : ndarray of shape (N,)
        The current loss, smoothed: the combination at the last t, moved by the median residual of the last few points.
    trial_error : ndarray of shape (N,)
        Geometric mean over the trials of the root-mean-square error that the combination would have made.
    """

    weights: Array
    cautious: Array
    now: Array
    trial_error: Array

    def centre(self, values: Array) -> Array:
        """Return the forecast, shape (N, m): the weighted median of the candidates' `values`, (C + 1, N, m)."""
        return weighted_median(self.weights, values)

    def scale(self, values: Array) -> Array:
        """Return the expected error, shape (N, m).

        √(e² + d² + (0.1·δ)²) with the error e of the trials, noise included, the spread d between the candidates, and
        the predicted change δ.
        """
        centre = self.centre(values)
        spread = _weighted_mean(self.cautious, np.square(values - centre))
        change = SHARE_OF_DROP * (centre - self.now[:, None])
        return np.asarray(np.sqrt(np.square(self.trial_error)[:, None] + spread + np.square(change)))


def combine(prefixes: Prefixes, members: Sequence[int]) -> Combination:
    """Weight some of the candidates.

    A weight is Π_k (MSE_k + σ²)^(−0.6) · (MSE + σ²)^(−2), with the mean squared error of each trial k and the mean
    squared residual of the fit to all points, each over the same points for all candidates, and the noise σ. That is
    the likelihood of a few independent normal errors whose variance is profiled out: an Akaike weight for one part, a
    back-test for the other.

    Parameters
    ----------
    prefixes : Prefixes
        The curves and the fits.
    members : sequence of int
        Numbers of the candidates; −1 is the last value. Where none of them has a fit the last value is all there is.
    """
    trials = np.stack([trial.errors for trial in prefixes.trials])
    usable = _usable(prefixes, members, trials)
    floor = np.square(prefixes.noise)
    with np.errstate(invalid="ignore"):
        cost = OF_TRIAL * np.log(trials + floor).sum(axis=0) + OF_FIT * np.log(prefixes.misfit + floor)
    weights = _normalised(-cost, usable)
    cautious = _normalised(-CAUTION * cost, usable)
    errors = [
        np.square(weighted_median(weights, trial.predicted) - trial.observed).mean(axis=-1) for trial in prefixes.trials
    ]
    trial_error = np.exp(0.5 * np.log(np.stack(errors) + floor).mean(axis=0))
    recent = prefixes.t[-prefixes.recent :]
    fitted = weighted_median(weights, prefixes.values(recent))
    offset = np.median(prefixes.losses[:, -prefixes.recent :] - fitted, axis=1)
    return Combination(weights, cautious, fitted[:, -1] + offset, trial_error)


def _usable(prefixes: Prefixes, members: Sequence[int], trials: Array) -> Mask:
    """Return which candidates take part, shape (C + 1, N): members with a fit to all points and in every trial."""
    chosen = np.zeros(prefixes.misfit.shape, dtype=bool)
    chosen[list(members)] = True
    usable = chosen & np.isfinite(prefixes.misfit) & np.isfinite(trials).all(axis=0)
    usable[-1] |= ~usable.any(axis=0)
    return np.asarray(usable)


def _normalised(logarithms: Array, usable: Mask) -> Array:
    logarithms = np.where(usable, logarithms, -np.inf)
    weights = np.exp(logarithms - logarithms.max(axis=0))
    return np.asarray(weights / weights.sum(axis=0))


def weighted_median(weights: Array, values: Array) -> Array:
    """Return the weighted median over candidates, shape (N, m): the lowest value with half of the weight up to it.

    An outlier moves it no more than a law that is a little off.

    Parameters
    ----------
    weights : ndarray of shape (C, N)
        Adding up to 1.
    values : ndarray of shape (C, N, m)
        NaN where there is no weight.
    """
    order = np.argsort(np.where(weights[:, :, None] > 0, values, np.inf), axis=0)
    reached = np.take_along_axis(np.broadcast_to(weights[:, :, None], values.shape), order, axis=0).cumsum(axis=0)
    # The tolerance keeps rounding from deciding between two halves of the weight.
    middle = (reached >= 0.5 - 1e-12).argmax(axis=0)
    chosen = np.take_along_axis(order, middle[None], axis=0)
    return np.asarray(np.take_along_axis(values, chosen, axis=0)[0])


def _weighted_mean(weights: Array, values: Array) -> Array:
    """Return the weighted mean over candidates, shape (N, m); what has no weight may be NaN."""
    counted = np.where(weights[:, :, None] > 0, values, 0.0)
    return np.asarray((weights[:, :, None] * counted).sum(axis=0))
