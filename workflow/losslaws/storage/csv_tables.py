"""Tables as CSV: for people, and for the figures and sections that are made of them."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from losslaws.storage import files as storage


def write_csv(path: str | Path, rows: Iterable[Mapping[str, Any]], columns: Sequence[str] | None = None) -> None:
    """Write rows as a CSV table; floats with all their digits, None and missing keys as empty cells.

    With `columns` rows are written as they come; without, all are looked at first for the names of their columns.
    """
    if columns is None:
        rows = list(rows)
        columns = list(dict.fromkeys(name for row in rows for name in row))

    def write(temporary: Path) -> None:
        with temporary.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    storage.write_atomically(path, write)


def read_csv(path: str | Path) -> list[dict[str, Any]]:
    """Read rows that :func:`write_csv` wrote: numbers as numbers, empty cells as None, the rest as text."""
    lines = storage.read_text(path).splitlines(keepends=True)
    return [{name: _value(cell) for name, cell in row.items()} for row in csv.DictReader(lines)]


def _value(cell: str) -> str | int | float | None:
    for kind in (int, float):
        try:
            return kind(cell)
        except ValueError:
            continue
    return cell or None
