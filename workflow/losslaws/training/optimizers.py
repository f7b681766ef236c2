"""PyTorch's optimizers, as the configuration names them."""

from collections.abc import Callable
from functools import partial

import torch

from losslaws.config.training import Training

OPTIMIZERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "sgd": torch.optim.SGD,
}
"""What ``training.optimizer`` in the config may name."""


def optimizer_of(settings: Training) -> partial[torch.optim.Optimizer]:
    """Return what makes the optimizer from a model's parameters.

    Weight decay is always passed on, because AdamW's own default is not 0. It is the gradient of an L2 penalty, but
    with AdamW a shrinkage θ ← (1 − η · decay) θ beside the step (Loshchilov and Hutter 2019).

    Parameters
    ----------
    settings : Training
        Gives `optimizer`, `learning_rate` and `weight_decay`; with SGD also `momentum` and `nesterov`.
    """
    keywords = {"lr": settings.learning_rate, "weight_decay": settings.weight_decay}
    if settings.optimizer == "sgd":
        keywords |= {"momentum": settings.momentum, "nesterov": settings.nesterov}
    return partial(OPTIMIZERS[settings.optimizer], **keywords)
