"""How initial values and learning rates depend on the width of an MLP: standard, or maximal-update (μP).

With r = width / `base_width`, μP (Yang et al. 2022, "Tensor Programs V", table 3) has

    parameter        initial values              Adam, AdamW    SGD
    input weights    as standard                 η              η·r
    hidden weights   as standard                 η/r            η
    output weights   0                           η/r            η/r
    hidden biases    as standard at base width   η              η·r
    output bias      0                           η              η
    embedding        as standard                 η              η

so that in each step every layer changes what it passes on by as much at any width, and a learning rate that is good at
one width is good at others. Standard initial values of weights are uniform within ±1/√fan_in, which is what μP asks of
weights that are not those of the output; those are zero as the authors advise. At the base width the rates are those of
the standard parametrization.
"""

from collections.abc import Sequence

import torch
from torch import nn

from losslaws.config.training import Training
from losslaws.training.models import linear_layers


@torch.no_grad()
def initialise(model: nn.Module, ratio: float) -> None:
    """Turn standard initial values of an MLP into those of μP.

    Parameters
    ----------
    model : nn.Module
        As initialised by PyTorch; changed in place.
    ratio : float
        r, the width over the base width.
    """
    _, *hidden, readout = linear_layers(model)
    for layer in hidden:
        layer.bias.mul_(ratio**0.5)
    for parameter in readout.parameters():
        parameter.zero_()


def rate_factors(model: nn.Module, settings: Training, width: int) -> list[float]:
    """Return by what the learning rate of each parameter is multiplied, in the order of ``model.parameters()``.

    Parameters
    ----------
    model : nn.Module
        The network.
    settings : Training
        Gives `parametrization`, `base_width` and `optimizer`.
    width : int
        Units in each hidden layer.
    """
    factors: dict[int, float] = {}
    if settings.parametrization == "mup":
        ratio, sgd = width / settings.base_width, settings.optimizer == "sgd"
        first, *hidden, readout = linear_layers(model)
        vectors = [first.weight, *(layer.bias for layer in (first, *hidden))]
        factors |= {id(parameter): ratio if sgd else 1.0 for parameter in vectors}
        factors |= {id(layer.weight): 1.0 if sgd else 1 / ratio for layer in hidden}
        factors[id(readout.weight)] = 1 / ratio
    return [factors.get(id(parameter), 1.0) for parameter in model.parameters()]


def parameter_groups(model: nn.Module, factors: Sequence[float]) -> list[dict[str, object]]:
    """Return PyTorch's parameter groups, one for each factor, which is kept as `factor`."""
    groups: dict[float, list[nn.Parameter]] = {}
    for parameter, factor in zip(model.parameters(), factors, strict=True):
        groups.setdefault(factor, []).append(parameter)
    return [{"params": parameters, "factor": factor} for factor, parameters in groups.items()]
