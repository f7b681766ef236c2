"""Typed records as JSON: flattened once by their writer, and rebuilt by their reader."""

from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from losslaws.core.errors import LosslawsError
from losslaws.core.records import record_of
from losslaws.storage.files import finite, read_json, write_json

Record = TypeVar("Record")


def write_record(path: str | Path, record: Any) -> None:
    """Write a dataclass, or a sequence of them, as JSON; null stands for numbers that JSON cannot hold."""
    value = [asdict(entry) for entry in record] if isinstance(record, list | tuple) else asdict(record)
    write_json(path, finite(value))


def read_record(path: str | Path, kind: type[Record]) -> Record:
    """Read a dataclass, or a ``tuple[Kind, ...]``, that :func:`write_record` wrote.

    Raises
    ------
    LosslawsError
        If the file is missing, damaged, or not of this kind.
    """
    return as_record(read_json(path), kind, path)


def as_record(value: object, kind: type[Record], path: str | Path) -> Record:
    """Return a value that was read from `path` as a dataclass, or a container of them.

    Raises
    ------
    LosslawsError
        If the value is not of this kind.
    """
    try:
        return record_of(kind, value)
    except msgspec.ValidationError as error:
        raise LosslawsError(
            f"{path} is damaged ({error}): delete this file and run snakemake again to rebuild it"
        ) from error
