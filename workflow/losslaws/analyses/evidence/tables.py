"""The tables of the analysis: records as rows of Parquet, JSON and CSV."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar, get_args, get_type_hints

import msgspec
import pyarrow as pa

from losslaws.analyses.evidence.results import CurveEvidence, CurveOutcome, EvidenceSummary, Numbers, VerdictKind
from losslaws.storage import files as storage
from losslaws.storage.csv_tables import write_csv

Record = TypeVar("Record", CurveEvidence, CurveOutcome)

NUMBER, TEXT, COUNT = pa.float64(), pa.string(), pa.int64()
TYPES: dict[object, pa.DataType] = {
    str: TEXT,
    VerdictKind: TEXT,
    int: COUNT,
    float: NUMBER,
    tuple[str, ...]: pa.list_(TEXT),
    tuple[float, ...]: pa.list_(NUMBER),
    Numbers: pa.list_(NUMBER),
}
"""The type of a column by that of its field."""


def columns_of(kind: type[object]) -> dict[str, pa.DataType]:
    """Return the columns of the table of a record's fields."""
    return {name: TYPES[_present(hint)] for name, hint in get_type_hints(kind).items()}


def _present(hint: object) -> object:
    """Return the type of a field without None."""
    options = [option for option in get_args(hint) if option is not type(None)]
    return options[0] if type(None) in get_args(hint) else hint


def write_rows(path: str | Path, records: Sequence[Record], kind: type[Record], origin: Mapping[str, object]) -> None:
    """Write records as a Parquet table.

    Parameters
    ----------
    path : path
        Where to write.
    records : sequence of record
        The rows, all of one kind.
    kind : type
        That kind, whose fields are the columns; there may be no rows.
    origin : mapping
        What made them, see :func:`losslaws.storage.files.write_table`.
    """
    columns = columns_of(kind)
    arrays = {name: pa.array([getattr(record, name) for record in records], type) for name, type in columns.items()}
    storage.write_table(path, pa.table(arrays, schema=pa.schema(list(columns.items()))), origin)


def read_rows(paths: Sequence[str | Path], kind: type[Record]) -> tuple[Record, ...]:
    """Read the records of several tables, in order."""
    return tuple(msgspec.convert(row, kind) for path in paths for row in storage.read_table(path).to_pylist())


def write_summary(path: Path, evidence_table: Path, multiverse_table: Path, summary: EvidenceSummary) -> None:
    """Write ``evidence.json``, and its two lists as tables for spreadsheets."""
    curves, multiverse = (list(map(_row, records)) for records in (summary.curves, summary.multiverse))
    storage.write_json(path, storage.finite({"curves": curves, "multiverse": multiverse}))
    write_csv(evidence_table, curves)
    write_csv(multiverse_table, multiverse)


def _row(record: CurveEvidence | CurveOutcome) -> dict[str, object]:
    """Return the fields of a record by name, with lists, which CSV writes in brackets."""
    values = {name: getattr(record, name) for name in record.__slots__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
