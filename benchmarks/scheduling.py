"""What Snakemake itself costs on large grids: planning, recording each job, finding that nothing is to be done.

Usage: ``python benchmarks/scheduling.py [RUNS ...]``, 1000 and 5000 runs unless given. A run is one trained curve. Each
number of runs is laid out in two ways, for one job trains all seeds of a cell (a task at one width): ten seeds in every
cell, and one. Nothing is trained: outputs are empty files, and ``snakemake --touch`` schedules and records every job as
done. Printed are, for each grid:

plan
    Wall time, CPU time and peak memory of ``snakemake -n`` before anything is built.
per job
    CPU time of scheduling and recording one job, which is what ``--touch`` takes beyond a plan.
nothing
    Wall time, CPU time and peak memory of ``snakemake`` where all is built.
after edit
    The same of ``snakemake -n`` where every library file has a newer time and its old content, as after a checkout.
files
    How many there are under ``results`` and ``.snakemake``, and the size of the latter.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
TREE = ("workflow", "envs")
TASKS = ["mod_add", "mod_mul", "regression", "classification"]
# The executor of --touch sleeps for a tenth of a second in every job.
TOUCH = """
import sys
from snakemake.cli import main
from snakemake.executors.touch import Executor
Executor.SLEEPING_TIME = 0
main(sys.argv[1:])
"""


class Cost(NamedTuple):
    """What one command took, in seconds and MiB, and what it said."""

    wall: float
    cpu: float
    memory: float
    said: str

    def __str__(self) -> str:
        return f"{self.wall:6.1f} s {self.cpu:6.1f} s {self.memory:5.0f} MiB"


def run(folder: Path, *command: str) -> Cost:
    """Run Python with these arguments in a folder."""
    started = time.perf_counter()
    with (folder / "said.txt").open("w+", encoding="utf-8") as said:
        process = subprocess.Popen([sys.executable, *command], cwd=folder, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        said.seek(0)
        text = said.read()
    if status:
        sys.exit(text[-4000:])
    # macOS counts bytes, Linux kibibytes.
    memory = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Cost(wall, usage.ru_utime + usage.ru_stime, memory, text)


def snakemake(folder: Path, *arguments: str) -> Cost:
    """Run Snakemake in a folder."""
    return run(folder, "-m", "snakemake", *arguments)


def write_study(folder: Path, cells: int, seeds: int) -> None:
    """Copy the tree, with the configuration of a grid: every task at as many widths as needed."""
    for name in TREE:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, folder / name)
    widths = list(range(1, cells // len(TASKS) + 1))
    grid = f"{{tasks: {TASKS}, widths: {widths}, seeds: {list(range(seeds))}, training: {{epochs: 20}}}}"
    (folder / "config.yaml").write_text(f"run: [grid]\nexperiments:\n  grid: {grid}\n", encoding="utf-8")


def write_outputs(folder: Path) -> None:
    """Write every file that the study would make, empty."""
    for line in snakemake(folder, "--summary").said.splitlines():
        path = folder / line.split("\t")[0]
        if path.is_relative_to(folder / "results"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()


def size(folder: Path) -> tuple[int, float]:
    """Return how many files a folder holds, and how many MiB they occupy on disk."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return len(files), sum(path.stat().st_blocks * 512 for path in files) / 2**20


def measure(runs: int, seeds: int) -> None:
    """Print the costs of one grid."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        write_study(folder, runs // seeds, seeds)
        plan = snakemake(folder, "--dry-run")
        jobs = int(re.findall(r"^total +(\d+)", plan.said, flags=re.MULTILINE)[0])
        print(f"{runs} runs, {runs // seeds} cells, {jobs} jobs\n  plan       {plan}", flush=True)
        write_outputs(folder)
        touched = run(folder, "-c", TOUCH, "--cores", "1", "--touch", "--forceall", "--quiet", "all")
        print(f"  per job    {(touched.cpu - plan.cpu) / jobs:6.4f} s", flush=True)
        nothing = snakemake(folder, "--cores", "1")
        if "Nothing to be done" not in nothing.said:
            sys.exit(nothing.said[-4000:])
        print(f"  nothing    {nothing}", flush=True)
        for path in (folder / "workflow" / "losslaws").rglob("*.py"):
            path.touch()
        edited = snakemake(folder, "--dry-run")
        if "Nothing to be done" not in edited.said:
            sys.exit(edited.said[-4000:])
        print(f"  after edit {edited}", flush=True)
        (results, _), (records, occupied) = size(folder / "results"), size(folder / ".snakemake")
        print(
            f"  files      {results} in results, {records} in .snakemake, which occupy {occupied:.0f} MiB", flush=True
        )


def main() -> None:
    print("              wall      CPU    memory")
    for runs in [int(argument) for argument in sys.argv[1:]] or [1000, 5000]:
        for seeds in (10, 1):
            measure(runs, seeds)


if __name__ == "__main__":
    main()
