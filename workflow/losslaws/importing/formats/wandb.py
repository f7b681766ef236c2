"""Weights & Biases: a run's history as CSV or JSON lines, or a panel's export with columns ``run - metric``."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import pyarrow as pa

from losslaws.importing.formats import csv, jsonl
from losslaws.importing.reader import SPECIFIC, Reader, head

BETWEEN = " - "
EXTREMES = ("__MIN", "__MAX")
"""Endings of the columns that hold the extremes of a panel's buckets, and no curve."""


def recognises(path: Path, first: bytes) -> int:
    """Accept tables and JSON lines with ``_step``, and tables with columns ``run - metric`` and their extremes."""
    line = first.lstrip().split(b"\n", 1)[0]
    table = csv.recognises(path, first) and any(end.encode() in line for end in EXTREMES) and BETWEEN.encode() in line
    history = (csv.recognises(path, first) or jsonl.recognises(path, first)) and b"_step" in _names(line)
    return SPECIFIC if table or history else 0


def _names(line: bytes) -> set[bytes]:
    """Return what may be names in the first line of a table or of JSON lines."""
    return {part.strip(b' \t\r"{}[]') for part in line.replace(b":", b",").replace(b"\t", b",").split(b",")}


def columns(path: Path) -> list[str]:
    """Return the names of columns, without those of extremes."""
    return [name for name in _format(path).columns(path) if not name.endswith(EXTREMES)]


def batches(path: Path, numbers: Sequence[str], texts: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield what the reader of CSV or of JSON lines yields."""
    yield from _format(path).batches(path, numbers, texts)


def _format(path: Path) -> ModuleType:
    return jsonl if head(path).lstrip().startswith(b"{") else csv


def split(column: str) -> tuple[str, str]:
    """Return run and metric of ``run - metric``."""
    run, _, metric = column.rpartition(BETWEEN)
    return run, metric


READER = Reader(recognises, columns, batches, split)
