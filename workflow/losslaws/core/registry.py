"""Registries of plug-in modules: a folder is the list, a file in it is an entry.

Adding a task or a law is adding a file; no list has to be edited, so nothing that depends on the other entries
becomes stale. A law can also be a file of the user's own, named by its path.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from traceback import extract_tb
from typing import Any

from losslaws.core.errors import LosslawsError

LIBRARY = Path(__file__).parents[1]


def unknown(name: object, allowed: list[str] | Mapping[str, Any]) -> str:
    """Say that `name` is unknown, which names there are, and which one may have been meant."""
    close = get_close_matches(str(name), list(allowed), n=1)
    hint = f" (did you mean {close[0]!r}?)" if close else ""
    return f"{name!r} is unknown{hint}; choose from {', '.join(allowed)}"


@dataclass(frozen=True)
class Registry:
    """The entries of one package of the library: every module in it whose name has no leading underscore.

    Parameters
    ----------
    kind : str
        What an entry is called in messages: ``"task"``, ``"law"``.
    package : str
        Name of the subpackage, which is also its folder: ``"tasks.catalogue"``.
    attribute : str
        The name that each module defines: ``"TASK"``.
    own : str
        The module whose function ``check(entry)`` judges an entry from a file of the user's own; empty
        if there can be none.
    folders : bool
        Whether each entry is a folder with an ``__init__.py``, and not a file.
    """

    kind: str
    package: str
    attribute: str
    own: str = ""
    folders: bool = False

    def names(self) -> list[str]:
        """Return the names of all entries, sorted. Imports none of them."""
        folder = LIBRARY / self.package.replace(".", "/")
        modules = [path for path in folder.glob("[!_]*.py") if not self.folders]
        return sorted(path.stem for path in [*modules, *(init.parent for init in folder.glob("*/__init__.py"))])

    def module(self, name: str) -> str:
        """Return the dotted name of an entry's module."""
        return f"losslaws.{self.package}.{name}"

    def is_path(self, entry: str) -> bool:
        """Return whether an entry is named by the path of a file, relative to the working directory."""
        return bool(self.own) and entry.endswith(".py")

    def name(self, entry: str) -> str:
        """Return the name of an entry that may be given by its path: the file's, without ``.py``."""
        return Path(entry).stem if self.is_path(entry) else entry

    def sources(self, entry: str) -> list[str]:
        """Return the dotted names of the modules, and the paths of the files, that loading an entry takes."""
        return [entry, self.own] if self.is_path(entry) else [self.module(entry)]

    def load(self, entry: str) -> Any:
        """Import one entry and return what its module defines.

        Raises
        ------
        LosslawsError
            If there is no such entry; the message lists those there are. If a file of the user's own is missing, does
            not run, or does not define what it should; the message names the file, and the line where there is one.
        """
        if self.is_path(entry):
            return self._load_path(Path(entry))
        if entry not in self.names():
            raise LosslawsError(f"{self.kind} {unknown(entry, self.names())}")
        return getattr(import_module(self.module(entry)), self.attribute)

    def _load_path(self, path: Path) -> Any:
        if path.stem in self.names():
            raise LosslawsError(f"{path}: the {self.kind} {path.stem!r} already exists; give the file another name")
        if not path.is_file():
            raise LosslawsError(f"{path}: no such file in {Path.cwd()}")
        try:
            defined = _run(path)
            if self.attribute not in defined:
                raise LosslawsError(f"the file defines no {self.attribute}")
            import_module(self.own).check(defined[self.attribute])
        except LosslawsError as error:
            raise LosslawsError(f"{path}: {error}") from error
        found = defined[self.attribute]
        if found.name != path.stem:
            raise LosslawsError(f"{path}: the name is {found.name!r}; expected {path.stem!r}, the file's")
        return found


def _run(path: Path) -> dict[str, Any]:
    """Run a Python file and return the names that it defines. Nothing is cached beside it."""
    defined: dict[str, Any] = {"__name__": path.stem, "__file__": str(path)}
    try:
        exec(compile(path.read_bytes(), path, "exec"), defined)
    except LosslawsError:
        raise
    except SyntaxError as error:
        raise LosslawsError(f"line {error.lineno}: {error.msg}") from error
    except Exception as error:
        lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == str(path)]
        where = f"line {lines[-1]}: " if lines else ""
        raise LosslawsError(f"{where}{type(error).__name__}: {error}") from error
    return defined


TASKS = Registry("task", "tasks.catalogue", "TASK")
LAWS = Registry("law", "laws.time", "LAW", own="losslaws.laws.check")
ANALYSES = Registry("analysis", "analyses", "ANALYSIS", folders=True)
READERS = Registry("format", "importing.formats", "READER")
CRITERIA = Registry("loss", "training.criteria", "CRITERION")
RECORDERS = Registry("recorder", "training.recorders", "RECORDER")
