"""Wall time and peak memory of a whole study of many curves: import, four laws, tables, figures, reports.

Usage: ``python benchmarks/many_curves.py [curves] [cores]``, 100,000 curves of 500 points on 2 cores unless given. A
quarter of the curves follows each law of the default study, with noise. They are written to one Parquet file in a
temporary folder and imported in eight chunks. Printed are the wall time of Snakemake, and per rule the jobs, the sum of
their wall and CPU times and the largest memory of one of them.
"""

import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

ROOT = Path(__file__).parents[1]
POINTS, TOGETHER = 500, 1000
CONFIG = """
run: [many]
experiments:
  many:
    import:
      - {name: runs, files: "runs.parquet", curve: run, chunks: 8}
    fitting: {laws: [power_law, exponential, stretched_exp, log_power], skip: 10}
    analyses: [universality]
"""


def losses(rng: np.random.Generator, count: int, t: np.ndarray) -> np.ndarray:
    """Return curves of the four laws in turn, each with parameters of its own, and noise of a thousandth."""
    scale, shape = rng.uniform(5.0, 200.0, (count, 1)), rng.uniform(0.3, 1.2, (count, 1))
    decays = [t**-shape, np.exp(-t / scale), np.exp(-((t / scale) ** shape)), 1 / (1 + np.log(t) ** (2 * shape))]
    kind = np.arange(count)[:, None] % 4
    clean = rng.uniform(0.1, 2.0, (count, 1)) + 3.0 * np.choose(kind, decays)
    return clean + 1e-3 * rng.normal(size=clean.shape)


def write(path: Path, curves: int) -> None:
    """Write the curves, some at a time, the rows of a curve together."""
    rng, t, writer = np.random.default_rng(0), np.arange(1.0, POINTS + 1), None
    for first in range(0, curves, TOGETHER):
        count = min(TOGETHER, curves - first)
        names = pa.array([f"run{number:06d}" for number in range(first, first + count)])
        run = names.take(pa.array(np.repeat(np.arange(count), POINTS)))
        table = pa.table({"run": run, "step": np.tile(t, count), "loss": losses(rng, count, t).ravel()})
        writer = writer or parquet.ParquetWriter(str(path), table.schema)
        writer.write_table(table)
    writer.close()


def main() -> None:
    curves = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    cores = sys.argv[2] if len(sys.argv) > 2 else "2"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "runs.parquet", curves)
        (folder / "many.yaml").write_text(CONFIG, encoding="utf-8")
        command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "workflow/Snakefile"), "--cores", cores]
        command += ["--directory", name, "--configfile", "many.yaml", "--quiet", "all"]
        started = time.perf_counter()
        subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT / "workflow")}, check=True)
        print(f"{curves} curves of {POINTS} points: {time.perf_counter() - started:.0f} s on {cores} cores")
        report(folder / "results/many")


def report(results: Path) -> None:
    """Print time and memory per rule, and the size of the results."""
    jobs: dict[str, list[tuple[float, float, float]]] = {}
    for file in sorted((results / "benchmarks").rglob("*.tsv")):
        rule = file.relative_to(results / "benchmarks").parts[0].removesuffix(".tsv")
        with file.open(encoding="utf-8") as lines:
            (row,) = csv.DictReader(lines, delimiter="\t")
        # Snakemake has no figures of a job that ends at once.
        known = (0.0 if row[name] in ("NA", "-") else float(row[name]) for name in ("s", "cpu_time", "max_rss"))
        jobs.setdefault(rule, []).append(tuple(known))
    for rule, entries in jobs.items():
        wall, cpu, memory = zip(*entries, strict=True)
        print(
            f"{rule:14} {len(entries):3} jobs {sum(wall):7.1f} s, CPU {sum(cpu):7.1f} s, at most {max(memory):6.0f} MiB"
        )
    size = sum(path.stat().st_size for path in results.rglob("*") if path.is_file())
    print(f"results: {size / 2**20:.0f} MiB")


if __name__ == "__main__":
    main()
