"""Registries of plug-in modules: a folder is the list, a file in it is an entry.

Adding a task or a law is adding a file; no list has to be edited, so nothing that depends on the other entries
becomes stale.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

from losslaws.errors import LosslawsError

LIBRARY = Path(__file__).parent


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
        Name of the subpackage, which is also its folder: ``"tasks"``.
    attribute : str
        The name that each module defines: ``"TASK"``.
    """

    kind: str
    package: str
    attribute: str

    def names(self) -> list[str]:
        """Return the names of all entries, sorted. Imports none of them."""
        return sorted(path.stem for path in (LIBRARY / self.package).glob("[!_]*.py"))

    def module(self, name: str) -> str:
        """Return the dotted name of an entry's module."""
        return f"losslaws.{self.package}.{name}"

    def load(self, name: str) -> Any:
        """Import one entry and return what its module defines.

        Raises
        ------
        LosslawsError
            If there is no such entry; the message lists those there are.
        """
        if name not in self.names():
            raise LosslawsError(f"{self.kind} {unknown(name, self.names())}")
        return getattr(import_module(self.module(name)), self.attribute)


TASKS = Registry("task", "tasks", "TASK")
LAWS = Registry("law", "laws", "LAW")
ANALYSES = Registry("analysis", "analyses", "ANALYSIS")
READERS = Registry("format", "readers", "READER")
