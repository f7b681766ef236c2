"""Normalised curves, how far they are apart, and how far seeds are (Qiu et al. 2025)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import linregress

from losslaws.analyses.collapse.ladder import Rung
from losslaws.core.arrays import Array, Index
from losslaws.core.errors import LosslawsError

POINTS = 1000
"""Values of x = t/t* in (0, 1]."""


@dataclass(frozen=True)
class Collapse:
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


def collapse(ladder: Sequence[Rung], irreducible: float) -> Collapse:
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
    return Collapse(x, curves, owner, curves.std(axis=0) / curves.mean(axis=0))


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


@dataclass(frozen=True)
class Supercollapse:
    """Where curves of different sizes are closer together than seeds of one size.

    Attributes
    ----------
    share : float
        The share of x with Δ(x) below σ(x, p) averaged over p, x = 1 left out, where Δ is 0 by construction.
    start : float or None
        From this x on it holds up to 1; None if it does not hold just before 1.
    """

    share: float
    start: float | None


def supercollapse(collapsed: Collapse, floor: Array) -> Supercollapse:
    """Return where Δ(x) < mean over p of σ(x, p).

    Parameters
    ----------
    collapsed : Collapse
        With Δ(x).
    floor : ndarray of shape (rungs, points)
        σ(x, p).
    """
    inside = collapsed.x < 1
    holds = (collapsed.spread < floor.mean(axis=0))[inside]
    broken = np.flatnonzero(~holds)
    first = broken[-1] + 1 if broken.size else 0
    start = float(collapsed.x[inside][first]) if first < holds.size else None
    return Supercollapse(float(holds.mean()), start)


@dataclass(frozen=True)
class Deviation:
    """How far one size, or one run, is from the others.

    Attributes
    ----------
    name : str
        The width, or the curve.
    mean, rms : float
        Mean and root mean square, over x in [`FROM`, 1), of ℓ/(mean ℓ of the others) − 1.
    curve : ndarray of shape (points,)
        The same at every x.
    off : bool
        Whether rms is more than `OFF` times the median rms of the others, and more than the noise between seeds.
    """

    name: str
    mean: float
    rms: float
    curve: Array
    off: bool


FROM = 0.2
"""Before this x curves differ by their warm-up and by how often they were recorded."""

OFF = 3.0


def deviations(collapsed: Collapse, groups: Sequence[str], noise: float = 0.0) -> list[Deviation]:
    """Return how far each group of runs is from all others: which width, or which run, is off?

    Parameters
    ----------
    collapsed : Collapse
        The normalised curves.
    groups : sequence of str, one per run
        The width of each run, or its name.
    noise : float
        Relative deviations up to this one are never called off: the mean noise floor.
    """
    names = list(dict.fromkeys(groups))
    member = np.array([[group == name for group in groups] for name in names])
    means = member @ collapsed.curves / member.sum(axis=1, keepdims=True)
    late = (collapsed.x >= FROM) & (collapsed.x < 1)
    # Each group against the mean of the other groups' means.
    curves = means / ((means.sum(axis=0) - means) / (len(names) - 1)) - 1
    rms = np.sqrt(np.mean(curves[:, late] ** 2, axis=1))
    rows = []
    for index, name in enumerate(names):
        usual = float(np.median(np.delete(rms, index)))
        off = bool(rms[index] > max(OFF * usual, noise))
        rows.append(Deviation(name, float(curves[index, late].mean()), float(rms[index]), curves[index], off))
    return rows


@dataclass(frozen=True)
class Trend:
    """How deviations go with size: mean deviation = level + slope · log2 p.

    Attributes
    ----------
    slope : float
        Change of the mean deviation with each doubling of the number of parameters. Above 0, large sizes fall more
        towards their end than small ones, as where their horizons are too short; below 0, less.
    error : float
        Its standard error, from the scatter of sizes about the line: noise of seeds, and what is no line.
    p_value : float
        Of the two-sided t-test of no slope, with two degrees of freedom fewer than there are sizes.
    """

    slope: float
    error: float
    p_value: float


def trend(sizes: Sequence[int], deviations_of_sizes: Sequence[Deviation]) -> Trend | None:
    """Return the line of mean deviations against the logarithm of size by least squares; None below three sizes.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of parameters.
    deviations_of_sizes : sequence of Deviation
        One for each size, in the same order.
    """
    if len(sizes) < 3:
        return None
    line = linregress(np.log2(sizes), [deviation.mean for deviation in deviations_of_sizes])
    # Where all sizes deviate alike, there is nothing to tell a slope by.
    p_value = float(line.pvalue) if np.isfinite(line.pvalue) else 1.0
    return Trend(float(line.slope), float(line.stderr), p_value)
