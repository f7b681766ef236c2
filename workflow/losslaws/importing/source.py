"""One source of curves: its files read into curves, and what was guessed and left out on the way."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from losslaws.config.sources import Import
from losslaws.core.errors import LosslawsError
from losslaws.core.progress import Progress
from losslaws.core.registry import READERS
from losslaws.curves.curve import Curve
from losslaws.curves.vocabulary import ATTRIBUTES
from losslaws.importing.building import build_curve, check_units
from losslaws.importing.collect import Collector, Key
from losslaws.importing.columns import CUMULATIVE, Columns, choose_columns
from losslaws.importing.files import find_files, labels
from losslaws.importing.reader import Reader, head

EMPTY = "curve(s) without a point skipped"
LETTERS = {"width": "w", "seed": "s"}
"""What stands before a value in a curve's name, as in the names of trained curves."""


@dataclass(frozen=True)
class Imported:
    """The curves of one part of a source.

    Attributes
    ----------
    curves : list of Curve
        In the order in which they first appear in the files.
    guesses : list of str
        What was guessed, one sentence per key; the same in all parts.
    skipped : Counter of str
        How many rows, points or curves of this part were left out, by reason. Over all parts they add up.
    kept : Counter of str
        How many losses were kept though they are not numbers, and values carried forward, likewise.
    """

    curves: list[Curve]
    guesses: list[str] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)

    @property
    def notes(self) -> list[str]:
        """What was guessed, left out and kept, in sentences."""
        return [*self.guesses, *told(self.skipped), *told(self.kept)]

    def summary(self, name: str | None) -> dict[str, object]:
        """Return what the report says of the import with a name, as a JSON value."""
        counts = {"skipped": dict(self.skipped), "kept": dict(self.kept)}
        return {"import": name, "guesses": self.guesses, **counts}


def told(counts: Mapping[str, int]) -> list[str]:
    """Return a sentence for every count above 0: ``3 rows with t ≤ 0 skipped``."""
    return [f"{count:,} {_plural(what, count)}" for what, count in counts.items() if count]


def _plural(what: str, count: int) -> str:
    """Return ``row`` or ``rows`` of ``row(s)``."""
    return re.sub(r"\((e?s)\)", "" if count == 1 else r"\1", what)


@dataclass(frozen=True)
class _File:
    """One file of a source, with how it is read."""

    path: Path
    format: str
    run: Path
    reader: Reader
    columns: Columns


def read_files(
    files: str | Sequence[str],
    name: str = "curve",
    *,
    format: str | None = None,
    t: str | None = None,
    loss: str | Sequence[str] | None = None,
    curve: str | Sequence[str] | None = None,
    lr: str | bool | None = None,
    noise_trace: str | None = None,
    every: int = 1,
    most: int | None = None,
) -> Imported:
    """Read curves from files; the keywords are the keys of an import, see ``docs/own-curves.md``."""
    entry = Import(
        name=name,
        files=_tuple(files),
        format=format,
        t=t,
        loss=_tuple(loss),
        curve=_tuple(curve),
        lr=lr,
        noise_trace=noise_trace,
        every=every,
        most=most,
    )
    return import_curves(entry)


def _tuple(texts: str | Sequence[str] | None) -> str | tuple[str, ...] | None:
    return texts if texts is None or isinstance(texts, str) else tuple(texts)


def import_curves(entry: Import, part: int = 1) -> Imported:
    """Read one part of the curves of a source.

    Parameters
    ----------
    entry : Import
        The source, with a name and files; what is None is guessed or not used.
    part : int
        Which of its chunks, counted from 1. Parts are disjoint and together all curves.

    Raises
    ------
    LosslawsError
        If a file, a column or a cell is not what it should be; if several curves seem mixed or units differ; if two
        curves would have one name; if there are fewer curves than parts.
    """
    files, source = _files(entry), str(entry.name)
    collector = Collector(part, entry.chunks, positive=entry.t != CUMULATIVE)
    for file in files:
        _collect(file, collector)
    keys = list(collector.keys)
    names = _names(source, files, keys)
    place = f"import {source} from {_told_files(files)}"
    if names and part > len(names):
        raise LosslawsError(
            f"{place}: there are fewer curves ({len(names)}) than chunks ({entry.chunks}): "
            f"lower chunks: to {len(names)}"
        )
    curves = []
    for points in collector.curves():
        known = _known(collector, keys[points.number], files[0].columns, points.number)
        curve = build_curve(points, names[points.number], place, entry, known, collector.skipped)
        curves += [curve] if curve.t.size else []
    collector.skipped[EMPTY] = sum(map(collector.owns, range(len(names)))) - len(curves)
    if not curves:
        left_out = "; ".join(told(collector.skipped))
        raise LosslawsError(f"{place}: no curve of part {part} has a point left: {left_out}")
    check_units(place, curves)
    kept = {
        "NaN loss(es) kept": sum(int(np.isnan(curve.loss).sum()) for curve in curves),
        "infinite loss(es) kept": sum(int(np.isinf(curve.loss).sum()) for curve in curves),
        **{f"value(s) of {name} carried forward from earlier rows": count for name, count in collector.carried.items()},
    }
    return Imported(curves, _guesses(files, entry), collector.skipped, Counter(kept))


