"""Training any ``nn.Module`` with PyTorch's own gradients and optimisers."""

from collections.abc import Callable, Iterable

import torch
from torch import nn

LOSSES: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    "cross_entropy": nn.functional.cross_entropy,
    "mse": lambda output, target: nn.functional.mse_loss(output.squeeze(1), target),
}


class PlainTraining:
    """The training of one network, epoch by epoch.

    Parameters
    ----------
    model : nn.Module
        The network; trained in place.
    optimizer : callable
        Makes the optimiser from the model's parameters; its learning rate is that of each epoch.
    loss : {"cross_entropy", "mse"}
        The training loss.
    inputs : Tensor of shape (rows, features)
        Operands (int64) or real numbers.
    target : Tensor of shape (rows,)
        Class labels (int64) or real numbers.
    batch_size : int
        Rows per step; the last batch of an epoch has what is left.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: Callable[[Iterable[nn.Parameter]], torch.optim.Optimizer],
        loss: str,
        inputs: torch.Tensor,
        target: torch.Tensor,
        batch_size: int,
    ) -> None:
        self.model, self.optimizer, self.loss = model, optimizer(model.parameters()), LOSSES[loss]
        self.inputs, self.target, self.batch_size = inputs, target, batch_size

    @torch.no_grad()
    def outputs(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the network's outputs as it is now."""
        outputs: torch.Tensor = self.model(inputs)
        return outputs

    def run_epoch(self, learning_rate: float) -> float:
        """Take one step per batch of a fresh permutation and return the mean of the batches' losses."""
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate
        batches = torch.randperm(len(self.target)).split(self.batch_size)  # type: ignore[no-untyped-call]
        total = 0.0
        for rows in batches:
            self.optimizer.zero_grad()
            loss = self.loss(self.model(self.inputs[rows]), self.target[rows])
            loss.backward()  # type: ignore[no-untyped-call]
            self.optimizer.step()
            total += loss.item()
        return total / len(batches)
