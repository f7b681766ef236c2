"""Cross-entropy, for classes: −log softmax(Z)[target], with the gradient softmax(Z) − onehot(target)."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from losslaws.training.criterion import Criterion, Shared


class CrossEntropy:
    """Cross-entropy of each row in preallocated memory."""

    def __init__(self, outputs: Shared, slope: Shared) -> None:
        self.outputs, self.slope, self.flat_slope = outputs, slope, slope.array.reshape(-1)
        self.row_starts = np.arange(0, slope.array.size, slope.array.shape[1])

    def __call__(self, target: NDArray[Any]) -> NDArray[Any]:
        """Return the loss of each row and leave the gradient of their sum."""
        torch.log_softmax(self.outputs.tensor, 1, out=self.slope.tensor)
        at_target = self.row_starts + target
        losses: NDArray[Any] = -self.flat_slope[at_target]
        np.exp(self.slope.array, out=self.slope.array)
        self.flat_slope[at_target] -= 1
        return losses


def accuracy(outputs: torch.Tensor, target: torch.Tensor) -> float:
    """Return the fraction of rows whose largest output is that of their class."""
    return (outputs.argmax(dim=1) == target).double().mean().item()


CRITERION = Criterion(nn.functional.cross_entropy, CrossEntropy, accuracy)
