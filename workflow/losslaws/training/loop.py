"""From a task's data to a loss curve: the loop over the epochs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from losslaws.config.training import Training
from losslaws.core.arrays import Array
from losslaws.core.registry import CRITERIA
from losslaws.tasks.task import Samples, Task
from losslaws.training.backends import mlp as fast_mlp
from losslaws.training.backends.autograd import PlainTraining
from losslaws.training.backends.mlp import FastMLP
from losslaws.training.criterion import Criterion
from losslaws.training.models import build_model, parameter_count
from losslaws.training.optimizers import optimizer_of
from losslaws.training.parametrization import initialise, rate_factors
from losslaws.training.recorder import Data, Recording, Setup, Snapshot, measures_of
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
    recorded : dict of str to dict of str to ndarray of shape (points,)
        What was recorded, by the split of the data, ``"train"`` first, and by name. ``"loss"`` of ``"train"`` is the
        plain mean of the losses of an epoch's batches, each before its step; what recorders add is measured after the
        epoch. From the first epoch whose training loss is not finite all are NaN: nothing can be learned from then on.
    n_params : int
        Number of trainable parameters.
    """

    epochs: NDArray[np.int64]
    learning_rates: Array
    recorded: dict[str, dict[str, Array]]
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
    settings: Training,
    progress: Progress,
    test: Samples | None = None,
    further: Iterator[Samples] | None = None,
) -> Record:
    """Train one network; record its losses and what recorders measure.

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
    settings : Training
        How it is trained.
    progress : callable
        Told of every epoch.
    test : Samples or None
        Data that are not trained on.
    further : iterator of Samples, optional
        The training data of each later epoch.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    data = {"train": as_tensors(samples), **({} if test is None else {"test": as_tensors(test)})}
    criterion: Criterion = CRITERIA.load(task.loss)
    model = initial_model(task, len(samples.features), width, settings)
    training = training_of(model, criterion, data["train"], width, settings)
    rates, epochs = learning_rates(settings), recorded_epochs(settings)
    recording = Recording(measures_of(Setup(settings, criterion, data)), epochs)
    for epoch, rate in enumerate(rates.tolist(), start=1):
        if further is not None and epoch > 1:
            training.feed(*as_tensors(next(further)))
        loss = training.run_epoch(rate)
        if not np.isfinite(loss):
            break
        progress(epoch, loss)
        recording.add(epoch, loss, Snapshot(training, data))
    return Record(epochs, rates[epochs - 1], recording.values, parameter_count(model))


def initial_model(task: Task, features: int, width: int, settings: Training) -> nn.Module:
    """Return the network that the settings name, with its initial values."""
    model = build_model(task, features, width, settings)
    if settings.parametrization == "mup":
        initialise(model, width / settings.base_width)
    return model


def training_of(
    model: nn.Module, criterion: Criterion, data: Data, width: int, settings: Training
) -> FastMLP | PlainTraining:
    """Return the training of a model on data, written out where that is possible."""
    optimizer, factors = optimizer_of(settings), rate_factors(model, settings, width)
    batch_size = len(data.target) if settings.batch_size == "full" else settings.batch_size
    if criterion.written_out is not None and fast_mlp.applies(model, optimizer):
        return FastMLP(model, optimizer, criterion.written_out, *data, batch_size, factors)
    return PlainTraining(model, optimizer, criterion.loss, *data, batch_size, factors)


def recorded_epochs(settings: Training) -> NDArray[np.int64]:
    """Return every n-th epoch, and the last."""
    every, last = settings.record_every, settings.epochs
    return np.unique([*range(every, last, every), last])


def as_tensors(samples: Samples) -> Data:
    """Return the inputs, of shape (rows, features), and the target, of shape (rows,)."""
    inputs = np.stack(list(samples.features.values()), axis=1)
    return Data(torch.tensor(inputs), torch.tensor(samples.target))
