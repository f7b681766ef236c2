"""Which library files a script depends on, read from the import statements.

Snakemake sees a rule's script but not what the script imports. Every rule lists these files as inputs, so an edited
file reruns exactly the jobs that import it.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

PACKAGE = "losslaws"
ROOT = Path(__file__).parents[2]


def source_files(script: Path, modules: Iterable[str] = ()) -> list[Path]:
    """Return the library files that `script` imports, transitively, sorted.

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
        if module not in found:
            found.add(module)
            waiting.extend(_imports(_file(module)))
    return sorted(_file(module) for module in found)


def _file(module: str) -> Path:
    if module.endswith(".py"):
        return Path(module).absolute()
    path = ROOT / Path(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def _imports(path: Path) -> tuple[str, ...]:
    return tuple(_named(ast.parse(path.read_text(encoding="utf-8"))))


def _named(tree: ast.AST) -> Iterator[str]:
    """Yield every module of the package that a tree imports, and the packages that it lies in."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            parts = name.split(".")
            if parts[0] == PACKAGE:
                yield from (prefix for prefix in _prefixes(parts) if _file(prefix).is_file())


def _prefixes(parts: list[str]) -> list[str]:
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
