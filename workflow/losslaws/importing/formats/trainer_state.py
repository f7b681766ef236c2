"""Hugging Face's Trainer: the entries of ``log_history`` in ``trainer_state.json``."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from losslaws.core.errors import LosslawsError
from losslaws.importing.formats._records import as_batch
from losslaws.importing.reader import SPECIFIC, Reader, head, opened_text, suffix

KEY = "log_history"


def recognises(path: Path, first: bytes) -> int:
    """Accept files of that name, and other JSON that soon has the key ``log_history``."""
    return SPECIFIC if path.name == "trainer_state.json" or (suffix(path) == ".json" and KEY.encode() in first) else 0


def columns(path: Path) -> list[str]:
    """Return the keys of all entries in the order of their appearance."""
    return list(dict.fromkeys(name for entry in _entries(path) for name in entry))


def batches(path: Path, numbers: Sequence[str], texts: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield all entries as one batch.

    Raises
    ------
    LosslawsError
        If a value of `numbers` is not a number; with the entry.
    """
    entries = _entries(path)
    places = [f"{path}, entry {number} of {KEY}" for number in range(1, len(entries) + 1)]
    yield as_batch(entries, places, numbers, texts)


def _entries(path: Path) -> list[dict[str, object]]:
    head(path)
    with opened_text(path) as text:
        try:
            state = json.load(text)
        except json.JSONDecodeError as error:
            raise LosslawsError(f"{path}, line {error.lineno} is not JSON ({error.msg})") from None
        except RecursionError:
            raise LosslawsError(f"{path} is not the state of a Trainer: its JSON is nested too deeply") from None
    entries = state.get(KEY) if isinstance(state, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise LosslawsError(f"{path} has no list {KEY!r} of objects, which a trainer_state.json has")
    if not entries:
        raise LosslawsError(f"{path}: {KEY} has no entries")
    return entries


READER = Reader(recognises, columns, batches)
