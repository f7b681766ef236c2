"""The seen parts of curves: the candidates' fits, and how well each predicts the end of a part from its start."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from losslaws.core.arrays import Array, Index
from losslaws.forecasting.candidates import SKIPS, Candidate, CandidateFit, fit_candidate

MIN_POINTS = 12
"""Fewer points are no basis for a forecast."""

CUTS = (0.25, 0.35, 0.42, 0.5, 0.6, 0.7, 0.85)
"""Fractions of the seen part that trials are fitted to; each predicts the rest of it, up to 4 times as far."""

MIN_TRIAL_POINTS, MAX_CHECKED = 8, 25
"""Points that a trial is fitted to, and later points that it is compared with."""

RECENT = 0.02
"""The fraction of the points, 5 at least, that the current loss is estimated from."""


@dataclass(frozen=True)
class Trial:
    """Fits to the start of a prefix, and their predictions of its end.

    Attributes
    ----------
    observed : ndarray of shape (N, m)
        Losses after the cut.
    predicted : ndarray of shape (C + 1, N, m)
        Predictions of each candidate and, last, of the last value.
    now : ndarray of shape (N,)
        The last loss before the cut.
    """

    observed: Array
    predicted: Array
    now: Array

    @cached_property
    def errors(self) -> Array:
        """Mean squared errors, shape (C + 1, N); NaN without a fit."""
        return np.asarray(np.square(self.predicted - self.observed).mean(axis=-1))


@dataclass(frozen=True)
class Prefixes:
    """The seen parts of N curves on a common grid.

    Attributes
    ----------
    t : ndarray of shape (n,)
        The grid.
    losses : ndarray of shape (N, n)
        Finite.
    candidates : sequence of Candidate
        C of them. The last value counts as a further one, the last.
    fits : list of CandidateFit or None
        Their fits to all points.
    trials : list of Trial
        Earliest cut first.
    """

    t: Array
    losses: Array
    candidates: Sequence[Candidate]
    fits: list[CandidateFit | None]
    trials: list[Trial]

    def values(self, t: Array) -> Array:
        """Return the predictions at `t` of each candidate and, last, of the last value, shape (C + 1, N, len(t))."""
        return _values(self.fits, self.losses, t)

    @cached_property
    def noise(self) -> Array:
        """Standard deviation of the noise, shape (N,), from the second differences of the later half.

        A robust one, 1.4826 median |d − median d|/√6; never below the rounding of the losses.
        """
        later = self.losses[:, self.t.size // 2 :]
        bends = np.diff(later, 2, axis=1)
        deviation = np.abs(bends - np.median(bends, axis=1, keepdims=True))
        rounding = np.finfo(np.float64).eps * np.abs(self.losses).max(axis=1)
        tiny = np.finfo(np.float64).tiny ** 0.25
        return np.asarray(np.maximum(1.4826 * np.median(deviation, axis=1) / np.sqrt(6.0), np.maximum(rounding, tiny)))

    @cached_property
    def misfit(self) -> Array:
        """Mean squared residuals over the points that all candidates were fitted to, shape (C + 1, N)."""
        first = int(max(SKIPS) * self.t.size)
        return np.asarray(np.square(self.values(self.t[first:]) - self.losses[:, first:]).mean(axis=-1))

    @property
    def recent(self) -> int:
        """How many of the last points the current loss is estimated from."""
        return max(5, int(RECENT * self.t.size))


def fit_prefixes(candidates: Sequence[Candidate], t: Array, losses: Array) -> Prefixes:
    """Fit all candidates to the seen parts of curves, and to their starts.

    Parameters
    ----------
    candidates : sequence of Candidate
        The candidates.
    t : ndarray of shape (n,)
        At least `MIN_POINTS`, positive and strictly increasing.
    losses : ndarray of shape (N, n)
        Finite.
    """
    fits = [fit_candidate(candidate, t, losses) for candidate in candidates]
    trials: list[Trial] = []
    starts = fits
    for share in reversed(CUTS):
        cut = round(share * t.size)
        if cut >= MIN_TRIAL_POINTS:
            starts = [
                fit_candidate(candidate, t[:cut], losses[:, :cut], start)
                for candidate, start in zip(candidates, starts, strict=True)
            ]
            check = spread_evenly(cut, t.size, MAX_CHECKED)
            seen = losses[:, :cut]
            trials.insert(0, Trial(losses[:, check], _values(starts, seen, t[check]), seen[:, -1]))
    return Prefixes(t, losses, candidates, fits, trials)


def spread_evenly(first: int, end: int, max_count: int) -> Index:
    """Return no more than `max_count` whole numbers from `first` to `end` − 1, both included, evenly spaced."""
    return np.unique(np.linspace(first, end - 1, max_count).round().astype(np.intp))


def _values(fits: Sequence[CandidateFit | None], losses: Array, t: Array) -> Array:
    shape = (len(losses), t.size)
    predicted = [np.full(shape, np.nan) if fit is None else fit.at(t) for fit in fits]
    return np.stack([*predicted, np.broadcast_to(losses[:, -1:], shape)])
