"""The data table of a task: the data set of every seed in one file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from losslaws.core.errors import LosslawsError
from losslaws.storage import files as storage
from losslaws.tasks.task import Samples, Task


def write_data(path: str | Path, name: str, task: Task, seeds: Sequence[int], train_fraction: float = 1.0) -> None:
    """Draw the data of every seed and write them: columns `seed`, `split`, the features, `target`.

    With a `train_fraction` of 0 all rows are for testing: training draws its own.

    Raises
    ------
    LosslawsError
        If another `train_fraction` leaves no rows to train on, or none to test on.
    """
    parts = []
    for seed in seeds:
        samples = task.sample(seed)
        rows = len(samples.target)
        trained = training_rows(rows, seed, train_fraction)
        if train_fraction and (not trained.any() or (train_fraction < 1 and trained.all())):
            purpose = "test on" if trained.any() else "train on"
            raise LosslawsError(
                f"training.train_fraction is {train_fraction}; expected one that leaves {name} rows to {purpose}, of "
                f"its {rows}"
            )
        parts.append(
            pa.table(
                {
                    "seed": np.full(rows, seed, dtype=np.int64),
                    "split": pa.array(["test", "train"]).take(pa.array(trained.astype(np.int64))),
                    **samples.features,
                    "target": samples.target,
                }
            )
        )
    origin = {"task": name, "seeds": list(seeds), "train_fraction": train_fraction}
    storage.write_table(path, pa.concat_tables(parts), origin)


def training_rows(rows: int, seed: int, fraction: float) -> NDArray[np.bool_]:
    """Return which rows are trained on: the first ones, round(fraction · rows), of a random order.

    The order comes from a child of the seed's stream, so the data are the same at every fraction, and with one seed a
    smaller fraction is a part of a larger one.
    """
    (stream,) = np.random.default_rng(seed).spawn(1)
    trained = np.zeros(rows, dtype=np.bool_)
    trained[stream.permutation(rows)[: round(fraction * rows)]] = True
    return trained


def read_data(path: str | Path, seed: int, split: Literal["train", "test"] = "train") -> Samples:
    """Read the rows of one seed that are trained on, or those that are not.

    Raises
    ------
    LosslawsError
        If the file is missing or damaged, or holds nothing for that seed.
    """
    table = storage.read_table(path)
    rows = table.filter((pc.field("seed") == seed) & (pc.field("split") == split))
    if not rows.num_rows:
        kind = "training" if split == "train" else "test"
        raise LosslawsError(f"{path} has no {kind} rows for seed {seed}: delete this file and run snakemake again")
    features = [name for name in table.column_names if name not in ("seed", "split", "target")]
    return Samples({name: rows[name].to_numpy() for name in features}, rows["target"].to_numpy())
