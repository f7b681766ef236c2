"""The fit table: one row per (curve, law), for all curves of a group."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from losslaws import selection
from losslaws.arrays import Array
from losslaws.curves import ATTRIBUTES, Curve
from losslaws.fitting.law_fits import LawFits, fit_law
from losslaws.fitting.status import CONSTANT, FITTED, NOT_FINITE
from losslaws.laws._law import Law, Preset


def fit_curves(curves: Sequence[Curve], laws: Sequence[Law], skip: int, preset: Preset) -> pa.Table:
    """Fit every law to every curve and rank the laws of each curve by AIC.

    Parameters
    ----------
    curves : sequence of Curve
        Curves that share their t are fitted together.
    laws : sequence of Law
        The candidates.
    skip : int
        How many of a curve's first points are left out.
    preset : {"paper", "wide"}
        Which bounds.

    Returns
    -------
    pyarrow.Table
        Sorted by curve (in the order given) and rank. Columns: the curve's attributes, `law`, `status`, one column per
        parameter of any of the laws and its standard error (``beta``, ``beta_error``), `at_bound`, `n`, `k`, `rss`,
        `r2`, `aic`, `aicc`, `bic`, `rank` (null where there is no fit).
    """
    rows: list[list[dict[str, object]]] = [[] for _ in curves]
    for members, t, losses in _batches(curves, skip):
        unusable = [_unusable(loss) for loss in losses]
        usable = np.array([reason is None for reason in unusable], dtype=bool)
        for law in laws:
            fits = fit_law(law, t, losses[usable], preset)
            fitted = iter(_rows(fits, t, losses[usable]))
            for member, reason in zip(members, unusable, strict=True):
                rows[member].append(next(fitted) if reason is None else _empty_row(law, t.size, reason))
    table: list[dict[str, object]] = []
    for curve, entries in zip(curves, rows, strict=True):
        table.extend({"curve": curve.name, **curve.attributes, **entry} for entry in _ranked(entries))
    return pa.Table.from_pylist(table, schema=_schema(curves, laws))


def _batches(curves: Sequence[Curve], skip: int) -> list[tuple[list[int], Array, Array]]:
    """Group curves that share their t: numbers of the curves, t of shape (n,), losses of shape (N, n)."""
    members: dict[bytes, list[int]] = {}
    for number, curve in enumerate(curves):
        members.setdefault(curve.t[skip:].tobytes(), []).append(number)
    return [
        (numbers, curves[numbers[0]].t[skip:], np.stack([curves[number].loss[skip:] for number in numbers]))
        for numbers in members.values()
    ]


def _unusable(loss: Array) -> str | None:
    if not np.isfinite(loss).all():
        return NOT_FINITE
    rounding = 8 * np.finfo(np.float64).eps * np.abs(loss).max(initial=0.0)
    return CONSTANT if loss.size and np.ptp(loss) <= rounding else None


def _rows(fits: LawFits, t: Array, losses: Array) -> list[dict[str, object]]:
    """Turn the fits of one law into rows without rank."""
    n, k = t.size, len(fits.law.parameters)
    total = np.square(losses - losses.mean(axis=1, keepdims=True)).sum(axis=1)
    # A residual below the rounding of the losses themselves carries no information about the law.
    floor = n * np.square(np.finfo(np.float64).eps * np.abs(losses).max(axis=1, initial=0.0))
    known = np.isin(fits.status, FITTED)
    rss = np.where(known, np.maximum(fits.rss, floor), np.nan)
    columns = {
        "rss": fits.rss,
        "r2": np.where(known, selection.r_squared(fits.rss, total), np.nan),
        "aic": selection.aic(rss, n, k),
        "aicc": selection.aicc(rss, n, k),
        "bic": selection.bic(rss, n, k),
    }
    rows = []
    for index, status in enumerate(fits.status):
        row: dict[str, object] = {"law": fits.law.name, "status": status, "n": n, "k": k}
        for position, name in enumerate(fits.law.parameters):
            row[name] = _or_none(fits.values[index, position])
            row[f"{name}_error"] = _or_none(fits.errors[index, position])
        row["at_bound"] = [name for name, on in zip(fits.law.parameters, fits.at_bound[index], strict=True) if on]
        row.update({name: _or_none(values[index]) for name, values in columns.items()})
        rows.append(row)
    return rows


def _empty_row(law: Law, n: int, status: str) -> dict[str, object]:
    return {"law": law.name, "status": status, "n": n, "k": len(law.parameters), "at_bound": []}


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _ranked(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Sort the laws of one curve by AIC and number those that have a fit."""
    fitted = [row for row in rows if row["status"] in FITTED]
    fitted.sort(key=lambda row: float(str(row["aic"])))
    others = [row for row in rows if row["status"] not in FITTED]
    return [{**row, "rank": rank} for rank, row in enumerate(fitted, start=1)] + others


def _schema(curves: Sequence[Curve], laws: Sequence[Law]) -> pa.Schema:
    names = dict.fromkeys(name for law in laws for name in law.parameters)
    attributes = {name: kind for name, kind in ATTRIBUTES.items() if any(name in curve.attributes for curve in curves)}
    columns: Mapping[str, pa.DataType] = {
        "curve": pa.string(),
        **attributes,
        "law": pa.string(),
        "status": pa.string(),
        **{column: pa.float64() for name in names for column in (name, f"{name}_error")},
        "at_bound": pa.list_(pa.string()),
        "n": pa.int64(),
        "k": pa.int64(),
        **{column: pa.float64() for column in ("rss", "r2", "aic", "aicc", "bic")},
        "rank": pa.int64(),
    }
    return pa.schema(list(columns.items()))
