"""From a task's data to a loss curve: the loop over the epochs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from losslaws.tasks._task import Samples, Task
from losslaws.training import fast_mlp
from losslaws.training.fast_mlp import FastMLP
from losslaws.training.models import build_model, parameter_count
from losslaws.training.optimizers import optimizer_of
from losslaws.training.plain import PlainTraining
from losslaws.training.schedules import learning_rates

Progress = Callable[[int, float], None]
"""Called after each epoch with its number and its loss."""


@dataclass(frozen=True)
class Record:
    """What is kept of one training, at some of its epochs.

    Attributes
    ----------
    epochs : ndarray of shape (points,)
        Numbers of the recorded epochs, counted from 1.
    learning_rates : ndarray of shape (points,)
        The learning rate of each of them.
    losses : ndarray of shape (points,)
        The plain mean of the losses of an epoch's batches, each before its step. From the first epoch whose loss is
        not finite all are NaN: nothing can be learned from then on.
    n_params : int
        Number of trainable parameters.
    """

    epochs: NDArray[np.int64]
    learning_rates: NDArray[np.float64]
    losses: NDArray[np.float64]
    n_params: int


def train_curve(
    task: Task, samples: Samples, width: int, seed: int, settings: Mapping[str, Any], progress: Progress
) -> Record:
    """Train one network and record its losses.

    Parameters
    ----------
    task : Task
        What kind of problem it is.
    samples : Samples
        The training data.
    width : int
        Hidden units per layer.
    seed : int
        Seeds torch's global generator, from which the initial weights and then one permutation per epoch are drawn,
        and nothing else.
    settings : mapping
        `training` of the config, complete.
    progress : callable
        Told of every epoch.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    inputs, target = as_tensors(samples)
    model = build_model(task, len(samples.features), width, settings)
    optimizer = optimizer_of(settings)
    batch_size = len(target) if settings["batch_size"] == "full" else settings["batch_size"]
    way: type[FastMLP | PlainTraining] = FastMLP if fast_mlp.applies(model, optimizer) else PlainTraining
    training = way(model, optimizer, task.loss, inputs, target, batch_size)
    rates, epochs = learning_rates(settings), recorded_epochs(settings)
    losses = dict.fromkeys(epochs.tolist(), np.nan)
    for epoch, rate in enumerate(rates.tolist(), start=1):
        loss = training.run_epoch(rate)
        if not np.isfinite(loss):
            break
        if epoch in losses:
            losses[epoch] = loss
        progress(epoch, loss)
    return Record(epochs, rates[epochs - 1], np.array(list(losses.values())), parameter_count(model))


def recorded_epochs(settings: Mapping[str, Any]) -> NDArray[np.int64]:
    """Return every so-manieth epoch, and the last."""
    every, last = settings["record_every"], settings["epochs"]
    return np.unique([*range(every, last, every), last])


def as_tensors(samples: Samples) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the inputs, of shape (rows, features), and the target, of shape (rows,)."""
    inputs = np.stack(list(samples.features.values()), axis=1)
    return torch.tensor(inputs), torch.tensor(samples.target)
