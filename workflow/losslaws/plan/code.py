"""The code of a job as paths for Snakemake: its script, and the library files that the script imports."""

import os
from functools import cache
from pathlib import Path

from losslaws.plan.dependencies import ROOT, source_files

SCRIPTS = ROOT / "scripts"
TEMPLATES = (".j2", ".css", ".js")


@cache
def code_files(script: Path, modules: tuple[str, ...] = ()) -> list[str]:
    """Return a script, the files that it imports, and those of modules that it loads by name.

    A script that does not lie beside the library is left out: it comes from Snakemake's cache of a git repository.
    Thousands of jobs have the same few scripts and modules, so each answer is made once.
    """
    own = [script] if script.is_relative_to(ROOT) else []
    return [from_here(file) for file in (*own, *source_files(script, modules))]


@cache
def templates() -> list[str]:
    """Return what pages are made of besides Python: templates, style, scripts."""
    return sorted(from_here(path) for path in (ROOT / "losslaws").rglob("*") if path.suffix in TEMPLATES)


def from_here(path: Path) -> str:
    """Return a path as text, relative to the working directory where it lies in it."""
    here = Path.cwd()
    return os.fspath(path.relative_to(here) if path.is_relative_to(here) else path)
