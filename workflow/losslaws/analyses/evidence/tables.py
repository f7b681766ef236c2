"""Evidence tables: one row per curve, and one per curve and analysis choice."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from losslaws.curves.vocabulary import IDENTIFYING
from losslaws.storage import files as storage

NUMBER, TEXT, COUNT = pa.float64(), pa.string(), pa.int64()

EVIDENCE: dict[str, pa.DataType] = {
    "curve": TEXT,
    **IDENTIFYING,
    "laws": pa.list_(TEXT),
    "aic": pa.list_(NUMBER),
    "aic_weight": pa.list_(NUMBER),
    "aic_ar1": pa.list_(NUMBER),
    "aic_ar1_weight": pa.list_(NUMBER),
    "rho": pa.list_(NUMBER),
    "verdict": TEXT,
    "verdict_laws": pa.list_(TEXT),
    "reason": TEXT,
    "lag_one": NUMBER,
    "effective_size": NUMBER,
    "ljung_box_p": NUMBER,
    "misfit_share": NUMBER,
    "misfit_tenth": COUNT,
    "vuong_p": NUMBER,
    "block_length": COUNT,
    "bootstrap_wins": pa.list_(NUMBER),
    "parameters": pa.list_(TEXT),
    "lower": pa.list_(NUMBER),
    "upper": pa.list_(NUMBER),
    "holdout": pa.list_(NUMBER),
    "holdout_last_value": NUMBER,
}
"""Columns of the evidence table; lists over laws are in the order of `laws`."""

MULTIVERSE: dict[str, pa.DataType] = {
    "curve": TEXT,
    **IDENTIFYING,
    "bounds": TEXT,
    "space": TEXT,
    "errors": TEXT,
    "skip": TEXT,
    "criterion": TEXT,
    "winner": TEXT,
    "second": TEXT,
    "lead": NUMBER,
    "without_fit": pa.list_(TEXT),
}
"""Columns of the multiverse table."""


def write_rows(
    path: str | Path,
    rows: Sequence[Mapping[str, Any]],
    columns: Mapping[str, pa.DataType],
    origin: Mapping[str, object],
) -> None:
    """Write rows as a table with the given columns."""
    storage.write_table(path, pa.Table.from_pylist(list(rows), schema=pa.schema(list(columns.items()))), origin)


def read_rows(paths: Sequence[str | Path]) -> list[dict[str, Any]]:
    """Read the rows of several tables, in order."""
    return [row for path in paths for row in storage.read_table(path).to_pylist()]
