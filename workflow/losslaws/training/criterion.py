"""What a criterion is: the loss that training minimises."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import torch
from numpy.typing import NDArray


class Shared(NamedTuple):
    """One piece of memory as PyTorch and NumPy see it."""

    tensor: torch.Tensor
    array: NDArray[Any]


def shared(tensor: torch.Tensor) -> Shared:
    """Let NumPy see a tensor's memory."""
    return Shared(tensor, tensor.numpy())


class RowLosses(Protocol):
    """A loss and its gradient, written out for memory that is allocated once."""

    def __init__(self, outputs: Shared, slope: Shared) -> None:
        """Read the network's outputs Z from `outputs`, and leave ∂ℓ/∂Z in `slope`; both of shape (rows, outputs)."""

    def __call__(self, target: NDArray[Any]) -> NDArray[Any]:
        """Return the loss of each row, of shape (rows,), and leave the gradient of their sum."""


@dataclass(frozen=True)
class Criterion:
    """A loss of a network's outputs, of shape (rows, outputs), given the target, of shape (rows,).

    Attributes
    ----------
    loss : callable
        ``loss(outputs, target)`` returns the mean over the rows, which PyTorch can differentiate.
    written_out : class, optional
        The same as :class:`RowLosses`. Without it, networks are trained by PyTorch's gradients, which takes longer.
    accuracy : callable, optional
        ``accuracy(outputs, target)`` returns the fraction of the rows that are classified correctly; None if the target
        is no class.
    """

    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
    written_out: type[RowLosses] | None = None
    accuracy: Callable[[torch.Tensor, torch.Tensor], float] | None = None
