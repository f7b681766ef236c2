"""The networks of the study, built from a task and a width."""

import torch
from torch import nn

from losslaws.tasks._task import Task

EMBEDDING = 16
"""Dimension of the embedding that both operands of a modular task share."""


class TokenEmbedding(nn.Module):
    """Embed integer operands of shape (rows, operands) with one shared table and concatenate the vectors."""

    def __init__(self, tokens: int) -> None:
        super().__init__()
        self.table = nn.Embedding(tokens, EMBEDDING)

    def forward(self, operands: torch.Tensor) -> torch.Tensor:
        """Return vectors of shape (rows, operands · dimension)."""
        vectors: torch.Tensor = self.table(operands)
        return vectors.flatten(start_dim=1)


def mlp(task: Task, features: int, width: int) -> nn.Sequential:
    """Build input → width → width → output with ReLU, in PyTorch's default initialisation.

    Draws from torch's global generator, layer by layer in that order, the embedding first.

    Parameters
    ----------
    task : Task
        Gives the output size and, for integer features, the vocabulary.
    features : int
        Number of feature columns.
    width : int
        Units in each hidden layer.
    """
    embedding = [] if task.tokens is None else [TokenEmbedding(task.tokens)]
    inputs = features if task.tokens is None else features * EMBEDDING
    return nn.Sequential(
        *embedding,
        nn.Linear(inputs, width),
        nn.ReLU(),
        nn.Linear(width, width),
        nn.ReLU(),
        nn.Linear(width, task.outputs),
    )


ARCHITECTURES = {"mlp": mlp}
"""What ``training.architecture`` in the config may name."""


def parameter_count(model: nn.Module) -> int:
    """Return the number of trainable numbers."""
    return sum(parameter.numel() for parameter in model.parameters())
