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
from losslaws.fitting.law_fits import LawFits, fit_law
from losslaws.fitting.options import FitOptions
from losslaws.fitting.status import CONSTANT, FITTED, NOT_FINITE, TOO_SHORT
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
    options = options or FitOptions()
    if curves:
        check_curves(curves, "fit_curves")
    schema = _schema(curves, laws)
    rows: list[list[dict[str, object]]] = [[] for _ in curves]
    progress = Progress("fits", len(curves) * len(laws))
    for members, t, losses in batches(curves, skip):
        unusable = [unusable_reason(loss) for loss in losses]
        usable = np.array([reason is None for reason in unusable], dtype=bool)
        for law in laws:
            fitted = iter(_rows(fit_law(law, t, losses[usable], options), t, losses[usable], options))
            for member, reason in zip(members, unusable, strict=True):
                rows[member].append(next(fitted) if reason is None else _empty_row(law, t.size, reason))
            progress.add(len(members))
    table: list[dict[str, object]] = []
    for curve, entries in zip(curves, rows, strict=True):
        table.extend({"curve": curve.name, **curve.attributes, **entry} for entry in _ranked(entries))
    return pa.Table.from_pylist(table, schema=schema)


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


def _rows(fits: LawFits, t: Array, losses: Array, options: FitOptions) -> list[dict[str, object]]:
    """Turn the fits of one law into rows without rank."""
    if not len(losses):
        return []
    n, k = t.size, fits.k
    total = np.square(losses - losses.mean(axis=1, keepdims=True)).sum(axis=1)
    known = np.isin(fits.status, FITTED)
    deviance = known_deviance(fits, losses, options)
    columns = {
        "rss": fits.rss,
        "r2": np.where(known, 1.0 - np.square(losses - fits.fitted).sum(axis=1) / total, np.nan),
        "aic": selection.aic(deviance, k),
        "aicc": selection.aicc(deviance, n, k),
        "bic": selection.bic(deviance, n, k),
    }
    rows = []
    for index, status in enumerate(fits.status):
        row: dict[str, object] = {"law": fits.law.name, "status": status, "n": n, "k": k}
        for position, name in enumerate(fits.law.parameters):
            row[name] = _or_none(fits.values[index, position])
            row[f"{name}_error"] = _or_none(fits.errors[index, position])
        row["at_bound"] = _marked(fits.law, fits.at_bound[index])
        row["flat"] = _marked(fits.law, fits.flat[index])
        row["finite"] = fits.finite[index].tolist() if known[index] else None
        row.update({name: _or_none(values[index]) for name, values in columns.items()})
        rows.append(row)
    return rows


def _marked(law: Law, marks: Mask) -> list[str]:
    return [name for name, mark in zip(law.parameters, marks, strict=True) if mark]


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


def _empty_row(law: Law, n: int, status: str) -> dict[str, object]:
    return {"law": law.name, "status": status, "n": n, "k": len(law.parameters), "at_bound": [], "flat": []}


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _ranked(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Sort the laws of one curve by AIC and number those that have a fit."""
    fitted = [row for row in rows if row["status"] in FITTED]
    fitted.sort(key=lambda row: float(str(row["aic"])))
    others = [row for row in rows if row["status"] not in FITTED]
    return [{**row, "rank": rank} for rank, row in enumerate(fitted, start=1)] + others


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
