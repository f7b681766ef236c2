"""From a task's data to a loss curve: one recorded loss per epoch."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from losslaws.tasks._task import Samples, Task
from losslaws.training import fast_mlp
from losslaws.training.fast_mlp import FastMLP
from losslaws.training.models import ARCHITECTURES, parameter_count
from losslaws.training.optimizers import optimizer_of
from losslaws.training.plain import PlainTraining
from losslaws.training.schedules import learning_rates

Progress = Callable[[int, float], None]
"""Called after each epoch with its number and its loss."""


def train_curve(
    task: Task, samples: Samples, width: int, seed: int, settings: Mapping[str, Any], progress: Progress
) -> tuple[NDArray[np.float64], int]:
    """Train one network and return its training loss per epoch.

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

    Returns
    -------
    losses : ndarray of shape (epochs,)
        The plain mean of the losses of an epoch's batches, each before its step. From the first epoch whose loss is
        not finite all are NaN: nothing can be learned from then on.
    n_params : int
        Number of trainable parameters.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    inputs, target = as_tensors(samples)
    model = ARCHITECTURES[settings["architecture"]](task, len(samples.features), width)
    optimizer = optimizer_of(settings)
    way: type[FastMLP | PlainTraining] = FastMLP if fast_mlp.applies(model, optimizer) else PlainTraining
    training = way(model, optimizer, task.loss, inputs, target, settings["batch_size"])
    losses = np.full(settings["epochs"], np.nan)
    for epoch, rate in enumerate(learning_rates(settings).tolist()):
        loss = training.run_epoch(rate)
        if not np.isfinite(loss):
            break
        losses[epoch] = loss
        progress(epoch + 1, loss)
    return losses, parameter_count(model)


def as_tensors(samples: Samples) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the inputs, of shape (rows, features), and the target, of shape (rows,)."""
    inputs = np.stack(list(samples.features.values()), axis=1)
    return torch.tensor(inputs), torch.tensor(samples.target)
