"""Tables as CSV, for people: nothing here reads them."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from losslaws.storage import files as storage


def write_csv(path: str | Path, rows: Iterable[Mapping[str, object]], columns: Sequence[str] | None = None) -> None:
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
