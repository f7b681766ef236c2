"""JSON lines: one object per line, keys that come and go, other keys ignored."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa
from pyarrow import json as arrow

from losslaws.core.errors import LosslawsError
from losslaws.importing.formats._records import as_batch
from losslaws.importing.reader import BATCH_BYTES, BATCH_ROWS, GENERAL, Reader, head, opened, opened_text, suffix

LISTED_CHARACTERS = 1 << 25
"""How much of a file is searched for the names of its columns."""


def recognises(path: Path, first: bytes) -> int:
    """Accept the suffixes of the format, and other text whose first line is an object."""
    line = first.lstrip().split(b"\n", 1)[0].strip()
    is_object = line.startswith(b"{") and line.endswith(b"}")
    return GENERAL if suffix(path) in (".jsonl", ".ndjson") or is_object else 0


def columns(path: Path) -> list[str]:
    """Return the keys of all objects in the first 32 million characters, in the order of their appearance."""
    head(path)
    names: dict[str, None] = {}
    size = 0
    for _, length, record in _records(path):
        names.update(dict.fromkeys(record))
        size += length
        if size > LISTED_CHARACTERS:
            break
    return list(names)


def batches(path: Path, numbers: Sequence[str], texts: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield batches of a few megabytes of the file; ``"NaN"`` and ``"Infinity"`` as text are numbers.

    Raises
    ------
    LosslawsError
        If a line is not an object, or a value of `numbers` is not a number; with the line.
    """
    done = 0
    try:
        for batch in _fast(path, numbers, texts):
            yield batch
            done += batch.num_rows
    except (pa.ArrowException, UnicodeDecodeError):
        # What pyarrow does not take, the slower reader takes, or says in which line it is.
        yield from _careful(path, numbers, texts, done)


def _fast(path: Path, numbers: Sequence[str], texts: Sequence[str]) -> Iterator[pa.RecordBatch]:
    kinds = _kinds(path, texts) | dict.fromkeys(numbers, pa.float64())
    parse = arrow.ParseOptions(explicit_schema=pa.schema(list(kinds.items())), unexpected_field_behavior="ignore")
    with opened(path) as stream:
        yield from arrow.open_json(stream, arrow.ReadOptions(use_threads=False, block_size=BATCH_BYTES), parse)


def _kinds(path: Path, texts: Sequence[str]) -> dict[str, pa.DataType]:
    """Return how the columns `texts` are read: as numbers where the first object that has them has a number."""
    kinds: dict[str, pa.DataType] = dict.fromkeys(texts, pa.string())
    first = next(islice(_records(path), 1), None) if texts else None
    for name in texts:
        value = first[2].get(name) if first else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            kinds[name] = pa.float64()
    return kinds


def _careful(path: Path, numbers: Sequence[str], texts: Sequence[str], done: int) -> Iterator[pa.RecordBatch]:
    """Yield what `_fast` does, from a record on, with the standard library's parser."""
    records = islice(_records(path), done, None)
    while rows := list(islice(records, BATCH_ROWS)):
        places = [f"{path}, line {line}" for line, _, _ in rows]
        yield as_batch([record for _, _, record in rows], places, numbers, texts)


def _records(path: Path) -> Iterator[tuple[int, int, Mapping[str, object]]]:
    """Yield the number of each line that is not blank, its length, and its object."""
    with opened_text(path) as text:
        for number, line in enumerate(text, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except (ValueError, RecursionError) as error:
                if isinstance(error, UnicodeDecodeError):
                    raise
                what = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply or too long"
                raise LosslawsError(
                    f"{path}, line {number} is not JSON ({what}): expected one object per line"
                ) from None
            if not isinstance(record, dict):
                raise LosslawsError(f"{path}, line {number} is not an object: one JSON object per line was expected")
            yield number, len(line), record


READER = Reader(recognises, columns, batches)
