"""Candidates: a law and the share of the start that its fit leaves out; their fits, and the predictions of those."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from losslaws.core.arrays import Array, Mask
from losslaws.core.errors import LosslawsError
from losslaws.core.registry import LAWS
from losslaws.curves.thinning import log_bins
from losslaws.fitting.levenberg_marquardt import minimise
from losslaws.fitting.model import Setting
from losslaws.fitting.optimum import Optimum, find_optimum
from losslaws.fitting.options import FitOptions
from losslaws.fitting.projection import Projected
from losslaws.laws.law import Law

DEFAULT_LAWS = (
    "power_law",
    "log_power",
    "stretched_exp",
    "shifted_power_law",
    "double_exponential",
    "broken_power_law",
)
"""Six ways to continue a curve: two power-like tails, one shifted, two exponential ones, and a break."""

SKIPS = (0.0, 0.5)
"""Shares of the points at the start that a candidate leaves out: early training may follow another law, or none."""

TRIAL_GAIN, TRIAL_ITERATIONS = 1e-6, 30
"""When a trial stops: its errors need only a few percent of precision."""


@dataclass(frozen=True)
class Candidate:
    """A law, fitted to the points after the first `skip` of them (a share), and to those where it is defined."""

    law: Law
    skip: float

    def first(self, t: Array) -> int:
        """Return the number of the first point that is fitted."""
        return max(int(self.skip * t.size), int(np.searchsorted(t, self.law.t_above, side="right")))


@dataclass(frozen=True)
class CandidateFit:
    """A candidate fitted to N curves on a common grid.

    Attributes
    ----------
    setting : Setting
        The law on the grid of the fit.
    optimum : Optimum
        What was found.
    known : ndarray of bool, shape (N,)
        Which curves have a fit, with a law that falls.
    """

    setting: Setting
    optimum: Optimum
    known: Mask

    def at(self, t: Array) -> Array:
        """Return the fitted law at `t`, shape (N, len(t)); NaN for curves without a fit.

        The law is taken relative to its value at the first fitted point, as in the fit, so that it keeps its digits
        next to a limit at which a and −L∞ grow without bound.
        """
        grid = np.concatenate([self.setting.t[:1], t])
        columns = Setting(self.setting.law, grid, self.setting.options).columns(self.optimum.shapes)
        with np.errstate(all="ignore"):
            values = self.optimum.level[:, None] + sum(
                coefficient[:, None] * column[:, 1:]
                for coefficient, column in zip(self.optimum.coefficients.T, columns.values, strict=True)
            )
        return np.where(self.known[:, None] & np.isfinite(values), values, np.nan)


def candidates_of(laws: Sequence[Law]) -> list[Candidate]:
    """Return the candidates of each law in turn."""
    return [Candidate(law, skip) for law in laws for skip in SKIPS]


def load_laws(names: Sequence[str] | None) -> list[Law]:
    """Load laws by name; without names, those that forecasts combine.

    Raises
    ------
    LosslawsError
        If there is no such law, or none at all.
    """
    if names is not None and not len(names):
        raise LosslawsError("laws: there are none; expected the name of one at least")
    return [LAWS.load(name) for name in (DEFAULT_LAWS if names is None else names)]


def fit_candidate(
    candidate: Candidate, t: Array, losses: Array, start: CandidateFit | None = None
) -> CandidateFit | None:
    """Fit a candidate to curves on a common grid; None with too few points where the law is defined.

    Parameters
    ----------
    candidate : Candidate
        The law, and what it leaves out.
    t : ndarray of shape (n,)
        Positive and strictly increasing.
    losses : ndarray of shape (N, n)
        Finite.
    start : CandidateFit or None
        A fit of the same curves with more points. Its shapes are where the fit starts, instead of a global search:
        for trials, which only set the weights of the candidates.
    """
    first = candidate.first(t)
    t, losses = t[first:], losses[:, first:]
    law = candidate.law
    if t.size <= len(law.parameters):
        return None
    t, losses, weights = log_bins(t, losses)
    setting = Setting(law, t, FitOptions(preset="wide", weights=weights))
    falls = np.ptp(losses, axis=1) > 8 * np.finfo(np.float64).eps * np.abs(losses).max(axis=1)
    # A constant curve has no fit; any other curve in its place keeps the batch together.
    safe = np.where(falls[:, None], losses, -np.arange(t.size, dtype=np.float64))
    optimum = find_optimum(setting, safe) if start is None else _from_start(setting, safe, start.optimum.shapes)
    known = falls & (optimum.coefficients != 0).any(axis=1)
    return CandidateFit(setting, optimum, known)


def _from_start(setting: Setting, losses: Array, shapes: Array) -> Optimum:
    """Improve the shapes (N, p) of curves, one start each."""
    model, numbers = Projected(setting, losses), np.arange(len(losses))
    low, high = setting.search_bounds.T
    start = setting.coordinates(np.clip(shapes, low, high))
    coordinates, cost = minimise(model, numbers, start, np.array(model.own_bounds), TRIAL_GAIN, TRIAL_ITERATIONS)
    found = setting.shapes(coordinates)
    solution = model.solve(numbers, found, None)
    return Optimum(found, solution.coefficients, solution.level, cost, None)
