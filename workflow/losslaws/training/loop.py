"""From a task's data to a loss curve: the loop over the epochs."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from losslaws.tasks.task import Samples, Task
from losslaws.training.backends import mlp as fast_mlp
from losslaws.training.backends.autograd import LOSSES, PlainTraining
from losslaws.training.backends.mlp import FastMLP
from losslaws.training.models import build_model, parameter_count
from losslaws.training.optimizers import optimizer_of
from losslaws.training.parametrization import initialise, rate_factors
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
    losses : dict of str to ndarray of shape (points,)
        ``"train"``: the plain mean of the losses of an epoch's batches, each before its step. ``"test"``, where there
        are test data: their loss after the epoch. From the first epoch whose training loss is not finite all are NaN:
        nothing can be learned from then on.
    accuracies : dict of str to ndarray of shape (points,)
        The share of the same rows that are classified rightly after the epoch; empty for regression and without test
        data.
    n_params : int
        Number of trainable parameters.
    """

    epochs: NDArray[np.int64]
    learning_rates: NDArray[np.float64]
    losses: dict[str, NDArray[np.float64]]
    accuracies: dict[str, NDArray[np.float64]]
    n_params: int


@contextmanager
def flushed_denormals() -> Iterator[None]:
    """Round results below the normal range of floats to zero.

    Late in training most class probabilities lie there, and arithmetic with such numbers is slow.
    """
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


@flushed_denormals()
def train_curve(
    task: Task,
    samples: Samples,
    width: int,
    seed: int,
    settings: Mapping[str, Any],
    progress: Progress,
    test: Samples | None = None,
    further: Iterator[Samples] | None = None,
) -> Record:
    """Train one network and record its losses.

    Parameters
    ----------
    task : Task
        What kind of problem it is.
    samples : Samples
        The training data, or those of the first epoch.
    width : int
        Hidden units per layer.
    seed : int
        Seeds torch's global generator, from which the initial weights and then one permutation per epoch are drawn,
        and nothing else.
    settings : mapping
        `training` of the config, complete.
    progress : callable
        Told of every epoch.
    test : Samples or None
        Data that are not trained on.
    further : iterator of Samples, optional
        The training data of each later epoch.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    inputs, target = as_tensors(samples)
    model = initial_model(task, len(samples.features), width, settings)
    training = training_of(model, task, inputs, target, width, settings)
    rates, epochs = learning_rates(settings), recorded_epochs(settings)
    classes = task.loss == "cross_entropy"
    judged = {} if test is None else {"test": as_tensors(test), **({"train": (inputs, target)} if classes else {})}
    losses = {split: np.full(epochs.size, np.nan) for split in ("train", *judged)}
    accuracies = {split: np.full(epochs.size, np.nan) for split in judged if classes}
    point_of = {epoch: point for point, epoch in enumerate(epochs.tolist())}
    for epoch, rate in enumerate(rates.tolist(), start=1):
        if further is not None and epoch > 1:
            training.feed(*as_tensors(next(further)))
        loss = training.run_epoch(rate)
        if not np.isfinite(loss):
            break
        progress(epoch, loss)
        if epoch in point_of:
            point = point_of[epoch]
            for split, (rows, answers) in judged.items():
                outputs = training.outputs(rows)
                losses[split][point] = LOSSES[task.loss](outputs, answers).item()
                if classes:
                    accuracies[split][point] = (outputs.argmax(dim=1) == answers).double().mean().item()
            losses["train"][point] = loss
    return Record(epochs, rates[epochs - 1], losses, accuracies, parameter_count(model))


def initial_model(task: Task, features: int, width: int, settings: Mapping[str, Any]) -> nn.Module:
    """Return the network that the settings name, with its initial values."""
    model = build_model(task, features, width, settings)
    if settings["parametrization"] == "mup":
        initialise(model, width / settings["base_width"])
    return model


def training_of(
    model: nn.Module, task: Task, inputs: torch.Tensor, target: torch.Tensor, width: int, settings: Mapping[str, Any]
) -> FastMLP | PlainTraining:
    """Return the training of a model on data, written out where that is possible."""
    optimizer, factors = optimizer_of(settings), rate_factors(model, settings, width)
    batch_size = len(target) if settings["batch_size"] == "full" else settings["batch_size"]
    way: type[FastMLP | PlainTraining] = FastMLP if fast_mlp.applies(model, optimizer) else PlainTraining
    return way(model, optimizer, task.loss, inputs, target, batch_size, factors)


def recorded_epochs(settings: Mapping[str, Any]) -> NDArray[np.int64]:
    """Return every so-manieth epoch, and the last."""
    every, last = settings["record_every"], settings["epochs"]
    return np.unique([*range(every, last, every), last])


def as_tensors(samples: Samples) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the inputs, of shape (rows, features), and the target, of shape (rows,)."""
    inputs = np.stack(list(samples.features.values()), axis=1)
    return torch.tensor(inputs), torch.tensor(samples.target)
