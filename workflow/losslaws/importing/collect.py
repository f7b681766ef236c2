"""Rows of record batches collected into the curves of one part, without a loop over rows."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from losslaws.curves.vocabulary import SERIES
from losslaws.importing.columns import Columns
from losslaws.importing.points import held

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Scalar = TypeVar("Scalar", bound=np.generic)

NO_CURVE = "row(s) without a value in the columns of curve: skipped"
NO_LOSS = "row(s) without a loss skipped"
NO_T = "row(s) without a finite t skipped"
NOT_POSITIVE = "row(s) with t ≤ 0 skipped"
NO_RATE = "row(s) without a learning rate skipped"


class Key(NamedTuple):
    """What tells a curve apart: its run, its values in the columns of `curve`, and the label of its loss column."""

    run: Path
    values: tuple[str, ...]
    loss: str


class Points(NamedTuple):
    """The points of one curve in the order of its rows, with the series of which any value is known."""

    number: int
    t: Floats
    loss: Floats
    series: dict[str, Floats]

    def at(self, rows: NDArray[Any]) -> "Points":
        """Return some of the points, by number or by mask."""
        series = {name: values[rows] for name, values in self.series.items()}
        return Points(self.number, self.t[rows], self.loss[rows], series)


class Collector:
    """Numbers curves in the order in which they first appear, and keeps the points of those that are its own.

    Part i of N owns every N-th curve from the i-th. All parts read the same files in the same order, so that they
    agree on the numbers, and together have every curve once. What is kept takes 20 bytes per point, and 8 for each
    series.
    """

    def __init__(self, part: int, parts: int, positive: bool):
        """Keep part `part` (from 1) of `parts`; leave out t ≤ 0 if `positive`, else rows without a learning rate."""
        self.part, self.parts, self.positive = part, parts, positive
        self.keys: dict[Key, int] = {}
        self.skipped: Counter[str] = Counter()
        self.carried: Counter[str] = Counter()
        self.rows = 0
        self.attributes: dict[int, dict[str, str | None]] = {}
        self._last: dict[str, Floats] = {}
        self._numbers: list[NDArray[np.int32]] = []
        self._t: list[Floats] = []
        self._loss: list[Floats] = []
        self._series: dict[str, list[Floats]] = {}

    def number(self, key: Key) -> int:
        """Return the number of a curve, the next one if it is new."""
        return self.keys.setdefault(key, len(self.keys))

    def owns(self, number: int) -> bool:
        """Say whether a curve belongs to this part."""
        return number % self.parts == self.part - 1

    def add(self, run: Path, batch: pa.RecordBatch, columns: Columns) -> None:
        """Take the points of this part's curves from a batch."""
        self.rows += batch.num_rows
        codes, groups = grouped(batch, columns.curve)
        if self.part == 1:
            self.skipped[NO_CURVE] += int((codes < 0).sum())
        t = _floats(batch.column(columns.t))
        others = [name for name in columns.attributes if name not in columns.curve]
        for loss, series in columns.losses.items():
            numbers = np.array([self.number(Key(run, values, columns.labels[loss])) for values in groups], np.int32)
            own = np.append(numbers % self.parts == self.part - 1, False)[codes]
            if own.any():
                rows = None if own.all() else own
                cells = batch.column(loss)
                present = cells.is_valid().to_numpy(zero_copy_only=False)
                of_rows = _rows(np.append(numbers, -1)[codes].astype(np.int32), rows)
                values = {name: _rows(_floats(batch.column(column)), rows) for name, column in series.items()}
                self._keep(of_rows, _rows(t, rows), _rows(_floats(cells), rows), _rows(present, rows), values)
                for name in others:
                    self._note_attribute(name, of_rows, _rows(np.arange(batch.num_rows), rows), batch.column(name))

    def _keep(
        self,
        numbers: NDArray[np.int32],
        t: Floats,
        loss: Floats,
        present: NDArray[np.bool_],
        series: Mapping[str, Floats],
    ) -> None:
        """Keep the rows that are points, and count the others by reason."""
        keep = present.copy()
        self.skipped[NO_LOSS] += int((~keep).sum())
        series = {
            name: self._carry(name, numbers, values, keep) if SERIES[name].holds else values
            for name, values in series.items()
        }
        for why, bad in (
            (NO_T, ~np.isfinite(t)),
            (NOT_POSITIVE, t <= 0) if self.positive else (NO_RATE, np.isnan(series["lr"])),
        ):
            self.skipped[why] += int((keep & bad).sum())
            keep &= ~bad
        for name in series.keys() - self._series.keys():
            self._series[name] = [_unknown(chunk.size) for chunk in self._numbers]
        for name, chunks in self._series.items():
            chunks.append(series[name][keep] if name in series else _unknown(int(keep.sum())))
        self._numbers.append(numbers[keep])
        self._t.append(t[keep])
        self._loss.append(loss[keep])

    def _carry(self, name: str, numbers: NDArray[np.int32], values: Floats, counted: NDArray[np.bool_]) -> Floats:
        """Return a series that holds from one record to the next, and count in which rows it was carried forward."""
        last = self._last.get(name, np.empty(0))
        last = np.append(last, _unknown(len(self.keys) - last.size))
        known = held(values, numbers, last)
        self.carried[name] += int((np.isnan(values) & ~np.isnan(known) & counted).sum())
        # Of several values for one curve, the last is what stays.
        last[numbers] = known
        self._last[name] = last
        return known

    def _note_attribute(self, name: str, numbers: NDArray[np.int32], rows: Integers, column: pa.Array) -> None:
        """Remember an attribute of each curve; None once it has two values."""
        encoded = column.take(pa.array(rows)).dictionary_encode()
        values = [as_text(value) for value in encoded.dictionary.to_pylist()]
        codes = encoded.indices.fill_null(len(values)).to_numpy(zero_copy_only=False)
        pairs = pa.array(numbers.astype(np.int64) * (len(values) + 1) + codes).unique().to_numpy()
        for number, code in zip(*np.divmod(pairs, len(values) + 1), strict=True):
            value = values[code] if code < len(values) else None
            of_curve = self.attributes.setdefault(int(number), {})
            if of_curve.setdefault(name, value) != value:
                of_curve[name] = None

    def curves(self) -> Iterator[Points]:
        """Yield the points of this part's curves in the order of their numbers, and forget them."""
        if not self._numbers:
            return
        numbers = _joined(self._numbers)
        in_order = bool((numbers[1:] >= numbers[:-1]).all())
        order = None if in_order else np.argsort(numbers, kind="stable")
        numbers = numbers if order is None else numbers[order]
        t, loss = (_ordered(chunks, order) for chunks in (self._t, self._loss))
        series = {name: _ordered(chunks, order) for name, chunks in self._series.items()}
        edges = np.flatnonzero(np.diff(numbers, prepend=-1, append=-1))
        for start, stop in pairwise(edges.tolist()):
            pieces = {name: values[start:stop] for name, values in series.items()}
            known = {name: values for name, values in pieces.items() if not np.isnan(values).all()}
            yield Points(int(numbers[start]), t[start:stop], loss[start:stop], known)


