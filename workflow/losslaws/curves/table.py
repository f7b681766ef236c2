"""The curve table: what every source of curves writes and every fit reads.

Long format, one row per (curve, t). See ``docs/reference/files.md`` for the columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from losslaws.core.errors import LosslawsError
from losslaws.storage import files as storage

ATTRIBUTES: dict[str, pa.DataType] = {
    "task": pa.string(),
    "width": pa.int64(),
    "seed": pa.int64(),
    "split": pa.string(),
    "n_params": pa.int64(),
}
"""What may be known of a curve as a whole, and how it is stored."""

TRUTH: dict[str, pa.DataType] = {"noise_rho": pa.float64(), "signal_to_noise": pa.float64()}
"""What is known besides of a simulated curve; `task` is its law."""

KNOWN = ATTRIBUTES | TRUTH

BESIDE = ("lr", "accuracy", "noise_trace")
"""Columns of what may be known at each t beside the loss."""


@dataclass(frozen=True)
class Curve:
    """One loss curve.

    Attributes
    ----------
    name : str
        Unique in its file: ``mod_add_w32_s42``.
    t : ndarray of shape (n,)
        Epoch, step, or any other measure of progress: positive, strictly increasing.
    loss : ndarray of shape (n,)
        The loss at `t`; NaN or infinite where training diverged.
    attributes : mapping
        Any of `task`, `width`, `seed`, `split`, `n_params`; of a simulated curve also `noise_rho`, `signal_to_noise`.
    learning_rate : ndarray of shape (n,) or None
        The learning rate at `t`, where known.
    accuracy : ndarray of shape (n,) or None
        The share of rows that are classified rightly at `t`, where known.
    noise_trace : ndarray of shape (n,) or None
        The trace of the covariance of the preconditioned mini-batch gradient at `t`, where known.
    """

    name: str
    t: NDArray[np.float64]
    loss: NDArray[np.float64]
    attributes: Mapping[str, str | int | float] = field(default_factory=dict)
    learning_rate: NDArray[np.float64] | None = None
    accuracy: NDArray[np.float64] | None = None
    noise_trace: NDArray[np.float64] | None = None

    @property
    def beside(self) -> dict[str, NDArray[np.float64] | None]:
        """What may be known beside the loss at each `t`, by column of the curve table."""
        return dict(zip(BESIDE, (self.learning_rate, self.accuracy, self.noise_trace), strict=True))


def check_curves(curves: Sequence[Curve], source: str | Path) -> None:
    """Check what every reader of a curve table relies on.

    Raises
    ------
    LosslawsError
        If there are no curves, or a curve has no name, a name twice, unequal lengths, no points, or t that is not
        positive, finite and strictly increasing.
    """
    if not curves:
        raise LosslawsError(f"{source}: there are no curves")
    seen: set[str] = set()
    for curve in curves:
        problem = _problem(curve, seen)
        if problem:
            raise LosslawsError(f"{source}: curve {curve.name!r} {problem}")
        seen.add(curve.name)


def _problem(curve: Curve, seen: set[str]) -> str | None:
    if not curve.name:
        return "has an empty name"
    if curve.name in seen:
        return "appears twice; names must be unique in a file"
    if curve.t.ndim != 1 or curve.t.shape != curve.loss.shape:
        return f"has {curve.t.size} values of t for {curve.loss.size} losses"
    if curve.t.size == 0:
        return "has no points"
    if not (np.isfinite(curve.t).all() and curve.t[0] > 0 and (np.diff(curve.t) > 0).all()):
        return "needs t that is finite, above 0 and strictly increasing"
    for what, values in curve.beside.items():
        if values is not None and values.shape != curve.t.shape:
            return f"has {values.size} values of {what} for {curve.t.size} values of t"
    return None


def write_curves(path: str | Path, curves: Sequence[Curve], origin: Mapping[str, object]) -> None:
    """Check `curves` and write them as one curve table; `origin` says what made them."""
    check_curves(curves, path)
    lengths = [curve.t.size for curve in curves]
    columns: dict[str, pa.Array] = {
        "curve": _repeated([curve.name for curve in curves], lengths, pa.string()),
        "t": pa.array(np.concatenate([curve.t for curve in curves]), pa.float64()),
        "loss": pa.array(np.concatenate([curve.loss for curve in curves]), pa.float64()),
    }
    for name in BESIDE:
        values = [curve.beside[name] for curve in curves]
        if any(known is not None for known in values):
            filled = [
                np.full(size, np.nan) if known is None else known for known, size in zip(values, lengths, strict=True)
            ]
            columns[name] = pa.array(np.concatenate(filled), pa.float64())
    for name, kind in KNOWN.items():
        if any(name in curve.attributes for curve in curves):
            columns[name] = _repeated([curve.attributes.get(name) for curve in curves], lengths, kind)
    storage.write_table(path, pa.table(columns), origin)


def _repeated(values: Sequence[object], lengths: Sequence[int], kind: pa.DataType) -> pa.Array:
    rows = np.repeat(np.arange(len(values)), lengths)
    return pa.array(values, kind).take(pa.array(rows))


def read_curves(path: str | Path) -> list[Curve]:
    """Read and check a curve table; the rows of a curve stand together.

    Raises
    ------
    LosslawsError
        If the file is missing or damaged, or breaks a rule of :func:`check_curves`.
    """
    table = storage.read_table(path)
    missing = {"curve", "t", "loss"} - set(table.column_names)
    if missing:
        raise LosslawsError(
            f"{path} has no column {', '.join(sorted(missing))}; it has {', '.join(table.column_names)}"
        )
    names = table["curve"].fill_null("").combine_chunks().dictionary_encode()
    edges = np.flatnonzero(np.diff(names.indices.to_numpy(), prepend=-1, append=-1))
    starts, stops = edges[:-1], edges[1:]
    t, loss = table["t"].to_numpy(), table["loss"].to_numpy()
    extras = {name: table[name].to_numpy() for name in BESIDE if name in table.column_names}
    known = [name for name in KNOWN if name in table.column_names]
    attributes = table.select(["curve", *known]).take(pa.array(starts)).to_pylist()
    curves = []
    for row, start, stop in zip(attributes, starts, stops, strict=True):
        name = row.pop("curve")
        present = {key: value for key, value in row.items() if value is not None}
        pieces = {extra: values[start:stop] for extra, values in extras.items()}
        told = (piece if piece is not None and not np.isnan(piece).all() else None for piece in map(pieces.get, BESIDE))
        curves.append(Curve(name, t[start:stop], loss[start:stop], present, *told))
    check_curves(curves, path)
    return curves
