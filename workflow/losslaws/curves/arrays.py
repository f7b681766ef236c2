"""Curves given as arrays, lists or pandas Series: checked, each mistake in one sentence."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve, check_curves

CurvesLike = Mapping[str, Sequence[ArrayLike]] | Sequence[Curve]
"""Curves, or ``{name: (t, loss)}``, or ``{name: (t, loss, learning_rate)}``."""


def given_curve(t: ArrayLike, loss: ArrayLike, learning_rate: ArrayLike | None = None, name: str = "curve") -> Curve:
    """Return the curve that arrays hold.

    Raises
    ------
    LosslawsError
        If they are not numbers in one dimension and of one length, t is not positive and strictly increasing, or a loss
        is not finite.
    """
    times, losses = _numbers("t", t), _numbers("loss", loss)
    rates = None if learning_rate is None else _numbers("learning_rate", learning_rate)
    _same_length("loss", losses, times)
    check_times("t", times)
    bad = np.flatnonzero(~np.isfinite(losses))
    if bad.size:
        raise LosslawsError(
            f"loss: {bad.size} of {losses.size} values are not finite, the first at t = {times[bad[0]]:g}; leave those "
            "points out, or what follows if training diverged"
        )
    if rates is not None:
        _same_length("learning_rate", rates, times)
        if not np.isfinite(rates).all():
            raise LosslawsError("learning_rate: has values that are not finite; expected one number for each t")
    return Curve(name, times, losses, series={} if rates is None else {"lr": rates})


def given_curves(curves: CurvesLike) -> list[Curve]:
    """Return curves given as such or as arrays by name.

    Raises
    ------
    LosslawsError
        See :func:`given_curve`; also if they are anything else, or there are none.
    """
    if isinstance(curves, Mapping):
        found = [_named(str(name), arrays) for name, arrays in curves.items()]
    else:
        found = list(curves)
        if not all(isinstance(curve, Curve) for curve in found):
            raise LosslawsError("curves: expected losslaws.Curve objects, or {name: (t, loss)} with arrays")
    check_curves(found, "curves")
    return found


def given_schedule(planned: Sequence[ArrayLike] | None) -> tuple[Array, Array] | None:
    """Return a schedule ahead, given as (t, learning rate).

    Raises
    ------
    LosslawsError
        If it is not two arrays of one length with increasing t.
    """
    if planned is None:
        return None
    if len(planned) != 2:
        raise LosslawsError("planned: expected two arrays, t and the learning rate from there on")
    times, rates = _numbers("planned t", planned[0]), _numbers("planned learning rate", planned[1])
    _same_length("planned learning rate", rates, times)
    check_times("planned t", times)
    return times, rates


def check_times(what: str, t: Array) -> None:
    """Check that t is finite, positive and strictly increasing.

    Raises
    ------
    LosslawsError
        If it is not; the message names the first place.
    """
    for problem, advice in (
        (~np.isfinite(t), "expected finite values: leave the point out"),
        (t <= 0, "laws need t above 0: leave the point out, or count from 1"),
        (np.diff(t, prepend=-np.inf) <= 0, "expected larger values than before: sort the points, one for each t"),
    ):
        bad = np.flatnonzero(problem)
        if bad.size:
            raise LosslawsError(f"{what}: is {t[bad[0]]:g} at position {bad[0]}; {advice}")


def _named(name: str, arrays: Sequence[ArrayLike]) -> Curve:
    if not 2 <= len(arrays) <= 3:
        raise LosslawsError(f"curve {name!r}: has {len(arrays)} arrays; expected (t, loss) or (t, loss, learning_rate)")
    try:
        return given_curve(arrays[0], arrays[1], arrays[2] if len(arrays) > 2 else None, name)
    except LosslawsError as error:
        raise LosslawsError(f"curve {name!r}: {error}") from None


def _numbers(what: str, values: Any) -> Array:
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise LosslawsError(f"{what}: expected numbers, one-dimensional; got {str(values)[:60]!r}") from None
    if array.ndim != 1 or not array.size:
        raise LosslawsError(f"{what}: has shape {array.shape}; expected one dimension and one value at least")
    return array


def _same_length(what: str, values: Array, t: Array) -> None:
    if values.size != t.size:
        raise LosslawsError(f"{what}: has {values.size} values for {t.size} of t; expected as many")
