"""Training all curves of one group: one task at one width, every seed."""

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from losslaws.config.training import Training
from losslaws.core.progress import Progress
from losslaws.curves.curve import Curve, Scalar
from losslaws.tasks.dataset import read_data
from losslaws.tasks.task import Task
from losslaws.training.horizon import settings_at_width
from losslaws.training.loop import Record, train_curve

logger = logging.getLogger(__name__)


def train_group(
    data: str | Path, name: str, task: Task, width: int, seeds: Sequence[int], settings: Training
) -> list[Curve]:
    """Train one network per seed on the data of that seed; where some rows are not trained on, test it on them.

    With `fresh_data` every epoch has new data, and all seeds are tested on the table's rows of the first of them, so
    that they differ in nothing but their training.

    Parameters
    ----------
    data : path
        The task's data table.
    name : str
        The task's name.
    task : Task
        The task.
    width : int
        Hidden units per layer.
    seeds : sequence of int
        One curve each.
    settings : Training
        How they are trained; `epochs` is that of the base width.
    """
    curves = []
    fresh = settings.fresh_data
    features = len(read_data(data, seeds[0], "test" if fresh else "train").features)
    settings = settings_at_width(settings, task, features, width)
    progress = Progress(f"epochs of {name}_w{width}", len(seeds) * settings.epochs)
    for number, seed in enumerate(seeds):
        curve = f"{name}_w{width}_s{seed}"
        # A training that diverged ended early.
        progress.done = number * settings.epochs
        further = task.stream(seed) if fresh and task.stream else None
        samples = next(further) if further else read_data(data, seed)
        tested = fresh or settings.train_fraction < 1
        test = read_data(data, seeds[0] if fresh else seed, "test") if tested else None
        record = train_curve(task, samples, width, seed, settings, _reporter(progress, curve), test, further)
        finite = np.isfinite(record.recorded["train"]["loss"])
        if not finite.all():
            logger.warning("%s: the loss is not finite from epoch %d on", curve, record.epochs[~finite][0])
        about: dict[str, Scalar] = {"task": name, "width": width, "seed": seed, "n_params": record.n_params}
        curves += curves_of(record, curve, about, settings)
    return curves


def _reporter(progress: Progress, curve: str) -> Callable[[int, float], None]:
    return lambda epoch, loss: progress.add(1, f"{curve} has loss {loss:.3g}")


def curves_of(record: Record, name: str, about: Mapping[str, Scalar], settings: Training) -> list[Curve]:
    """Return the curve of the training loss and, with `_test` after its name, that of the test loss.

    The learning rate is noted only where it changes.
    """
    changes = settings.schedule != "constant" or settings.warmup > 0
    rates = {"lr": record.learning_rates} if changes else {}
    return [
        Curve(
            name if split == "train" else f"{name}_{split}",
            record.epochs.astype(np.float64),
            values["loss"],
            {**about, "split": split},
            rates | {series: measured for series, measured in values.items() if series != "loss"},
        )
        for split, values in record.recorded.items()
    ]
