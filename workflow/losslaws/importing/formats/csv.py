"""Comma- and tab-separated values, with a header; the delimiter is found from the suffix or the header."""

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as arrow

from losslaws.core.errors import LosslawsError
from losslaws.importing.reader import BATCH_BYTES, GENERAL, Reader, head, opened_text, reason, suffix

DELIMITERS = (",", "\t", ";", "|")
EMPTY = ["", "null", "NULL", "None", "none", "NA", "N/A", "#N/A"]
"""What stands for no value. NaN does not: it is the loss of a run that diverged."""

CELL_BYTES = 64
"""Room per cell, because pyarrow needs whole lines in a block: there are tables with a column per curve."""

CONVERSION = re.compile(r"CSV column #\d+: Row #(\d+): CSV conversion error to double: invalid value '(.*)'")
SHAPE = re.compile(r"CSV parse error: Row #(\d+): Expected (\d+) columns, got (\d+)")


def header(path: Path) -> tuple[list[str], str]:
    """Return the names in the first line that is not blank, and the delimiter between them.

    Raises
    ------
    LosslawsError
        If the file is empty or not text.
    """
    if b"\0" in head(path):
        raise LosslawsError(f"{path} is not UTF-8 text: it has bytes that no text has")
    with opened_text(path) as text:
        line = next((line for line in text if line.strip()), "")
    delimiters = "\t" if suffix(path) == ".tsv" else DELIMITERS
    found = [(_fields(line, delimiter), delimiter) for delimiter in delimiters]
    return max(found, key=lambda names_and_delimiter: len(names_and_delimiter[0]))


def _fields(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def recognises(path: Path, first: bytes) -> int:
    """Accept the suffixes of the format, and other text whose first line has a delimiter."""
    if suffix(path) in (".csv", ".tsv"):
        return GENERAL
    line = first.lstrip().split(b"\n", 1)[0]
    is_text = b"\0" not in first and not line.startswith((b"{", b"["))
    return GENERAL if is_text and any(delimiter.encode() in line for delimiter in DELIMITERS) else 0


def columns(path: Path) -> list[str]:
    """Return the names in the header."""
    return header(path)[0]


def batches(path: Path, numbers: Sequence[str], texts: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield batches of a few megabytes of the file.

    Raises
    ------
    LosslawsError
        If a cell of `numbers` is text, or a line has too few or too many cells; with the line.
    """
    names, delimiter = header(path)
    kinds = dict.fromkeys(texts, pa.string()) | dict.fromkeys(numbers, pa.float64())
    convert = arrow.ConvertOptions(
        include_columns=list(kinds), column_types=kinds, null_values=EMPTY, strings_can_be_null=True
    )
    with _told(path, delimiter, numbers):
        yield from arrow.open_csv(
            str(path),
            arrow.ReadOptions(use_threads=False, block_size=max(BATCH_BYTES, CELL_BYTES * len(names))),
            arrow.ParseOptions(delimiter=delimiter),
            convert,
        )


@contextmanager
def _told(path: Path, delimiter: str, numbers: Sequence[str]) -> Iterator[None]:
    """Turn what pyarrow says into a sentence with the line of the file."""
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        if found := CONVERSION.search(str(error)):
            line, cells = _record(path, delimiter, int(found[1]))
            names = [name for name in numbers if cells.get(name, "").strip() == found[2].strip()]
            place = f"column {names[0]!r}" if names else "a column of numbers"
            raise LosslawsError(f"{path}, line {line}: {found[2][:40]!r} in {place} is not a number") from None
        if found := SHAPE.search(str(error)):
            line, _ = _record(path, delimiter, int(found[1]))
            raise LosslawsError(
                f"{path}, line {line}: the header has {found[2]} columns, this line {found[3]}"
            ) from None
        if "Empty CSV" in str(error):
            raise LosslawsError(f"{path} has no rows below its header") from None
        raise LosslawsError(f"{path} cannot be read as CSV ({reason(error)})") from None


def _record(path: Path, delimiter: str, row: int) -> tuple[int, dict[str, str]]:
    """Return the last line and the cells of a record; pyarrow counts records from 1, without blank lines."""
    with opened_text(path) as text:
        records = csv.reader(text, delimiter=delimiter)
        try:
            full = (record for record in records if record)
            names = next(full)
            cells = next(record for number, record in enumerate(full, start=2) if number == row)
        except (StopIteration, csv.Error):
            return row, {}
        return records.line_num, dict(zip(names, cells, strict=False))


READER = Reader(recognises, columns, batches)
