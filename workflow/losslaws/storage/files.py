"""Files that are whole or absent: atomic writing, and reading that names a damaged file.

Everything that one stage passes to the next goes through here. A file is written under a temporary name in the
same folder and renamed, so a half-written file is never mistaken for a complete one. Parquet pages carry checksums; the
names of the columns and the metadata, which Parquet leaves unprotected, have one under a key of ours.
"""

import glob
import hashlib
import json
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from losslaws.core.errors import LosslawsError
from losslaws.core.version import release

METADATA_KEY, CHECKSUM_KEY = b"losslaws", b"losslaws_sha256"


def write_atomically(path: str | Path, write: Callable[[Path], object]) -> None:
    """Call ``write(temporary)`` and rename the temporary file to `path` once it is complete, and on the disk.

    Raises
    ------
    LosslawsError
        If the system refuses, for example on a full disk; an existing file at `path` is then unchanged.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A process that was killed while writing this file left its temporary file behind.
        for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
            left.unlink(missing_ok=True)
        write(temporary)
        # The content must be on the disk before the name is, even if the power fails; some file systems report a lack
        # of space only now.
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise LosslawsError(f"{path} could not be written ({reason}): fix that and rerun the same command") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_text(path: str | Path, text: str) -> None:
    """Write UTF-8 text with Unix line ends, atomically."""
    write_atomically(path, lambda temporary: temporary.write_text(text, encoding="utf-8", newline="\n"))


def read_text(path: str | Path) -> str:
    """Read UTF-8 text that this project wrote.

    Raises
    ------
    LosslawsError
        If the file is missing or damaged.
    """
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LosslawsError(_missing(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise LosslawsError(_damaged(path, error)) from error


def write_json(path: str | Path, value: object) -> None:
    """Write strict JSON (NaN and infinity are refused), atomically."""
    write_text(path, json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def write_json_lines(path: str | Path, members: Mapping[str, object] | Iterable[object]) -> None:
    """Write strict JSON, atomically, with one entry of each long list on a line, as the entries come.

    Parameters
    ----------
    path : path
        Where to write.
    members : mapping or iterable
        An object, whose values that are iterators become lists; or the entries of a list.
    """

    def write(temporary: Path) -> None:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            if not isinstance(members, Mapping):
                _write_list(file, members)
            else:
                file.write("{\n")
                for place, (key, value) in enumerate(members.items()):
                    file.write(f"{',' if place else ''}{json.dumps(key)}: ")
                    if isinstance(value, Iterator):
                        _write_list(file, value)
                    else:
                        file.write(_compact(value) + "\n")
                file.write("}")
            file.write("\n")

    write_atomically(path, write)


def _write_list(file: TextIO, entries: Iterable[object]) -> None:
    file.write("[\n")
    for place, entry in enumerate(entries):
        file.write(f"{',' if place else ''}{_compact(entry)}\n")
    file.write("]\n")


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def finite(value: Any) -> Any:
    """Return `value` with null in place of numbers that JSON cannot hold, in lists, tuples and mappings too."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: finite(entry) for key, entry in value.items()}
    return [finite(entry) for entry in value] if isinstance(value, list | tuple) else value


def read_json(path: str | Path) -> Any:
    """Read JSON that this project wrote.

    Raises
    ------
    LosslawsError
        If the file is missing or damaged.
    """
    try:
        return json.loads(read_text(path))
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
    versions = {"losslaws": release(), **{name: version(name) for name in ("numpy", "pyarrow")}}
    made_by = json.dumps({"origin": origin, "versions": versions}, sort_keys=True).encode()
    stamped = table.replace_schema_metadata({METADATA_KEY: made_by, CHECKSUM_KEY: _checksum(table, made_by)})
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
        metadata = table.schema.metadata or {}
        checksum = _checksum(table, metadata.get(METADATA_KEY, b""))
    except FileNotFoundError:
        raise LosslawsError(_missing(path)) from None
    except (OSError, UnicodeDecodeError, pa.ArrowException) as error:
        raise LosslawsError(_damaged(path, error)) from error
    if METADATA_KEY not in metadata:
        raise LosslawsError(
            f"{path} was not written by losslaws (its metadata has no key 'losslaws'): move it away, "
            "then run snakemake again"
        )
    if metadata.get(CHECKSUM_KEY) != checksum:
        raise LosslawsError(_damaged(path, "its columns or metadata have changed since it was written"))
    return table


def damage(path: str | Path) -> list[str]:
    """Return why :func:`read_table` refuses a file, as a list of one sentence or none."""
    try:
        read_table(path)
    except LosslawsError as error:
        return [str(error)]
    return []


def _checksum(table: pa.Table, made_by: bytes) -> bytes:
    """Return the SHA-256 of what page checksums do not cover: columns, number of rows, and what made the table."""
    # By number, because Parquet renames the entries of lists, and with them the name of the type.
    columns = [(field.name, field.type.id, getattr(field.type, "value_type", field.type).id) for field in table.schema]
    return hashlib.sha256(repr((columns, table.num_rows)).encode() + made_by).hexdigest().encode()


def origin_of(table: pa.Table) -> Any:
    """Return what was stored as `origin` when the table was written."""
    return json.loads(table.schema.metadata[METADATA_KEY])["origin"]


def _missing(path: str | Path) -> str:
    return f"{path} does not exist: run snakemake to build it"


def _damaged(path: str | Path, error: Exception | str) -> str:
    reason = " ".join(str(error).split())
    return f"{path} is damaged ({reason}): delete this file and run snakemake again to rebuild it"
