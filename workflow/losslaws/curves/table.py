"""The curve table: what every source of curves writes and every fit reads.

Long format, one row per (curve, t). See ``docs/reference/files.md`` for the columns. Series and attributes that are not
in the vocabulary are told apart by a mark in the metadata of their columns.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import EXPECTED, Curve, check_curves, fits, kind_of
from losslaws.curves.vocabulary import ATTRIBUTES, RESERVED, SERIES
from losslaws.storage import files as storage

MARK = b"losslaws"
A_SERIES, AN_ATTRIBUTE = b"series", b"attribute"


def write_curves(path: str | Path, curves: Sequence[Curve], origin: Mapping[str, object]) -> None:
    """Check `curves` and write them as one curve table; `origin` says what made them.

    Raises
    ------
    LosslawsError
        See :func:`check_curves`; also if an attribute has values of several types.
    """
    check_curves(curves, path)
    lengths = [curve.t.size for curve in curves]
    columns: dict[str, pa.Array] = {
        "curve": _repeated([curve.name for curve in curves], lengths, pa.string()),
        "t": _joined([curve.t for curve in curves]),
        "loss": _joined([curve.loss for curve in curves]),
    }
    fields = [pa.field(name, column.type) for name, column in columns.items()]
    for name in _used([curve.series for curve in curves], SERIES):
        columns[name] = _joined([curve.series.get(name, _unknown(curve.t.size)) for curve in curves])
        fields.append(_field(name, pa.float64(), None if name in SERIES else A_SERIES))
    for name in _used([curve.attributes for curve in curves], ATTRIBUTES):
        values = [curve.attributes.get(name) for curve in curves]
        kind = ATTRIBUTES[name].type if name in ATTRIBUTES else _common_type(path, name, values)
        columns[name] = _repeated(values, lengths, kind)
        fields.append(_field(name, kind, None if name in ATTRIBUTES else AN_ATTRIBUTE))
    storage.write_table(path, pa.table(list(columns.values()), schema=pa.schema(fields)), origin)


def _used(of_curves: Sequence[Mapping[str, object]], known: Mapping[str, object]) -> list[str]:
    """Return the names that any curve has: known ones in their order, then the others as they first appear."""
    used = dict.fromkeys(name for of_curve in of_curves for name in of_curve)
    return [*(name for name in known if name in used), *(name for name in used if name not in known)]


def _field(name: str, kind: pa.DataType, mark: bytes | None) -> pa.Field:
    return pa.field(name, kind, metadata=None if mark is None else {MARK: mark})


def _common_type(path: str | Path, name: str, values: Sequence[object]) -> pa.DataType:
    kinds = list(dict.fromkeys(kind_of(value) for value in values if value is not None))
    for kind in kinds:
        if all(fits(other, kind) for other in kinds):
            return kind
    several = " in one curve and ".join(EXPECTED[kind] for kind in kinds[:2])
    raise LosslawsError(f"{path}: the attribute {name!r} is {several} in another; expected values of one type")


def _unknown(size: int) -> Array:
    return np.full(size, np.nan)


def _joined(pieces: Sequence[Array]) -> pa.Array:
    return pa.array(np.concatenate(pieces), pa.float64())


def _repeated(values: Sequence[object], lengths: Sequence[int], kind: pa.DataType) -> pa.Array:
    rows = np.repeat(np.arange(len(values)), lengths)
    return pa.array(values, kind).take(pa.array(rows))


def read_curves(path: str | Path) -> list[Curve]:
    """Read and check a curve table; the rows of a curve stand together.

    Raises
    ------
    LosslawsError
        If the file is missing or damaged, breaks a rule of :func:`check_curves`, or has a column that is neither known
        nor marked as a series or an attribute.
    """
    table = storage.read_table(path)
    missing = set(RESERVED) - set(table.column_names)
    if missing:
        raise LosslawsError(
            f"{path} has no column {', '.join(sorted(missing))}; it has {', '.join(table.column_names)}"
        )
    names = table["curve"].fill_null("").combine_chunks().dictionary_encode()
    edges = np.flatnonzero(np.diff(names.indices.to_numpy(), prepend=-1, append=-1))
    starts, stops = edges[:-1], edges[1:]
    columns = [field for field in table.schema if field.name not in RESERVED]
    per_point = {field.name: table[field.name].to_numpy() for field in columns if _is_series(path, field)}
    per_curve = [field.name for field in columns if field.name not in per_point]
    attributes = table.select(["curve", *per_curve]).take(pa.array(starts)).to_pylist()
    t, loss = table["t"].to_numpy(), table["loss"].to_numpy()
    curves = []
    for row, start, stop in zip(attributes, starts, stops, strict=True):
        name = row.pop("curve")
        known = {key: value for key, value in row.items() if value is not None}
        pieces = {key: values[start:stop] for key, values in per_point.items()}
        series = {key: values for key, values in pieces.items() if not np.isnan(values).all()}
        curves.append(Curve(name, t[start:stop], loss[start:stop], known, series))
    check_curves(curves, path)
    return curves


def _is_series(path: str | Path, field: pa.Field) -> bool:
    if field.name in SERIES or field.name in ATTRIBUTES:
        return field.name in SERIES
    mark = (field.metadata or {}).get(MARK)
    if mark not in (A_SERIES, AN_ATTRIBUTE):
        raise LosslawsError(
            f"{path} has a column {field.name!r} that is not marked as a series or an attribute: delete this file and "
            "run snakemake again to rebuild it"
        )
    return bool(mark == A_SERIES)
