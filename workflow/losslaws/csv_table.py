"""Tables as CSV: for people, and for the figures and sections that are made of them."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from losslaws import storage


def write_csv(path: str | Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows as a CSV table; floats with all their digits, None and missing keys as empty cells."""
    text = io.StringIO()
    names = dict.fromkeys(name for row in rows for name in row)
    writer = csv.DictWriter(text, fieldnames=list(names), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    storage.write_text(path, text.getvalue())


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