def _unknown(size: int) -> Floats:
    """Return NaN for so many points, in the memory of one."""
    return np.broadcast_to(np.nan, (size,))


def grouped(batch: pa.RecordBatch, columns: Sequence[str]) -> tuple[Integers, list[tuple[str, ...]]]:
    """Return for each row the number of its combination of values, and the combinations as they first appear.

    A row with an empty cell in one of the columns has the number −1.
    """
    codes = np.zeros(batch.num_rows, np.int64)
    if not columns:
        return codes, [()]
    valid = np.ones(batch.num_rows, np.bool_)
    for name in columns:
        encoded = _encoded(batch.column(name))
        valid &= encoded.is_valid().to_numpy(zero_copy_only=False)
        codes = codes * max(len(encoded.dictionary), 1) + encoded.indices.fill_null(0).to_numpy(zero_copy_only=False)
        codes = pa.array(codes).dictionary_encode().indices.to_numpy().astype(np.int64)
    codes = pa.array(codes, mask=~valid).dictionary_encode().indices.fill_null(-1).to_numpy().astype(np.int64)
    first = np.zeros(codes.max(initial=-1) + 2, np.int64)
    first[codes[::-1]] = np.arange(codes.size)[::-1]
    picked = [batch.column(name).take(pa.array(first[:-1])).to_pylist() for name in columns]
    return codes, [tuple(map(as_text, values)) for values in zip(*picked, strict=True)]


def _encoded(column: pa.Array) -> pa.DictionaryArray:
    return column if pa.types.is_dictionary(column.type) else column.dictionary_encode()


def as_text(value: object) -> str:
    """Return a cell as text; a whole number has no decimals."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _floats(column: pa.Array) -> Floats:
    return np.asarray(column.to_numpy(zero_copy_only=False), np.float64)


def _rows(array: NDArray[Scalar], rows: NDArray[np.bool_] | None) -> NDArray[Scalar]:
    return array if rows is None else array[rows]


def _joined(chunks: list[NDArray[Scalar]]) -> NDArray[Scalar]:
    joined = np.concatenate(chunks)
    chunks.clear()
    return joined


def _ordered(chunks: list[Floats], order: Integers | None) -> Floats:
    joined = _joined(chunks)
    return joined if order is None else joined[order]
