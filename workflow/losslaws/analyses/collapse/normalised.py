"""Normalised curves, their spread, and the spread of seeds (Qiu et al. 2025)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import linregress

from losslaws.analyses.collapse.ladder import Rung
from losslaws.analyses.collapse.results import Deviation, Supercollapse, Trend
from losslaws.core.arrays import Array, Index
from losslaws.core.errors import LosslawsError

POINTS = 1000
"""Values of x = t/t* in (0, 1]."""


@dataclass(frozen=True)
class NormalisedCurves:
    """Normalised curves of a ladder.

    Attributes
    ----------
    x : ndarray of shape (points,)
        t/t*, up to 1.
    curves : ndarray of shape (runs, points)
        ℓ = (L(x·t*) − L0)/(L(t*) − L0), rung by rung, by the run's own final loss.
    rung : ndarray of int, shape (runs,)
        The rung of each run.
    spread : ndarray of shape (points,)
        Δ(x) = √Var[ℓ]/E[ℓ] over all runs (population variance, as published).
    """

    x: Array
    curves: Array
    rung: Index
    spread: Array

    def at(self, x: float) -> float:
        """Return Δ(x)."""
        return float(np.interp(x, self.x, self.spread))


def normalise(ladder: Sequence[Rung], irreducible: float) -> NormalisedCurves:
    """Return the normalised curves of all runs and their spread Δ(x).

    Between records a loss is linear in t. x starts where every run has a record.

    Parameters
    ----------
    ladder : sequence of Rung
        All sizes.
    irreducible : float
        L0.

    Raises
    ------
    LosslawsError
        If a run ends at or below the irreducible loss.
    """
    for rung in ladder:
        for name, final in zip(rung.names, rung.loss[:, -1], strict=True):
            if final <= irreducible:
                raise LosslawsError(
                    f"curve {name!r} ends at the loss {final:.6g}, not above the irreducible loss {irreducible:.6g}: "
                    "give a lower one (collapse.irreducible), or leave the curve out"
                )
    x = _grid(ladder)
    excess = [_excess(rung, x, irreducible) for rung in ladder]
    curves = np.concatenate(
        [part / (rung.loss[:, -1:] - irreducible) for part, rung in zip(excess, ladder, strict=True)]
    )
    owner = np.repeat(np.arange(len(ladder)), [len(rung.names) for rung in ladder])
    return NormalisedCurves(x, curves, owner, curves.std(axis=0) / curves.mean(axis=0))


def _grid(ladder: Sequence[Rung]) -> Array:
    x = np.arange(1, POINTS + 1) / POINTS
    return np.asarray(x[x >= max(rung.t[0] / rung.horizon for rung in ladder)])


def _excess(rung: Rung, x: Array, irreducible: float) -> Array:
    """Return L(x·t*) − L0 of every seed, shape (seeds, points)."""
    return np.stack([np.interp(x * rung.horizon, rung.t, loss) for loss in rung.loss]) - irreducible


def noise_floor(ladder: Sequence[Rung], irreducible: float) -> Array:
    """Return σ(x, p) = √Var_w[L − L0]/E_w[L − L0] over the seeds of each size, shape (rungs, points), at the same x.

    Population variance, as published: with five seeds the expected σ is about a tenth below the true one.

    Raises
    ------
    LosslawsError
        If a size has one seed.
    """
    x = _grid(ladder)
    floors = []
    for rung in ladder:
        if len(rung.names) < 2:
            raise LosslawsError(
                f"width {rung.label} has one seed ({rung.names[0]!r}), and the noise between seeds needs two: train "
                "another seed, or leave the width out"
            )
        excess = _excess(rung, x, irreducible)
        floors.append(excess.std(axis=0) / excess.mean(axis=0))
    return np.stack(floors)


def supercollapse(normalised: NormalisedCurves, floor: Array) -> Supercollapse:
    """Return where Δ(x) < mean over p of σ(x, p).

    Parameters
    ----------
    normalised : NormalisedCurves
        With Δ(x).
    floor : ndarray of shape (rungs, points)
        σ(x, p).
    """
    inside = normalised.x < 1
    holds = (normalised.spread < floor.mean(axis=0))[inside]
    broken = np.flatnonzero(~holds)
    first = broken[-1] + 1 if broken.size else 0
    start = float(normalised.x[inside][first]) if first < holds.size else None
    return Supercollapse(float(holds.mean()), start)


@dataclass(frozen=True)
class DeviatingGroup:
    """How far one size, or one run, is from the others, and at which x.

    Attributes
    ----------
    summary : Deviation
        Over x in [`FROM`, 1).
    curve : ndarray of shape (points,)
        ℓ/(mean ℓ of the others) − 1 at every x.
    """

    summary: Deviation
    curve: Array


FROM = 0.2
"""Before this x curves differ by their warm-up and by how often they were recorded."""

OUTLIER = 3.0
"""An outlier's rms deviation is more than this times the median of the others, and more than the noise."""


def deviations(normalised: NormalisedCurves, groups: Sequence[str], noise: float = 0.0) -> list[DeviatingGroup]:
    """Return how far each group of runs is from all others: which width, or which run, is an outlier?

    Parameters
    ----------
    normalised : NormalisedCurves
        All runs.
    groups : sequence of str, one per run
        The width of each run, or its name.
    noise : float
        Relative deviations up to this one are never outliers: the mean noise floor.
    """
    names = list(dict.fromkeys(groups))
    member = np.array([[group == name for group in groups] for name in names])
    means = member @ normalised.curves / member.sum(axis=1, keepdims=True)
    late = (normalised.x >= FROM) & (normalised.x < 1)
    # Each group against the mean of the other groups' means.
    curves = means / ((means.sum(axis=0) - means) / (len(names) - 1)) - 1
    rms = np.sqrt(np.mean(curves[:, late] ** 2, axis=1))
    rows = []
    for index, name in enumerate(names):
        usual = float(np.median(np.delete(rms, index)))
        outlier = bool(rms[index] > max(OUTLIER * usual, noise))
        summary = Deviation(name, float(curves[index, late].mean()), float(rms[index]), outlier)
        rows.append(DeviatingGroup(summary, curves[index]))
    return rows


def trend(sizes: Sequence[int], by_size: Sequence[DeviatingGroup]) -> Trend | None:
    """Return the line of mean deviations against the logarithm of size by least squares; None below three sizes.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of parameters.
    by_size : sequence of DeviatingGroup
        One for each size, in the same order.
    """
    if len(sizes) < 3:
        return None
    line = linregress(np.log2(sizes), [group.summary.mean for group in by_size])
    # Where all sizes deviate alike, the test is 0/0.
    p_value = float(line.pvalue) if np.isfinite(line.pvalue) else 1.0
    return Trend(float(line.slope), float(line.stderr), p_value)
