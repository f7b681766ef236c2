"""A copy of the tree with a small configuration, driven through the real command line."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES, FOLDERS = ("Snakefile", "pyproject.toml", "Makefile"), ("workflow", "profiles", "envs")


@dataclass(frozen=True)
class Study:
    """A copy of the tree with a small configuration and whatever was built in it."""

    folder: Path

    def run(self, *arguments, cores=2, environment=None):
        """Run ``snakemake`` with these arguments; return the process, all that it showed in `stdout`."""
        return subprocess.run(
            [sys.executable, "-m", "snakemake", "--cores", str(cores), *arguments],
            cwd=self.folder,
            env={**os.environ, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def build(self, *arguments, **options):
        """Run ``snakemake`` and insist that it succeeds."""
        done = self.run(*arguments, **options)
        assert done.returncode == 0, done.stdout[-4000:]
        return done.stdout

    def planned(self, *arguments):
        """Return what a dry run would build: the first output of every job, relative to ``results/``."""
        told = self.build("--dry-run", *arguments)
        outputs = re.findall(r"^ +output: results/([^,\s]+)", told, flags=re.MULTILINE)
        assert outputs or "Nothing to be done" in told, told[-4000:]
        assert len(outputs) == len(set(outputs)), outputs
        return set(outputs)

    def aggregates(self, experiment):
        """Return the first outputs of all jobs that read every curve or fit of an experiment, and the reports."""
        figures = (self.folder / "results" / experiment / "figures").glob("*.png")
        names = ["results.json", "report.txt", "report.html", *(f"figures/{path.name}" for path in figures)]
        return {f"{experiment}/{name}" for name in names} | {"compare.html"}

    def text(self, path):
        """Return a file's text."""
        return (self.folder / path).read_text(encoding="utf-8")

    def write(self, path, text):
        """Write a file."""
        (self.folder / path).write_text(text, encoding="utf-8")

    def replace(self, path, old, new):
        """Replace a piece of a file that is there exactly once."""
        assert self.text(path).count(old) == 1, f"{old!r} in {path}"
        self.write(path, self.text(path).replace(old, new))

    def comment(self, path):
        """Edit a source file without changing what it does."""
        self.write(path, self.text(path) + "\n# Edited.\n")


def copy_of_the_tree(folder, config="tests/data/smoke.yaml"):
    """Return a study in which nothing is built yet."""
    folder.mkdir()
    for name in FILES:
        shutil.copy2(ROOT / name, folder)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(ROOT / config, folder / "config.yaml")
    return Study(folder)
