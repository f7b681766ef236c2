"""Training any ``nn.Module`` with PyTorch's own gradients and optimizers."""

from collections.abc import Callable, Sequence

import torch
from torch import nn

from losslaws.training.parametrization import parameter_groups


class PlainTraining:
    """The training of one network, epoch by epoch.

    Parameters
    ----------
    model : nn.Module
        The network; trained in place.
    optimizer : callable
        Makes the optimizer from groups of the model's parameters.
    loss : callable
        The mean loss of some rows, given the network's outputs and the target.
    inputs : Tensor of shape (rows, features)
        Operands (int64) or real numbers.
    target : Tensor of shape (rows,)
        Class labels (int64) or real numbers.
    batch_size : int
        Rows per step; the last batch of an epoch has what is left.
    factors : sequence of float, optional
        By what the learning rate of each of the model's parameters is multiplied; 1 if not given.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: Callable[[list[dict[str, object]]], torch.optim.Optimizer],
        loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
        inputs: torch.Tensor,
        target: torch.Tensor,
        batch_size: int,
        factors: Sequence[float] | None = None,
    ) -> None:
        groups = parameter_groups(model, factors or [1.0] * len(list(model.parameters())))
        self.model, self.optimizer, self.loss = model, optimizer(groups), loss
        self.batch_size = batch_size
        self.feed(inputs, target)

    def feed(self, inputs: torch.Tensor, target: torch.Tensor) -> None:
        """Train on other data from now on."""
        self.inputs, self.target = inputs, target

    @torch.no_grad()
    def outputs(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the network's outputs as it is now."""
        outputs: torch.Tensor = self.model(inputs)
        return outputs

    def run_epoch(self, learning_rate: float) -> float:
        """Take one step per batch of a fresh permutation and return the mean of the batches' losses."""
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate * group["factor"]
        batches = torch.randperm(len(self.target)).split(self.batch_size)  # type: ignore[no-untyped-call]
        total = 0.0
        for rows in batches:
            self.optimizer.zero_grad()
            loss = self.loss(self.model(self.inputs[rows]), self.target[rows])
            loss.backward()  # type: ignore[no-untyped-call]
            self.optimizer.step()
            total += loss.item()
        return total / len(batches)
