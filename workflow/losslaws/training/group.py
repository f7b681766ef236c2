"""Training all curves of one group: one task at one width, every seed."""

import logging
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from losslaws.curves.curve import Curve
from losslaws.tasks.dataset import read_data
from losslaws.tasks.task import Task
from losslaws.training.horizon import at_width
from losslaws.training.loop import Record, train_curve

REPORT_EVERY = 5.0
"""Seconds between two lines of progress."""

logger = logging.getLogger(__name__)


def train_group(
    data: str | Path, name: str, task: Task, width: int, seeds: Sequence[int], settings: Mapping[str, Any]
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
    settings : mapping
        The experiment's `training`.
    """
    curves = []
    fresh = settings["fresh_data"]
    features = len(read_data(data, seeds[0], "test" if fresh else "train").features)
    settings = at_width(settings, task, features, width)
    progress = Progress(len(seeds), settings["epochs"])
    for seed in seeds:
        curve = f"{name}_w{width}_s{seed}"
        progress.start(curve)
        further = task.stream(seed) if fresh and task.stream else None
        samples = next(further) if further else read_data(data, seed)
        tested = fresh or settings["train_fraction"] < 1
        test = read_data(data, seeds[0] if fresh else seed, "test") if tested else None
        record = train_curve(task, samples, width, seed, settings, progress.epoch, test, further)
        finite = np.isfinite(record.losses["train"])
        if not finite.all():
            logger.warning("%s: the loss is not finite from epoch %d on", curve, record.epochs[~finite][0])
        about: dict[str, str | int] = {"task": name, "width": width, "seed": seed, "n_params": record.n_params}
        curves += curves_of(record, curve, about, settings)
    return curves


def curves_of(record: Record, name: str, about: Mapping[str, str | int], settings: Mapping[str, Any]) -> list[Curve]:
    """Return the curve of the training loss and, with `_test` after its name, that of the test loss.

    The learning rate is noted only where it changes.
    """
    changes = settings["schedule"] != "constant" or settings["warmup"] > 0
    return [
        Curve(
            name if split == "train" else f"{name}_{split}",
            record.epochs.astype(np.float64),
            losses,
            {**about, "split": split},
            record.learning_rates if changes else None,
            record.accuracies.get(split),
        )
        for split, losses in record.losses.items()
    ]


class Progress:
    """Log the epoch, the loss and the time left, every few seconds and at the end of each curve.

    Parameters
    ----------
    curves : int
        How many curves will be trained, one after the other.
    epochs : int
        Epochs of each.
    """

    def __init__(self, curves: int, epochs: int) -> None:
        self.curves, self.epochs = curves, epochs
        self.started = self.reported = time.monotonic()
        self.name, self.number = "", 0

    def start(self, name: str) -> None:
        """Go on to the next curve."""
        self.name, self.number = name, self.number + 1

    def epoch(self, epoch: int, loss: float) -> None:
        """Log `epoch` of the current curve, and its loss, if it is time to."""
        now = time.monotonic()
        if epoch < self.epochs and now - self.reported < REPORT_EVERY:
            return
        self.reported = now
        done = (self.number - 1) * self.epochs + epoch
        left = (now - self.started) / done * (self.curves * self.epochs - done)
        which = f"{self.name} ({self.number} of {self.curves})" if self.curves > 1 else self.name
        logger.info("%s: epoch %d of %d, loss %.3g, %.0f s left", which, epoch, self.epochs, loss, left)
