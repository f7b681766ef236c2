"""A curve with its fits, best first, and how strongly they support the best law."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import ArrayLike

from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.curves.table import read_curves
from losslaws.fitting.selection import Support, support
from losslaws.fitting.status import FITTED, LIMIT, STATUS_TEXT
from losslaws.laws.law import Law
from losslaws.storage.files import read_table

ROWS = 5000
"""Rows of a fit table that are read at once, which bounds the memory."""


@dataclass(frozen=True, slots=True)
class FittedLaw:
    """One law fitted to one curve.

    Attributes
    ----------
    law : Law
        The law.
    status : str
        See ``losslaws.fitting.status.STATUS_TEXT``.
    params : dict of str to float
        Finite parameters; where the optimum lies at infinity, a finite point next to it; empty without a fit.
    optimum : dict of str to float
        As `params`, but where the optimum lies at infinity only the parameter that tends to a limit, and the limit.
    errors : dict of str to float
        Standard errors of those parameters that have a finite one.
    at_bound, flat : tuple of str
        Shapes on a bound of the search, and parameters that the data do not determine.
    n, k : int
        Points and parameters.
    rss, r2, aic, aicc, bic : float or None
        Quality of the fit; None without a fit.
    """

    law: Law
    status: str
    params: dict[str, float]
    optimum: dict[str, float]
    errors: dict[str, float]
    at_bound: tuple[str, ...]
    flat: tuple[str, ...]
    n: int
    k: int
    rss: float | None = None
    r2: float | None = None
    aic: float | None = None
    aicc: float | None = None
    bic: float | None = None

    @property
    def name(self) -> str:
        """The law's name."""
        return self.law.name

    @property
    def converged(self) -> bool:
        """Whether there is a fit, be it at a finite point or at infinity."""
        return self.status in FITTED

    def __call__(self, t: ArrayLike) -> Array:
        """Return the fitted loss at `t`.

        Raises
        ------
        LosslawsError
            If there is no fit.
        """
        if not self.converged:
            raise LosslawsError(f"{self.name} has {STATUS_TEXT[self.status]}")
        return self.law(np.asarray(t, dtype=np.float64), self.params)


@dataclass(frozen=True)
class FittedCurve:
    """One curve with its fits.

    Attributes
    ----------
    curve : Curve
        The curve.
    fits : list of FittedLaw
        Best first by AIC; laws without a fit last.
    support : Support
        The comparison of the best two by AIC.
    """

    curve: Curve
    fits: list[FittedLaw]
    support: Support

    @property
    def task(self) -> str:
        """The task, or the curve's name where it was not trained here; test losses are a task of their own."""
        task, split = self.curve.attributes.get("task", self.curve.name), self.curve.attributes.get("split", "train")
        return str(task) if split == "train" else f"{task} ({split})"

    @property
    def width(self) -> int | None:
        """Hidden units per layer, where known."""
        width = self.curve.attributes.get("width")
        return None if width is None else int(width)

    @property
    def converged(self) -> list[FittedLaw]:
        """The laws that have a fit."""
        return [fit for fit in self.fits if fit.converged]

    def best_by(self, criterion: str) -> str | None:
        """Name the law with the lowest ``"aic"``, ``"aicc"`` or ``"bic"``; None without a fit."""
        if not self.converged:
            return None
        return min(self.converged, key=lambda fit: float(getattr(fit, criterion))).name


def fitted_curve(curve: Curve, fits: Sequence[FittedLaw]) -> FittedCurve:
    """Return a curve with its fits, ranked by AIC."""
    converged = sorted((fit for fit in fits if fit.converged), key=lambda fit: float(fit.aic or 0.0))
    ranked = [*converged, *(fit for fit in fits if not fit.converged)]
    comparison = support([fit.name for fit in converged], [float(fit.aic or 0.0) for fit in converged])
    return FittedCurve(curve, ranked, comparison)


def read_fitted(
    curve_files: Sequence[str | Path],
    fit_files: Sequence[str | Path],
    laws: Sequence[Law],
    most: int | None = None,
    whole: int | None = None,
) -> list[FittedCurve]:
    """Read the curve tables and fit tables of an experiment, in the same order, as one list of runs.

    Parameters
    ----------
    curve_files, fit_files : sequence of str
        One of each per group.
    laws : sequence of Law
        The laws that were fitted.
    most : int or None
        How many runs to read; None for all.
    whole : int or None
        How many runs keep all points of their curve, the others the last one, so that memory does not grow with the
        length of the curves; None for all.
    """
    runs: list[FittedCurve] = []
    for curves, fits in zip(curve_files, fit_files, strict=True):
        if most is not None and len(runs) >= most:
            break
        runs += join_fits(read_curves(curves), read_table(fits), laws)
        if whole is not None:
            runs = [*runs[:whole], *map(_ending, runs[whole:])]
    return runs[:most]


def _ending(run: FittedCurve) -> FittedCurve:
    """Return a run whose curve has only its last point."""
    curve = run.curve
    return replace(run, curve=Curve(curve.name, curve.t[-1:].copy(), curve.loss[-1:].copy(), curve.attributes))


def count_fitted(fit_files: Sequence[str | Path], laws: Sequence[Law]) -> int:
    """Return how many curves the fit tables hold, without reading them."""
    rows: int = sum(pq.read_metadata(path).num_rows for path in fit_files)
    return rows // len(laws)


def join_fits(curves: Sequence[Curve], fits: pa.Table, laws: Sequence[Law]) -> list[FittedCurve]:
    """Join curves with the rows of their fit table.

    Raises
    ------
    LosslawsError
        If a curve has no row in the fit table.
    """
    by_name = {law.name: law for law in laws}
    found: dict[str, list[FittedLaw]] = {}
    for batch in fits.to_batches(max_chunksize=ROWS):
        for row in batch.to_pylist():
            found.setdefault(row["curve"], []).append(_fitted_law(row, by_name[row["law"]]))
    for curve in curves:
        if curve.name not in found:
            raise LosslawsError(
                f"curve {curve.name!r} has no fits: delete its file under fits/ and run snakemake again"
            )
    return [fitted_curve(curve, found[curve.name]) for curve in curves]


def _fitted_law(row: Mapping[str, Any], law: Law) -> FittedLaw:
    """Return the record of which :func:`losslaws.fitting.fit_table.fit_curves` made a row."""
    params = dict(zip(law.parameters, row["finite"], strict=True)) if row["finite"] else {}
    errors = {name: row[f"{name}_error"] for name in law.parameters}
    at_infinity = {name: row[name] for name in law.parameters if row[name] is not None}
    return FittedLaw(
        law=law,
        status=row["status"],
        params=params,
        optimum=at_infinity if row["status"] == LIMIT else params,
        errors={name: error for name, error in errors.items() if error is not None and np.isfinite(error)},
        at_bound=tuple(row["at_bound"]),
        flat=tuple(row["flat"]),
        **{key: row[key] for key in ("n", "k", "rss", "r2", "aic", "aicc", "bic")},
    )
