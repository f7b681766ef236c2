"""Parquet files: only the columns that are needed, a batch of rows at a time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from losslaws.core.errors import LosslawsError
from losslaws.importing.reader import BATCH_ROWS, GENERAL, Reader, reason, suffix

MAGIC = b"PAR1"


def recognises(path: Path, first: bytes) -> int:
    """Accept the suffixes of the format, and files that begin as it does."""
    return GENERAL if first.startswith(MAGIC) or suffix(path) in (".parquet", ".pq") else 0


def columns(path: Path) -> list[str]:
    """Return the names of the top-level columns."""
    with _opened(path) as file:
        return list(file.schema_arrow.names)


def batches(path: Path, numbers: Sequence[str], texts: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield batches of rows.

    Raises
    ------
    LosslawsError
        If a column of `numbers` holds anything else, with the row if it is text.
    """
    wanted = list(dict.fromkeys([*numbers, *texts]))
    with _opened(path) as file:
        row = 1
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=wanted, use_threads=False):
            arrays = [_numbers(path, batch, name, row) if name in numbers else batch.column(name) for name in wanted]
            yield pa.RecordBatch.from_arrays(arrays, wanted)
            row += batch.num_rows


@contextmanager
def _opened(path: Path) -> Iterator[parquet.ParquetFile]:
    try:
        with parquet.ParquetFile(path) as file:
            yield file
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise LosslawsError(f"{path} cannot be read as Parquet ({reason(error)})") from None


def _numbers(path: Path, batch: pa.RecordBatch, name: str, row: int) -> pa.Array:
    """Return a column as float64; `row` is the number of the batch's first row."""
    column = batch.column(name)
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    if not (is_text or pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        raise LosslawsError(f"{path}: column {name!r} holds {column.type}, not numbers")
    try:
        return pc.cast(column.cast(kind), pa.float64(), safe=is_text)
    except pa.ArrowInvalid:
        number, value = next(
            (number, value) for number, value in enumerate(column.to_pylist(), start=row) if not _is_number(value)
        )
        raise LosslawsError(f"{path}, row {number}: {value[:40]!r} in column {name!r} is not a number") from None


def _is_number(text: str | None) -> bool:
    try:
        pa.scalar(text, pa.string()).cast(pa.float64())
    except pa.ArrowInvalid:
        return False
    return True


READER = Reader(recognises, columns, batches)
