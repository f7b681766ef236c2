"""Training all curves of one group: one task at one width, every seed."""

import logging
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from losslaws.curves import Curve
from losslaws.data_table import read_data
from losslaws.tasks._task import Task
from losslaws.training.loop import train_curve

REPORT_EVERY = 5.0
"""Seconds between two lines of progress."""

logger = logging.getLogger(__name__)


def train_group(
    data: str | Path, name: str, task: Task, width: int, seeds: Sequence[int], settings: Mapping[str, Any]
) -> list[Curve]:
    """Train one network per seed on the data of that seed.

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
    for seed in seeds:
        curve = f"{name}_w{width}_s{seed}"
        progress = Progress(curve, settings["epochs"])
        losses, n_params = train_curve(task, read_data(data, seed), width, seed, settings, progress)
        if not np.isfinite(losses).all():
            logger.warning("%s: the loss is not finite from epoch %d on", curve, np.isfinite(losses).sum() + 1)
        attributes: dict[str, str | int] = {
            "task": name,
            "width": width,
            "seed": seed,
            "split": "train",
            "n_params": n_params,
        }
        curves.append(Curve(curve, np.arange(1.0, len(losses) + 1), losses, attributes))
    return curves


class Progress:
    """Log the epoch, the loss and the time left of a training run, every few seconds and at its end."""

    def __init__(self, curve: str, epochs: int) -> None:
        self.curve, self.epochs = curve, epochs
        self.started = self.reported = time.monotonic()

    def __call__(self, epoch: int, loss: float) -> None:
        """Log `epoch` and `loss` if it is time to."""
        now = time.monotonic()
        if epoch < self.epochs and now - self.reported < REPORT_EVERY:
            return
        self.reported = now
        left = (now - self.started) / epoch * (self.epochs - epoch)
        logger.info("%s: epoch %d of %d, loss %.3g, %.0f s left", self.curve, epoch, self.epochs, loss, left)
