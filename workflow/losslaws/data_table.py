"""The data table of a task: the data set of every seed in one file."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from losslaws import storage
from losslaws.errors import LosslawsError
from losslaws.tasks._task import Samples, Task


def write_data(path: str | Path, name: str, task: Task, seeds: Sequence[int]) -> None:
    """Draw the data of every seed and write them: columns `seed`, `split`, the features, `target`."""
    parts = []
    for seed in seeds:
        samples = task.sample(seed)
        rows = len(samples.target)
        parts.append(
            pa.table(
                {
                    "seed": np.full(rows, seed, dtype=np.int64),
                    "split": pa.array(["train"]).take(pa.array(np.zeros(rows, dtype=np.int64))),
                    **samples.features,
                    "target": samples.target,
                }
            )
        )
    storage.write_table(path, pa.concat_tables(parts), {"task": name, "seeds": list(seeds)})


def read_data(path: str | Path, seed: int) -> Samples:
    """Read the training rows of one seed.

    Raises
    ------
    LosslawsError
        If the file is missing or damaged, or holds nothing for that seed.
    """
    table = storage.read_table(path)
    rows = table.filter((pc.field("seed") == seed) & (pc.field("split") == "train"))
    if not rows.num_rows:
        raise LosslawsError(f"{path} has no training rows for seed {seed}: delete this file and run snakemake again")
    features = [name for name in table.column_names if name not in ("seed", "split", "target")]
    return Samples({name: rows[name].to_numpy() for name in features}, rows["target"].to_numpy())
