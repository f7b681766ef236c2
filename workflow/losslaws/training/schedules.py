"""The learning rate of every epoch, by PyTorch's schedulers.

With the peak η, W epochs of warm-up, n = epochs − W, the epochs k = 0 … n − 1 after the warm-up, and f = `decay_to`:

    warm-up        η · e/(W + 1)                                     e = 1 … W
    constant       η
    linear         η · (1 − (1 − f) k/n)
    cosine         η · (f + (1 − f)(1 + cos(πk/n))/2)                Loshchilov and Hutter 2017
    exponential    η · f^(k/n)
    step           η · f^⌊k/s⌋, s = `step_epochs`
    wsd            η until k = n − d, then linear over the last d = `decay_share` · n epochs     Hu et al. 2024

The rate holds for all steps of an epoch, so one number per epoch is all there is to know. A decay would reach fη with
one more epoch.
"""

from collections.abc import Callable
from itertools import accumulate

import numpy as np
import torch
from numpy.typing import NDArray
from torch.optim import lr_scheduler
from torch.optim.lr_scheduler import LRScheduler

from losslaws.config.training import Training

Phase = tuple[Callable[[torch.optim.Optimizer], LRScheduler], int]
"""A scheduler, made from the optimizer, and the number of epochs that it lasts."""


def learning_rates(settings: Training) -> NDArray[np.float64]:
    """Return the learning rate of every epoch, of shape (epochs,).

    Parameters
    ----------
    settings : Training
        Gives `epochs`, `learning_rate`, `schedule`, `warmup`, `decay_to`, `step_epochs`, `decay_share`.
    """
    # Only its learning rate is of interest.
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=settings.learning_rate)
    schedulers, lengths = zip(*((make(optimizer), epochs) for make, epochs in phases(settings)), strict=True)
    milestones = list(accumulate(lengths[:-1]))
    scheduler = lr_scheduler.SequentialLR(optimizer, list(schedulers), milestones)
    rates = np.empty(settings.epochs)
    for epoch in range(settings.epochs):
        rates[epoch] = optimizer.param_groups[0]["lr"]
        optimizer.step()
        scheduler.step()
    return rates


def phases(settings: Training) -> list[Phase]:
    """Return the schedulers that follow one another."""
    warmup, floor = settings.warmup, settings.decay_to
    epochs = settings.epochs - warmup
    lowest = floor * settings.learning_rate
    decay = max(1, round(settings.decay_share * epochs))
    schedules: dict[str, list[Phase]] = {
        "constant": [(constant, epochs)],
        "linear": [(falling(floor, epochs), epochs)],
        "cosine": [(lambda optimizer: lr_scheduler.CosineAnnealingLR(optimizer, epochs, lowest), epochs)],
        "exponential": [(lambda optimizer: lr_scheduler.ExponentialLR(optimizer, floor ** (1 / epochs)), epochs)],
        "step": [(lambda optimizer: lr_scheduler.StepLR(optimizer, settings.step_epochs, floor), epochs)],
        "wsd": [(constant, epochs - decay), (falling(floor, decay), decay)],
    }
    rise: Phase = (lambda optimizer: lr_scheduler.LinearLR(optimizer, 1 / (warmup + 1), total_iters=warmup), warmup)
    return [phase for phase in (rise, *schedules[settings.schedule]) if phase[1]]


def constant(optimizer: torch.optim.Optimizer) -> LRScheduler:
    """Keep the learning rate as it is."""
    return lr_scheduler.ConstantLR(optimizer, 1.0)


def falling(to: float, epochs: int) -> Callable[[torch.optim.Optimizer], LRScheduler]:
    """Fall in a straight line to `to` times the peak."""
    return lambda optimizer: lr_scheduler.LinearLR(optimizer, 1.0, to, epochs)
