"""A ladder: runs of several sizes, with several seeds each, every size trained to a horizon of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from losslaws.analyses.collapse.results import ComputeLaw, HorizonLaw
from losslaws.analyses.collapse.scaling import fit_compute_law, fit_horizon_law
from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve


@dataclass(frozen=True)
class Rung:
    """All seeds of one size.

    Attributes
    ----------
    size : int
        Number of parameters p.
    label : str
        The width where it is known, else the size.
    names : tuple of str
        The curves.
    t : ndarray of shape (n,)
        Where all of them were recorded; the last is the horizon t*.
    loss : ndarray of shape (seeds, n)
        Their losses.
    """

    size: int
    label: str
    names: tuple[str, ...]
    t: Array
    loss: Array

    @property
    def horizon(self) -> float:
        """The last t."""
        return float(self.t[-1])


def ladder_of(curves: Sequence[Curve]) -> list[Rung]:
    """Return the curves as rungs, smallest size first.

    Parameters
    ----------
    curves : sequence of Curve
        With the attribute `n_params`; curves of one size differ in their seeds.

    Raises
    ------
    LosslawsError
        If a curve has no size or a loss that is not finite, if there is only one size, or if seeds of one size were not
        recorded at the same t up to the same end.
    """
    by_size: dict[int, list[Curve]] = {}
    for curve in curves:
        if "n_params" not in curve.attributes:
            raise LosslawsError(
                f"curve {curve.name!r} has no n_params, and collapse compares sizes: import it with its number of "
                "parameters"
            )
        by_size.setdefault(int(curve.attributes["n_params"]), []).append(curve)
    if len(by_size) < 2:
        raise LosslawsError(
            f"all {len(curves)} curves have {next(iter(by_size), 0)} parameters, and collapse compares sizes: "
            "add runs of other widths"
        )
    return [_rung(size, by_size[size]) for size in sorted(by_size)]


def _rung(size: int, curves: Sequence[Curve]) -> Rung:
    label = str(curves[0].attributes.get("width", size))
    last = max(curve.t[-1] for curve in curves)
    for curve in curves:
        bad = np.flatnonzero(~np.isfinite(curve.loss))
        if bad.size:
            raise LosslawsError(
                f"curve {curve.name!r} has the loss {curve.loss[bad[0]]} at t = {curve.t[bad[0]]:g}, and collapse "
                "needs whole runs: leave the curve out"
            )
        if curve.t[-1] < last:
            raise LosslawsError(
                f"curve {curve.name!r} stops at t = {curve.t[-1]:g} while another of width {label} goes on to "
                f"{last:g}: leave it out or let it run to the horizon"
            )
        if not np.array_equal(curve.t, curves[0].t):
            raise LosslawsError(
                f"curves {curves[0].name!r} and {curve.name!r} of width {label} were not recorded at the same t, and "
                "the noise between seeds is measured point by point: record all seeds alike, or leave one out"
            )
    names = tuple(curve.name for curve in curves)
    return Rung(size, label, names, curves[0].t, np.stack([curve.loss for curve in curves]))


def ladder_compute_law(ladder: Sequence[Rung]) -> ComputeLaw:
    """Fit the final losses of all runs of a ladder against C = p·t*, compute up to a factor for equal batches."""
    compute = np.concatenate([np.full(len(rung.names), rung.size * rung.horizon) for rung in ladder])
    return fit_compute_law(compute, np.concatenate([rung.loss[:, -1] for rung in ladder]))


def ladder_horizon_law(ladder: Sequence[Rung]) -> HorizonLaw:
    """Fit the horizons of a ladder against size; equal horizons are a way to train, and have the exponent 0."""
    try:
        return fit_horizon_law(np.array([rung.size for rung in ladder]), np.array([rung.horizon for rung in ladder]))
    except LosslawsError:
        return HorizonLaw(0.0, None, None)
