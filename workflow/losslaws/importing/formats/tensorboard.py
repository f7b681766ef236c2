"""TensorBoard event files: the scalars of a run, a column per tag; all files in one folder are one run.

Needs the package ``tensorboard``, which losslaws does not bring: ``pip install losslaws[tensorboard]``.
"""

import struct
from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from losslaws.core.errors import LosslawsError
from losslaws.importing.reader import SPECIFIC, Reader, head, reason

STEP, TIME = "step", "wall_time"
FRAME = 16
"""Bytes of a record beside its content: length, its checksum, the content's checksum."""


def recognises(path: Path, first: bytes) -> int:  # noqa: ARG001 - as of all readers
    """Accept files with ``tfevents`` in their name."""
    return SPECIFIC if "tfevents" in path.name else 0


def columns(path: Path) -> list[str]:
    """Return `step`, `wall_time` and the tags of scalars."""
    return list(_scalars(path))


def batches(path: Path, numbers: Sequence[str], texts: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield one batch, with a row for all scalars that were written one after the other with the same step."""
    scalars = _scalars(path)
    yield pa.RecordBatch.from_pydict({name: scalars[name] for name in dict.fromkeys([*numbers, *texts])})


def _scalars(path: Path) -> dict[str, pa.Array]:
    """Return the columns of a file.

    Raises
    ------
    LosslawsError
        If the package is missing, the file is damaged, or it has no scalars.
    """
    steps: list[int] = []
    times: list[float] = []
    tags: dict[str, tuple[list[int], list[float]]] = {}
    for event in _events(path):
        for tag, value in _values(event, tags):
            rows, values = tags.setdefault(tag, ([], []))
            if not steps or event.step != steps[-1] or (rows and rows[-1] == len(steps) - 1):
                steps.append(event.step)
                times.append(event.wall_time)
            rows.append(len(steps) - 1)
            values.append(value)
    if not tags:
        raise LosslawsError(f"{path} has no scalars: it is empty, of another format, or holds only other summaries")
    found = {STEP: pa.array(steps, pa.float64()), TIME: pa.array(times, pa.float64())}
    for tag, (rows, values) in tags.items():
        cells, absent = np.zeros(len(steps)), np.ones(len(steps), np.bool_)
        cells[rows], absent[rows] = values, False
        found[tag] = pa.array(cells, mask=absent)
    return found


def _values(event: Any, known: Container[str]) -> Iterator[tuple[str, float]]:
    """Yield tag and value of an event's scalars; metadata that call a tensor a scalar may come with the first only."""
    from tensorboard.util import tensor_util

    for value in event.summary.value:
        if value.HasField("simple_value"):
            yield value.tag, value.simple_value
        elif value.HasField("tensor") and (value.metadata.plugin_data.plugin_name == "scalars" or value.tag in known):
            yield value.tag, float(tensor_util.make_ndarray(value.tensor))


def _events(path: Path) -> Iterator[Any]:
    """Yield a file's events; a last one that was cut off while it was written is left out."""
    try:
        from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
        from tensorboard.compat.proto.event_pb2 import Event
    except ImportError:
        raise LosslawsError(
            f"{path}: reading event files needs the package tensorboard: pip install 'losslaws[tensorboard]'"
        ) from None
    head(path)
    size = 0
    try:
        for record in RawEventFileLoader(str(path)).Load():
            size += len(record) + FRAME
            yield Event.FromString(record)
    except (OSError, ValueError, RuntimeError) as error:
        raise LosslawsError(f"{path} cannot be read as an event file ({reason(error)})") from None
    _check_rest(path, size)


def _check_rest(path: Path, size: int) -> None:
    """Refuse a file of which bytes are left that are more than the beginning of one record."""
    with path.open("rb") as stream:
        stream.seek(size)
        rest = stream.read()
    whole = len(rest) >= FRAME and struct.unpack("<Q", rest[:8])[0] + FRAME <= len(rest)
    if whole:
        raise LosslawsError(f"{path} is damaged after {size:,} bytes: a checksum is wrong there")


def run(path: Path) -> Path:
    """Return the folder, in which a resumed run continues with a file of its own."""
    return path.absolute().parent


READER = Reader(recognises, columns, batches, run=run)
