"""What a reader is, and how all of them open files."""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from losslaws.core.errors import LosslawsError

GENERAL, SPECIFIC = 1, 2
"""How sure a reader is that a file is its own: a general format, or the format of one program."""

HEAD = 1 << 16
BATCH_ROWS = 1 << 17
BATCH_BYTES = 1 << 20


def _whole(column: str) -> tuple[str, str]:
    return "", column


def _itself(path: Path) -> Path:
    return path


@dataclass(frozen=True)
class Reader:
    """One format.

    Attributes
    ----------
    recognises : callable
        ``recognises(path, head)`` says from the name and the first bytes of a file how sure it is: 0 for no,
        `GENERAL`, or `SPECIFIC`.
    columns : callable
        ``columns(path)`` returns the names of the columns there are.
    batches : callable
        ``batches(path, numbers, texts)`` yields record batches in the file's order: the columns `numbers` as float64,
        null where a cell is empty, and the columns `texts` as they are.
    split : callable
        ``split(column)`` returns the run and the metric that a column's name holds; the run is empty where a name
        holds only a metric.
    run : callable
        ``run(path)`` returns the path that stands for a file's run; files with the same one are one run.
    """

    recognises: Callable[[Path, bytes], int]
    columns: Callable[[Path], list[str]]
    batches: Callable[[Path, Sequence[str], Sequence[str]], Iterator[pa.RecordBatch]]
    split: Callable[[str], tuple[str, str]] = _whole
    run: Callable[[Path], Path] = _itself


@contextmanager
def opened(path: Path) -> Iterator[pa.NativeFile]:
    """Open a file, decompressed according to its suffix; a failure to read it is a sentence.

    Raises
    ------
    LosslawsError
        If the file cannot be opened or decompressed, or is not UTF-8 where text was asked of it.
    """
    try:
        with pa.input_stream(str(path)) as stream:
            yield stream
    except UnicodeDecodeError as error:
        raise LosslawsError(f"{path} is not UTF-8 text ({error.reason}): convert it to UTF-8") from None
    except FileNotFoundError:
        raise LosslawsError(f"{path} does not exist") from None
    except OSError as error:
        raise LosslawsError(f"{path} cannot be read ({reason(error)})") from None


@contextmanager
def opened_text(path: Path) -> Iterator[io.TextIOWrapper]:
    """Open a UTF-8 file as text with its line ends; a byte-order mark is skipped."""
    with opened(path) as stream, io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        yield text


def head(path: Path) -> bytes:
    """Return the first bytes of a file, decompressed.

    Raises
    ------
    LosslawsError
        If the file cannot be read, or is empty.
    """
    with opened(path) as stream:
        first = bytes(stream.read(HEAD))
    if not first.strip():
        raise LosslawsError(f"{path} is empty")
    return first


def suffix(path: Path) -> str:
    """Return the last suffix that does not stand for compression, in lower case: ``.csv`` of ``a.csv.gz``."""
    names = [part.lower() for part in path.suffixes]
    while names and names[-1] in (".gz", ".bz2", ".zst", ".lz4"):
        names.pop()
    return names[-1] if names else ""


def reason(error: Exception) -> str:
    """Return what an exception says, on one line and not too long."""
    text = " ".join(str(error).split())
    return text if len(text) <= 160 else text[:157] + "..."
