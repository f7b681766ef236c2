"""Which library files a script depends on, read from the import statements.

Snakemake sees a rule's script but not what the script imports. Every rule lists these files as inputs, so an edited
file reruns exactly the jobs that import it.

Declarations are left out: records of settings, and the ``__init__.py`` of analyses. What matters of them is in a job's
inputs, outputs and parameters, which Snakemake compares itself; so a setting that is added makes nothing stale.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

PACKAGE = "losslaws"
ROOT = Path(__file__).parents[2]

DECLARATIONS = (
    "config/constraints.py",
    "config/experiment.py",
    "config/fitting.py",
    "config/sources.py",
    "config/training.py",
    "analyses/analysis.py",
    "analyses/*/__init__.py",
    "analyses/*/settings.py",
)
"""Modules that hold nothing but declarations, as patterns of paths in the package."""


def source_files(script: Path, modules: Iterable[str] = ()) -> list[Path]:
    """Return the library files that `script` imports, transitively, sorted; declarations are left out.

    Parameters
    ----------
    script : path
        A Python file.
    modules : iterable of str
        Dotted names of modules that are loaded by name (tasks, laws), which no import statement shows, and paths of
        files of the user's own, which end in ``.py``.
    """
    found: set[str] = set()
    waiting = [*_imports(script), *modules]
    while waiting:
        module = waiting.pop()
        if module not in found and not is_declaration(_file(module)):
            found.add(module)
            waiting.extend([*_packages(module), *_imports(_file(module))])
    return sorted({_file(module) for module in found})


def is_declaration(path: Path) -> bool:
    """Return whether a file of the library holds nothing but declarations."""
    return path.is_relative_to(ROOT / PACKAGE) and any(
        path.relative_to(ROOT / PACKAGE).match(pattern) for pattern in DECLARATIONS
    )


def _file(module: str) -> Path:
    if module.endswith(".py"):
        return Path(module).absolute()
    path = ROOT / Path(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def _imports(path: Path) -> tuple[str, ...]:
    return tuple(_named(ast.parse(path.read_text(encoding="utf-8")), path))


def _named(tree: ast.AST, path: Path) -> Iterator[str]:
    """Yield every module of the package that the tree of a file imports, and the packages that it lies in."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(filter(None, (_package(path, node.level), node.module)))
            names = [start, *(f"{start}.{alias.name}" for alias in node.names)]
        for name in names:
            parts = name.split(".")
            if parts[0] == PACKAGE:
                yield from (prefix for prefix in _prefixes(parts) if _file(prefix).is_file())


def _package(path: Path, level: int) -> str:
    """Return the package that the dots of a relative import in a file stand for; empty without any."""
    if not level or not path.is_relative_to(ROOT):
        return ""
    return ".".join(path.relative_to(ROOT).parts[:-level])


def _packages(module: str) -> list[str]:
    """Return the packages that a module lies in, whose ``__init__.py`` importing it runs."""
    return [] if module.endswith(".py") else _prefixes(module.split(".")[:-1])


def _prefixes(parts: list[str]) -> list[str]:
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
