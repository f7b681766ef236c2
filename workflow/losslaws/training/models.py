"""The networks of the study, built from a task, a width and the settings of an experiment."""

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import nn

from losslaws.config.training import Training
from losslaws.config.transformer import HEADS
from losslaws.tasks.task import Task

EMBEDDING = 16
"""Dimension of the embedding that both operands of a modular task share."""

ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "gelu": nn.GELU, "tanh": nn.Tanh, "silu": nn.SiLU}
"""What ``training.activation`` in the config may name."""


class TokenEmbedding(nn.Module):
    """Embed integer operands of shape (rows, operands) with one shared table and concatenate the vectors."""

    def __init__(self, tokens: int) -> None:
        super().__init__()
        self.table = nn.Embedding(tokens, EMBEDDING)

    def forward(self, operands: torch.Tensor) -> torch.Tensor:
        """Return vectors of shape (rows, operands · dimension)."""
        vectors: torch.Tensor = self.table(operands)
        return vectors.flatten(start_dim=1)


def mlp(task: Task, features: int, width: int, settings: Training) -> nn.Sequential:
    """Build input → width → … → width → output, with an activation after each of the `depth` hidden layers.

    Draws from torch's global generator, layer by layer in that order, the embedding first.

    Parameters
    ----------
    task : Task
        Gives the output size and, for integer features, the vocabulary.
    features : int
        Number of feature columns.
    width : int
        Units in each hidden layer.
    settings : Training
        Gives `depth` and `activation`.
    """
    embedding = [] if task.tokens is None else [TokenEmbedding(task.tokens)]
    inputs = features if task.tokens is None else features * EMBEDDING
    activation = ACTIVATIONS[settings.activation]
    hidden = pairwise([inputs] + [width] * settings.depth)
    layers = [layer for size in hidden for layer in (nn.Linear(*size), activation())]
    return nn.Sequential(*embedding, *layers, nn.Linear(width, task.outputs))


class Transformer(nn.Module):
    """One pre-norm transformer block (Vaswani et al. 2017) that reads the operands and an equals sign.

    The answer is read at the equals sign. Of a single block that is what a decoder gives: the last place sees all
    places, so a causal mask would change nothing there.

    Parameters
    ----------
    tokens : int
        Number of operands' values; the equals sign is one more.
    operands : int
        Places before the equals sign.
    width : int
        Dimension of the vectors; the feed-forward layer is four times as wide.
    activation : nn.Module
        Of the feed-forward layer.
    outputs : int
        Number of classes.
    """

    def __init__(self, tokens: int, operands: int, width: int, activation: nn.Module, outputs: int) -> None:
        super().__init__()
        self.tokens, self.places = nn.Embedding(tokens + 1, width), nn.Embedding(operands + 1, width)
        self.block = nn.TransformerEncoderLayer(
            width, HEADS, 4 * width, dropout=0.0, activation=activation, batch_first=True, norm_first=True
        )
        self.norm, self.output = nn.LayerNorm(width), nn.Linear(width, outputs)

    def forward(self, operands: torch.Tensor) -> torch.Tensor:
        """Return class scores of shape (rows, outputs)."""
        read = nn.functional.pad(operands, (0, 1), value=self.tokens.num_embeddings - 1)
        vectors = self.block(self.tokens(read) + self.places.weight)
        scores: torch.Tensor = self.output(self.norm(vectors[:, -1]))
        return scores


def transformer(task: Task, features: int, width: int, settings: Training) -> Transformer:
    """Build a transformer of one block for a task with operands, with the `activation` of `settings`.

    Raises
    ------
    ValueError
        If the task has no operands; the configuration is checked for that.
    """
    if task.tokens is None:
        raise ValueError("a transformer reads operands")
    return Transformer(task.tokens, features, width, ACTIVATIONS[settings.activation](), task.outputs)


def linear_layers(model: nn.Module) -> list[nn.Linear]:
    """Return the linear layers of an MLP, from the input to the output."""
    return [layer for layer in model.children() if isinstance(layer, nn.Linear)]


ARCHITECTURES: dict[str, Callable[[Task, int, int, Training], nn.Module]] = {
    "mlp": mlp,
    "transformer": transformer,
}
"""What ``training.architecture`` in the config may name."""


def build_model(task: Task, features: int, width: int, settings: Training) -> nn.Module:
    """Build the network that `settings` name, in PyTorch's default initialisation times `init_scale`.

    The scale is for matrices, embeddings among them; vectors, as biases are, keep their initial values.
    """
    model = ARCHITECTURES[settings.architecture](task, features, width, settings)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.mul_(settings.init_scale)
    return model


def parameter_count(model: nn.Module) -> int:
    """Return the number of trainable numbers."""
    return sum(parameter.numel() for parameter in model.parameters())
