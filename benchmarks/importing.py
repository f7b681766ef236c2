"""Rows per second and peak memory of import, for CSV and Parquet.

Usage: ``OMP_NUM_THREADS=1 python benchmarks/importing.py [curves]``. Writes into a temporary folder one curve of
1,000,000 points, and `curves` (100,000 unless given) of 500 points, the runs one after the other and, in steps of 1,000
runs, in turn. Each is read in a process of its own, the many curves as one part of eight. Printed are the size of the
file, rows and megabytes per second of CPU time, the peak memory of the process, what it was before reading, and the
rule of docs/own-curves.md: 200 MiB, 84 bytes for each of the part's points, 2 KiB for each of its curves, and 400 bytes
for each curve there is.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

POINTS = 500
PARTS = 8
TOGETHER = 1000
MIB = 1 << 20


def tables(curves: int, points: int, in_turn: int) -> Iterator[pa.Table]:
    """Yield the rows of some curves at a time."""
    steps = np.arange(1, points + 1)
    for first in range(0, curves, TOGETHER):
        runs = np.arange(first, min(first + TOGETHER, curves))
        run, step = np.repeat(runs, points), np.tile(steps, runs.size)
        if in_turn:
            run, step = np.tile(runs, points), np.repeat(steps, runs.size)
        loss = np.round(2.0 + 3.0 * step**-0.4 + 1e-6 * run, 5)
        names = pa.array([f"run{number:06d}" for number in runs]).take(pa.array(run - first))
        yield pa.table({"run": names, "step": step, "loss": loss, "lr": np.full(step.size, 0.001)})


def write(path: Path, curves: int, points: int, in_turn: int) -> None:
    """Write a CSV or Parquet file, some curves at a time."""
    writer = None
    for table in tables(curves, points, in_turn):
        if writer is None:
            open_writer = csv.CSVWriter if path.suffix == ".csv" else parquet.ParquetWriter
            writer = open_writer(str(path), table.schema)
        writer.write_table(table)
    writer.close()


def read(path: str, parts: int) -> None:
    """Read a file and print what it took."""
    from losslaws.config.sources import Import
    from losslaws.importing.source import import_curves

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.process_time()
    found = import_curves(Import(name="x", files=path, curve="run", chunks=parts))
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    points = sum(curve.t.size for curve in found.curves)
    rule = 200 + (84 * points + 2048 * len(found.curves) + 400 * len(found.curves) * parts) / MIB
    size = Path(path).stat().st_size / MIB
    rows = points * parts
    print(f"{size:8.0f} {rows / seconds:12,.0f} {size / seconds:8.0f} {peak:9.0f} {before:8.0f} {rule:8.0f}")


def main() -> None:
    """Print the table."""
    curves = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(f"{'file':28s} {'MiB':>8} {'rows/s':>12} {'MiB/s':>8} {'peak MiB':>9} {'before':>8} {'rule':>8}")
    cases = [("one curve", 1, 1_000_000, False, 1), (f"{curves:,} curves", curves, POINTS, False, PARTS)]
    cases.append((f"{curves:,} curves in turn", curves, POINTS, True, PARTS))
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("csv", "parquet"):
            for name, number, points, in_turn, parts in cases:
                path = Path(folder) / f"curves.{suffix}"
                print(f"{suffix:8s}{name:20s}", end=" ", flush=True)
                for job in (["write", number, points, int(in_turn)], ["read", parts]):
                    arguments = [sys.executable, __file__, job[0], str(path), *map(str, job[1:])]
                    subprocess.run(arguments, check=True)
                path.unlink()


if __name__ == "__main__":
    if sys.argv[1:2] == ["read"]:
        read(sys.argv[2], int(sys.argv[3]))
    elif sys.argv[1:2] == ["write"]:
        write(Path(sys.argv[2]), *map(int, sys.argv[3:]))
    else:
        main()
