"""The arguments of a forecast, checked: the curve, the horizon, the target."""

import numpy as np

from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.forecasting.prefixes import MIN_POINTS


def check_prefix(curve: Curve) -> None:
    """Check that a curve can be forecast.

    Raises
    ------
    LosslawsError
        If it has fewer than `MIN_POINTS` points, or a loss that is not finite.
    """
    bad = np.flatnonzero(~np.isfinite(curve.loss))
    if bad.size:
        raise LosslawsError(
            f"curve {curve.name!r}: {bad.size} of {curve.loss.size} losses are not finite, the first at t = "
            f"{curve.t[bad[0]]:g}; a forecast needs finite ones: leave those points out, or what follows if training "
            "diverged"
        )
    if curve.t.size < MIN_POINTS:
        raise LosslawsError(
            f"curve {curve.name!r}: has {curve.t.size} points; a forecast needs {MIN_POINTS} at least: record more "
            "often, or wait"
        )


def check_target(target: float | None) -> None:
    """Check that a target can be reached at all.

    Raises
    ------
    LosslawsError
        If it is not finite.
    """
    if target is not None and not np.isfinite(target):
        raise LosslawsError(f"target: is {target}; expected a finite loss")


def read_horizon(horizon: float | str) -> tuple[float, bool]:
    """Return the number of a horizon, and whether it is a multiple of the last t.

    Raises
    ------
    LosslawsError
        If `horizon` is neither a t nor a multiple above 1, as ``"2x"``.
    """
    text = str(horizon).strip().lower().replace("×", "x")
    multiple = text.endswith("x")
    try:
        value = float(text.removesuffix("x"))
    except ValueError:
        value = float("nan")
    if not np.isfinite(value) or (multiple and value <= 1):
        raise LosslawsError(
            f"horizon: is {horizon!r}; expected a t, as 50000, or a multiple of the last t above 1, as 2x"
        )
    return value, multiple


def horizon_of(horizon: float | str, last: float) -> float:
    """Return the t at which a forecast ends.

    Raises
    ------
    LosslawsError
        See :func:`read_horizon`; also if the end is not beyond `last`.
    """
    value, multiple = read_horizon(horizon)
    end = value * last if multiple else value
    if end <= last * (1 + 1e-9):
        raise LosslawsError(f"horizon: is t = {end:g}; expected more than the last t of the curve, {last:g}")
    return end
