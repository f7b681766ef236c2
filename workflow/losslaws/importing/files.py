"""Which files a source has, and what tells them apart in names of curves."""

import glob
from collections.abc import Sequence
from pathlib import Path

from losslaws.core.errors import LosslawsError

EVENT_FILES = "**/*tfevents*"
"""What is read of a folder: event files, the one format whose runs are folders."""


def find_files(patterns: str | Sequence[str]) -> list[Path]:
    """Return the files that paths, globs and folders name: in the order given, those of one glob sorted, each once.

    Raises
    ------
    LosslawsError
        If a path does not exist, a glob matches no file, or a folder has no event files.
    """
    given = [patterns] if isinstance(patterns, str) else list(patterns)
    found = [path for pattern in given for path in _matches(pattern)]
    if not found:
        raise LosslawsError("files: the list is empty; name at least one file or glob")
    return list(dict.fromkeys(found))


def _matches(pattern: str) -> list[Path]:
    path = Path(pattern).expanduser()
    if path.is_file():
        return [path]
    if path.is_dir():
        return _event_files(path)
    if not glob.has_magic(pattern):
        raise LosslawsError(f"files: {pattern} does not exist")
    matched = [Path(match) for match in sorted(glob.glob(str(path), recursive=True))]  # noqa: PTH207 - a pattern may be absolute
    files = [match for match in matched if match.is_file()]
    if not files:
        files = [file for match in matched for file in _event_files(match)]
    if not files:
        raise LosslawsError(f"files: {pattern} matches no file")
    return files


def _event_files(folder: Path) -> list[Path]:
    found = sorted(file for file in folder.glob(EVENT_FILES) if file.is_file())
    if not found:
        raise LosslawsError(
            f"files: {folder} is a folder without TensorBoard event files; name files, for example {folder}/*.csv"
        )
    return found


def labels(paths: Sequence[Path]) -> dict[Path, str]:
    """Return a short name for every path, unique where the paths are, but for their suffixes.

    What all paths end in, as in ``version_0/metrics.csv`` and ``version_1/metrics.csv``, is left out; of the rest as
    many folders are taken as it needs to tell all apart, joined by ``_``.
    """
    names = {path: (*path.parent.parts, _stem(path)) for path in paths}
    parts = list(names.values())
    differ = len(set(parts)) == len(parts) > 1
    while differ and min(map(len, parts)) > 1 and len({name[-1] for name in parts}) == 1:
        parts = [name[:-1] for name in parts]
    longest = max(map(len, parts))
    depth = next((depth for depth in range(1, longest + 1) if len({name[-depth:] for name in parts}) == len(parts)), 1)
    return {path: "_".join(name[-depth:]) for path, name in zip(names, parts, strict=True)}


def _stem(path: Path) -> str:
    """Return the name without its suffixes: ``a`` of ``a.csv.gz``, ``run.1`` of ``run.1.csv``."""
    if path.is_dir():
        return path.name
    short = path.stem if path.suffix in (".gz", ".bz2", ".zst", ".lz4") else path.name
    return Path(short).stem if Path(short).suffix[1:].isalpha() else short
