"""The fit table: one row per (curve, law), for all curves of a group."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa

from losslaws.core.arrays import Array, Mask
from losslaws.core.errors import LosslawsError
from losslaws.core.progress import Progress
from losslaws.curves.curve import Curve, check_curves
from losslaws.curves.vocabulary import IDENTIFYING
from losslaws.fitting import selection
from losslaws.fitting.fitted import FittedCurve, FittedLaw, fitted_curve
from losslaws.fitting.law_fits import LawFits, fit_law
from losslaws.fitting.options import FitOptions
from losslaws.fitting.status import CONSTANT, FITTED, LIMIT, NOT_FINITE, TOO_SHORT
from losslaws.laws.law import Law

LARGEST = 1e150
"""Losses above this, and changes below its inverse, have no square in float64."""

CHUNK = 2**21
"""Numbers in a chunk of curves that are fitted together: it bounds the memory, whatever the number of curves."""

DESCRIPTION: dict[str, pa.DataType] = {"law": pa.string(), "status": pa.string()}
OUTCOME: dict[str, pa.DataType] = {
    "at_bound": pa.list_(pa.string()),
    "flat": pa.list_(pa.string()),
    "finite": pa.list_(pa.float64()),
    "n": pa.int64(),
    "k": pa.int64(),
    **{column: pa.float64() for column in ("rss", "r2", "aic", "aicc", "bic")},
    "rank": pa.int64(),
}
"""Columns of the fit table before and after those of the parameters."""


def fit_curves(
    curves: Sequence[Curve], laws: Sequence[Law], skip: int = 0, options: FitOptions | None = None
) -> pa.Table:
    """Fit every law to every curve and rank the laws of each curve by AIC.

    Parameters
    ----------
    curves : sequence of Curve
        Curves that share their t are fitted together, in chunks that bound the memory.
    laws : sequence of Law
        The candidates.
    skip : int
        How many of a curve's first points are left out.
    options : FitOptions
        Bounds, space, error model and more.

    Returns
    -------
    pyarrow.Table
        Sorted by curve (in the order given) and rank. Columns: the curve's attributes, `law`, `status`, one column per
        parameter of any of the laws and its standard error (``beta``, ``beta_error``), `at_bound`, `flat`, `finite`
        (the parameters, at a finite point also where the optimum is at infinity), `n`, `k`, `rss`, `r2`, `aic`, `aicc`,
        `bic`, `rank` (null where there is no fit).

    Raises
    ------
    LosslawsError
        If a curve breaks a rule of :func:`~losslaws.curves.table.check_curves`, or a law's parameter has the
        name of another column, such as ``n``.
    """
    schema = _schema(curves, laws)
    fitted = fit_each(curves, laws, skip, options)
    return pa.Table.from_pylist([row for curve in fitted for row in _rows(curve)], schema=schema)


def fit_each(
    curves: Sequence[Curve], laws: Sequence[Law], skip: int = 0, options: FitOptions | None = None
) -> list[FittedCurve]:
    """Fit as :func:`fit_curves` does, and return each curve with its fits, best first."""
    options = options or FitOptions()
    if curves:
        check_curves(curves, "fit_curves")
    fits: list[list[FittedLaw]] = [[] for _ in curves]
    progress = Progress("fits", len(curves) * len(laws))
    for members, t, losses in batches(curves, skip):
        unusable = [unusable_reason(loss) for loss in losses]
        usable = np.array([reason is None for reason in unusable], dtype=bool)
        for law in laws:
            fitted = iter(_fitted(fit_law(law, t, losses[usable], options), t, losses[usable], options))
            for member, reason in zip(members, unusable, strict=True):
                fits[member].append(next(fitted) if reason is None else _without_fit(law, t.size, reason))
            progress.add(len(members))
    return [fitted_curve(curve, found) for curve, found in zip(curves, fits, strict=True)]


def batches(curves: Sequence[Curve], skip: int) -> Iterator[tuple[list[int], Array, Array]]:
    """Group curves that share their t: numbers of the curves, t of shape (n,), losses of shape (N, n)."""
    members: dict[bytes, list[int]] = {}
    for number, curve in enumerate(curves):
        members.setdefault(curve.t[skip:].tobytes(), []).append(number)
    for numbers in members.values():
        t = curves[numbers[0]].t[skip:]
        size = max(1, CHUNK // max(t.size, 1))
        for first in range(0, len(numbers), size):
            chunk = numbers[first : first + size]
            yield chunk, t, np.stack([curves[number].loss[skip:] for number in chunk])


def unusable_reason(loss: Array) -> str | None:
    """Return the status of a curve that no law can be fitted to, else None."""
    if not loss.size:
        return TOO_SHORT
    if not np.isfinite(loss).all():
        return NOT_FINITE
    largest = np.abs(loss).max()
    rounding = 8 * np.finfo(np.float64).eps * largest
    with np.errstate(over="ignore"):
        if np.ptp(loss) <= max(rounding, 1.0 / LARGEST):
            return CONSTANT
    return NOT_FINITE if largest > LARGEST else None


def _fitted(fits: LawFits, t: Array, losses: Array, options: FitOptions) -> list[FittedLaw]:
    """Return the records of the fits of one law."""
    if not len(losses):
        return []
    n, k = t.size, fits.k
    total = np.square(losses - losses.mean(axis=1, keepdims=True)).sum(axis=1)
    known = np.isin(fits.status, FITTED)
    deviance = known_deviance(fits, losses, options)
    quality = {
        "rss": fits.rss,
        "r2": np.where(known, 1.0 - np.square(losses - fits.fitted).sum(axis=1) / total, np.nan),
        "aic": selection.aic(deviance, k),
        "aicc": selection.aicc(deviance, n, k),
        "bic": selection.bic(deviance, n, k),
    }
    names = fits.law.parameters
    found = []
    for index, status in enumerate(fits.status):
        params = dict(zip(names, fits.finite[index].tolist(), strict=True)) if known[index] else {}
        at_infinity = dict(zip(names, fits.values[index].tolist(), strict=True))
        errors = zip(names, fits.errors[index].tolist(), strict=True)
        found.append(
            FittedLaw(
                law=fits.law,
                status=status,
                params=params,
                optimum=_known(at_infinity) if status == LIMIT else params,
                errors={name: error for name, error in errors if np.isfinite(error)},
                at_bound=_marked(fits.law, fits.at_bound[index]),
                flat=_marked(fits.law, fits.flat[index]),
                n=n,
                k=k,
                **{name: _or_none(values[index]) for name, values in quality.items()},
            )
        )
    return found


def _known(values: Mapping[str, float]) -> dict[str, float]:
    return {name: value for name, value in values.items() if not np.isnan(value)}


def _rows(fitted: FittedCurve) -> Iterator[dict[str, object]]:
    """Yield the rows of one curve."""
    for place, fit in enumerate(fitted.fits, start=1):
        row: dict[str, object] = {
            "curve": fitted.curve.name,
            **fitted.curve.attributes,
            "law": fit.name,
            "status": fit.status,
        }
        for name in fit.law.parameters:
            row[name] = _or_none(fit.optimum.get(name, np.nan))
            row[f"{name}_error"] = np.inf if name in fit.flat else fit.errors.get(name)
        yield row | {
            "at_bound": fit.at_bound,
            "flat": fit.flat,
            "finite": list(fit.params.values()) or None,
            "rank": place if fit.converged else None,
            **{name: getattr(fit, name) for name in ("n", "k", "rss", "r2", "aic", "aicc", "bic")},
        }


def _marked(law: Law, marks: Mask) -> tuple[str, ...]:
    return tuple(name for name, mark in zip(law.parameters, marks, strict=True) if mark)


def known_deviance(fits: LawFits, losses: Array, options: FitOptions) -> Array:
    """Return the deviances of fits, shape (N,), at least those of rounding; NaN without a fit."""
    least = rounding_deviance(losses, options)
    return np.where(np.isin(fits.status, FITTED), np.maximum(fits.deviance, least), np.nan)


def rounding_deviance(losses: Array, options: FitOptions) -> Array:
    """Return n ln(RSS/n) of residuals as small as the rounding of the losses, or of their logarithms, shape (N,).

    Smaller residuals carry no information about the law.
    """
    largest = np.abs(losses).max(axis=1) if options.space == "linear" else np.ones(len(losses))
    return np.asarray(losses.shape[1] * 2.0 * np.log(np.finfo(np.float64).eps * largest))


def _without_fit(law: Law, n: int, status: str) -> FittedLaw:
    k = len(law.parameters)
    return FittedLaw(law, status, params={}, optimum={}, errors={}, at_bound=(), flat=(), n=n, k=k)


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _schema(curves: Sequence[Curve], laws: Sequence[Law]) -> pa.Schema:
    """Return the columns of the fit table.

    Raises
    ------
    LosslawsError
        If a law's parameter would have the column of something else.
    """
    names = dict.fromkeys(name for law in laws for name in law.parameters)
    taken = names.keys() & {*IDENTIFYING, *DESCRIPTION, *OUTCOME}
    if taken:
        raise LosslawsError(
            f"fit table: a law has a parameter {sorted(taken)[0]!r}, which is a column already; choose another name"
        )
    attributes = {name: kind for name, kind in IDENTIFYING.items() if any(name in curve.attributes for curve in curves)}
    columns: Mapping[str, pa.DataType] = {
        "curve": pa.string(),
        **attributes,
        **DESCRIPTION,
        **{column: pa.float64() for name in names for column in (name, f"{name}_error")},
        **OUTCOME,
    }
    return pa.schema(list(columns.items()))
