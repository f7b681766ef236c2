"""Files that are whole or absent: atomic writing, and reading that names a damaged file.

Everything that a stage leaves for the next goes through here. A file is written under a temporary name in the same
folder and renamed, so a half-written file is never taken for a whole one; Parquet pages carry checksums.
"""

import json
import os
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from losslaws.errors import LosslawsError

METADATA_KEY = b"losslaws"


def write_atomically(path: str | Path, write: Callable[[Path], object]) -> None:
    """Call ``write(temporary)`` and rename the temporary file to `path` once it is complete."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write(temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: str | Path, text: str) -> None:
    """Write UTF-8 text with Unix line ends, atomically."""
    write_atomically(path, lambda temporary: temporary.write_text(text, encoding="utf-8", newline="\n"))


def write_json(path: str | Path, value: object) -> None:
    """Write strict JSON (NaN and infinity are refused), atomically."""
    write_text(path, json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def read_json(path: str | Path) -> Any:
    """Read JSON that this project wrote.

    Raises
    ------
    LosslawsError
        If the file is missing or damaged.
    """
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LosslawsError(_missing(path)) from None
    except ValueError as error:
        raise LosslawsError(_damaged(path, error)) from error


def write_table(path: str | Path, table: pa.Table, origin: Mapping[str, object]) -> None:
    """Write a Parquet file with page checksums, atomically.

    Parameters
    ----------
    path : path
        Where to write.
    table : pyarrow.Table
        The rows.
    origin : mapping
        What made the table (configuration); stored with the library versions as JSON under the metadata key
        ``losslaws``. It holds no time, so equal runs write equal files.
    """
    versions = {name: version(name) for name in ("losslaws", "numpy", "pyarrow")}
    metadata = {METADATA_KEY: json.dumps({"origin": origin, "versions": versions}, sort_keys=True).encode()}
    stamped = table.replace_schema_metadata(metadata)
    write_atomically(path, lambda temporary: pq.write_table(stamped, temporary, write_page_checksum=True))


def read_table(path: str | Path) -> pa.Table:
    """Read a Parquet file written by :func:`write_table`, verifying its checksums.

    Raises
    ------
    LosslawsError
        If the file is missing, damaged, or not one of ours.
    """
    try:
        table = pq.read_table(path, page_checksum_verification=True, partitioning=None)
    except FileNotFoundError:
        raise LosslawsError(_missing(path)) from None
    except (OSError, pa.ArrowException) as error:
        raise LosslawsError(_damaged(path, error)) from error
    if METADATA_KEY not in (table.schema.metadata or {}):
        raise LosslawsError(
            f"{path} was not written by losslaws (its metadata has no key 'losslaws'): move it away, "
            "then run snakemake again"
        )
    return table


def origin_of(table: pa.Table) -> Any:
    """Return what was stored as `origin` when the table was written."""
    return json.loads(table.schema.metadata[METADATA_KEY])["origin"]


def _missing(path: str | Path) -> str:
    return f"{path} does not exist: run snakemake to build it"


def _damaged(path: str | Path, error: Exception) -> str:
    reason = " ".join(str(error).split())
    return f"{path} is damaged ({reason}): delete this file and run snakemake again to rebuild it"