def _files(entry: Import) -> list[_File]:
    """Return the files of a source with their readers and columns, and check that the guesses agree."""
    files = []
    for path in find_files(entry.files or ()):
        kind = entry.format or guess_format(path)
        reader = READERS.load(kind)
        files.append(_File(path, kind, reader.run(path), reader, choose_columns(path, reader, entry)))
    for key in ("t", "loss"):
        first = files[0].columns.guessed.get(key)
        for file in files[1:]:
            if file.columns.guessed.get(key) != first:
                raise LosslawsError(
                    f"{key} seems to be {first} in {files[0].path} but {file.columns.guessed.get(key)} in {file.path}: "
                    f"name the one column with {key}:, or import the files as two sources"
                )
    return files


def _told_files(files: Sequence[_File]) -> str:
    more = f" and {len(files) - 1:,} more" if len(files) > 1 else ""
    return f"{files[0].path}{more}"


def guess_format(path: Path) -> str:
    """Return the name of the format that a file seems to have.

    Raises
    ------
    LosslawsError
        If no reader recognises the file.
    """
    first = head(path)
    sure = {name: READERS.load(name).recognises(path, first) for name in READERS.names()}
    best = max(sure, key=lambda name: sure[name])
    if not sure[best]:
        raise LosslawsError(f"the format of {path} cannot be told: name it with format:, one of {', '.join(sure)}")
    return best


def _collect(file: _File, collector: Collector) -> None:
    """Read a file, unless it is known before that none of its curves belongs to the part."""
    columns = file.columns
    if not columns.curve:
        numbers = {loss: collector.number(Key(file.run, (), label)) for loss, label in columns.labels.items()}
        own = {loss: series for loss, series in columns.losses.items() if collector.owns(numbers[loss])}
        if not own:
            return
        columns = replace(columns, losses=own)
    before, progress = collector.rows, Progress(f"rows of {file.path}")
    for batch in file.reader.batches(file.path, columns.numbers, columns.texts):
        collector.add(file.run, batch, columns)
        progress.add(batch.num_rows)
    if collector.rows == before:
        raise LosslawsError(f"{file.path} has no rows below its header")


def _names(name: str, files: Sequence[_File], keys: Sequence[Key]) -> list[str]:
    """Return the names of curves by number.

    Raises
    ------
    LosslawsError
        If two are the same.
    """
    if len(keys) == 1:
        return [name]
    runs = labels(list(dict.fromkeys(file.run for file in files)))
    by_file = len(runs) > 1
    by_loss = any(len(file.columns.losses) > 1 for file in files)
    letters = [LETTERS.get(column, "") for column in files[0].columns.curve]
    names: dict[str, Key] = {}
    for key in keys:
        values = (letter + value for letter, value in zip(letters, key.values, strict=True))
        parts = [name, *([runs[key.run]] if by_file else []), *values, *([key.loss] if by_loss else [])]
        full = "_".join(parts)
        if full in names:
            raise LosslawsError(
                f"import {name} from {_told_files(files)}: two curves would be named {full!r}, one of "
                f"{names[full].run} and one of {key.run}: import them as two sources, "
                "or give their files or values other names"
            )
        names[full] = key
    return list(names)


def _known(collector: Collector, key: Key, columns: Columns, number: int) -> dict[str, str | None]:
    """Return what is known of a curve's attributes: from the columns that tell curves apart, and from the others."""
    telling = dict(zip(columns.curve, key.values, strict=True))
    return {**collector.attributes.get(number, {}), **{name: telling[name] for name in ATTRIBUTES if name in telling}}


def _guesses(files: Sequence[_File], entry: Import) -> list[str]:
    """Return what was guessed, one sentence per key."""
    found: dict[str, list[str]] = {}
    for file in files:
        guessed = dict(file.columns.guessed)
        if entry.format is None:
            guessed = {"format": file.format, **guessed}
        for key, value in guessed.items():
            found.setdefault(key, []).append(value)
    return [f"{key}: {' or '.join(dict.fromkeys(values))} (guessed)" for key, values in found.items()]
