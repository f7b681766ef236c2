"""Training an MLP with Adam or AdamW by written-out gradients in preallocated memory.

The mathematics of :mod:`losslaws.training.backends.autograd`, without a graph of gradients and with few calls per step.
For a batch with inputs A₀, and with a column of ones appended to the input of every layer, so that the last row of W
is the bias:

    forward     Zₗ = [Aₗ₋₁, 1] Wₗ,  Aₗ = max(Zₗ, 0)            l = 1 … L
    loss        ℓ(Z_L), summed over the rows of the batch;  D_L = ∂ℓ/∂Z_L
    backward    ∂ℓ/∂Wₗ = [Aₗ₋₁, 1]ᵀ Dₗ,  Dₗ₋₁ = Dₗ Wₗᵀ (less the bias's row) where Aₗ₋₁ > 0, else 0
    update      Adam or AdamW along the gradient divided by the number of rows

NumPy and PyTorch work in the same memory: NumPy's matrix products are the faster ones, PyTorch's elementwise functions.
NumPy takes its number of threads from the environment, where Snakemake puts that of the rule.
"""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from losslaws.training.backends.adam import FlatAdam, Parameter
from losslaws.training.criterion import RowLosses, Shared, shared
from losslaws.training.models import TokenEmbedding, linear_layers

Array = NDArray[Any]
relu_backward = torch.ops.aten.threshold_backward.grad_input


def applies(model: nn.Module, optimizer: partial[torch.optim.Optimizer]) -> bool:
    """Say whether :class:`FastMLP` does what is asked for: an MLP, and Adam or AdamW with no settings but these two."""
    adam = optimizer.func in (torch.optim.Adam, torch.optim.AdamW)
    return adam and optimizer.keywords.keys() == {"lr", "weight_decay"} and is_mlp(model)


def is_mlp(model: nn.Module) -> bool:
    """Say whether a model is an optional embedding of its inputs, then linear layers with one ReLU between each two."""
    kinds = [type(layer) for layer in model.children()]
    layers = kinds[1:] if kinds[:1] == [TokenEmbedding] else kinds
    hidden = len(layers) // 2
    return type(model) is nn.Sequential and hidden > 0 and layers == [nn.Linear, *[nn.ReLU, nn.Linear] * hidden]


class FastMLP:
    """The training of one MLP, epoch by epoch.

    Parameters
    ----------
    model : nn.Module
        Gives the initial weights and the precision, and is left as it is; see :func:`is_mlp`.
    optimizer : partial
        Gives the kind of Adam, its learning rate ``lr`` and its ``weight_decay``.
    losses : class
        The loss of each row, and its gradient, written out.
    inputs : Tensor of shape (rows, features)
        Operands (int64) where the model embeds them, else real numbers.
    target : Tensor of shape (rows,)
        Class labels (int64) or real numbers.
    batch_size : int
        Rows per step; the last batch of an epoch has what is left.
    factors : sequence of float, optional
        By what the learning rate of each of the model's parameters is multiplied; 1 if not given.
    """

    @torch.inference_mode()
    def __init__(
        self,
        model: nn.Module,
        optimizer: partial[torch.optim.Optimizer],
        losses: type[RowLosses],
        inputs: torch.Tensor,
        target: torch.Tensor,
        batch_size: int,
        factors: Sequence[float] | None = None,
    ) -> None:
        weights = [torch.cat((layer.weight.T, layer.bias[None])) for layer in linear_layers(model)]
        embedding = next(model.children())
        if isinstance(embedding, TokenEmbedding):
            first: type[FirstLayer] = Operands
            weights[:1] = embedded(embedding.table.weight, weights[0])
        else:
            first = Features
        self.first, self.losses, self.batch_size = first, losses, batch_size
        rate, decay = optimizer.keywords["lr"], optimizer.keywords["weight_decay"]
        decoupled = optimizer.func is torch.optim.AdamW
        self.adam = FlatAdam(
            weights, rate, decay, decoupled, rate_factors_by_row(weights, factors) if factors else None
        )
        self.feed(inputs, target)
        self.passes: dict[int, Pass] = {}

    def feed(self, inputs: torch.Tensor, target: torch.Tensor) -> None:
        """Train on other data from now on."""
        self.columns, self.target = self.first.columns(inputs), target
        self.starts = np.arange(0, len(target), self.batch_size)
        self.sizes = np.diff(self.starts, append=len(target))

    def batch_pass(self, rows: int) -> "Pass":
        """Return the pass for so many rows."""
        if rows not in self.passes:
            self.passes[rows] = Pass(rows, self.first, self.adam.parameters, self.losses)
        return self.passes[rows]

    @torch.inference_mode()
    @np.errstate(over="ignore", invalid="ignore")
    def outputs(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the network's outputs as it is now."""
        whole = self.batch_pass(len(inputs))
        whole.forward(self.first.columns(inputs))
        return whole.outputs.tensor.clone()

    @torch.inference_mode()
    @np.errstate(over="ignore", invalid="ignore")
    def run_epoch(self, learning_rate: float) -> float:
        """Take one step per batch of a fresh permutation and return the mean of the batches' losses."""
        self.adam.learning_rate = learning_rate
        order = torch.randperm(len(self.target))
        columns = zip(
            *(torch.split(column.index_select(0, order), self.batch_size) for column in self.columns), strict=True
        )
        targets = np.split(self.target.index_select(0, order).numpy(), self.starts[1:])
        losses = []
        for inputs, target in zip(columns, targets, strict=True):
            batch = self.batch_pass(len(target))
            batch.forward(inputs)
            losses.append(batch.loss(target))
            batch.backward(inputs)
            self.adam.step(batch.rows)
        sums = np.add.reduceat(np.concatenate(losses), self.starts, dtype=np.float64)
        return float(np.mean(sums / self.sizes))


class Pass:
    """The way through the network and back, in memory for batches of `rows` rows."""

    def __init__(
        self, rows: int, first: "type[FirstLayer]", parameters: Sequence[Parameter], losses: type[RowLosses]
    ) -> None:
        self.rows = torch.tensor(float(rows), dtype=torch.float32)
        self.first = first(rows, parameters)
        self.layers = [Layer(rows, parameter) for parameter in parameters[first.owned :]]
        outputs = parameters[-1].value.new_empty(rows, parameters[-1].value.shape[1])
        self.outputs, self.slope = shared(outputs), shared(torch.empty_like(outputs))
        self.loss = losses(self.outputs, self.slope)

    def forward(self, inputs: Sequence[torch.Tensor]) -> None:
        """Leave the network's outputs in `outputs`; `loss` then gives each row's loss, and its gradient in `slope`."""
        self.first.forward(inputs, self.layers[0].units)
        for layer, following in pairwise(self.layers):
            layer.forward(following.units)
        self.layers[-1].forward(self.outputs)

    def backward(self, inputs: Sequence[torch.Tensor]) -> None:
        """Leave the gradient of the batch's summed loss in every parameter's `gradient`."""
        slope = self.slope
        for layer in reversed(self.layers):
            slope = layer.backward(slope)
        self.first.backward(inputs, slope)


class Layer:
    """A layer that has a ReLU before it: Z ↦ [max(Z, 0), 1] W.

    Attributes
    ----------
    units : Shared, of shape (rows, inputs)
        Where the layer before writes Z; the ReLU is applied in place.
    slope : Shared, of shape (rows, inputs)
        ∂ℓ/∂Z.
    """

    def __init__(self, rows: int, parameter: Parameter) -> None:
        weights = parameter.value.numpy()
        self.weights, self.gradient = weights, parameter.gradient.numpy()
        biased = parameter.value.new_ones(rows, len(weights))
        self.biased, self.units = biased.numpy(), shared(biased[:, :-1])
        self.biased_t, self.weights_t = self.biased.T, weights[:-1].T
        self.slope = shared(biased.new_empty(rows, len(weights) - 1))

    def forward(self, outputs: Shared) -> None:
        """Write [max(Z, 0), 1] W to `outputs`."""
        torch.relu_(self.units.tensor)
        np.matmul(self.biased, self.weights, out=outputs.array)

    def backward(self, slope: Shared) -> Shared:
        """Go from ∂ℓ/∂ by the outputs to ∂ℓ/∂W, and return ∂ℓ/∂Z."""
        np.matmul(self.biased_t, slope.array, out=self.gradient)
        np.matmul(slope.array, self.weights_t, out=self.slope.array)
        relu_backward(self.slope.tensor, self.units.tensor, 0, grad_input=self.slope.tensor)
        return self.slope


class FirstLayer(Protocol):
    """The layer that reads the data; the first `owned` of the network's parameters are its own."""

    owned: int

    def __init__(self, rows: int, parameters: Sequence[Parameter]) -> None: ...

    @staticmethod
    def columns(inputs: torch.Tensor) -> list[torch.Tensor]:
        """Return the data columns that it reads, given inputs of shape (rows, features)."""

    def forward(self, inputs: Sequence[torch.Tensor], outputs: Shared) -> None:
        """Write Z₁ to `outputs`, given a batch of the data columns."""

    def backward(self, inputs: Sequence[torch.Tensor], slope: Shared) -> None:
        """Go from D₁ to the gradients of the layer's parameters."""


class Features(FirstLayer):
    """The first layer on real numbers, [X, 1] W. Its one data column is [X, 1]."""

    owned = 1

    def __init__(self, rows: int, parameters: Sequence[Parameter]) -> None:  # noqa: ARG002
        self.weights, self.gradient = parameters[0].value.numpy(), parameters[0].gradient.numpy()

    @staticmethod
    def columns(inputs: torch.Tensor) -> list[torch.Tensor]:
        """Return [X, 1]."""
        return [torch.cat((inputs, inputs.new_ones(len(inputs), 1)), dim=1)]

    def forward(self, inputs: Sequence[torch.Tensor], outputs: Shared) -> None:
        """Write [X, 1] W to `outputs`."""
        np.matmul(inputs[0].numpy(), self.weights, out=outputs.array)

    def backward(self, inputs: Sequence[torch.Tensor], slope: Shared) -> None:
        """Go from D₁ to ∂ℓ/∂W = [X, 1]ᵀ D₁."""
        np.matmul(inputs[0].numpy().T, slope.array, out=self.gradient)


class Operands(FirstLayer):
    """The first layer on embedded operands a, b, …: E[a] W_a + E[b] W_b + … + bias.

    E has few rows, so all that an operand can contribute is in one small product, P = [E, 1] W with
    W = [[W_a, W_b, …], [bias, 0, …]], and a batch only adds up rows of P. On the way back, D₁ is summed over the rows
    of the batch with the same operand, giving S; then ∂ℓ/∂W = [E, 1]ᵀ S and ∂ℓ/∂E = S Wᵀ.

    P and S are cut into one row per token and place, and the data columns are numbers of these rows:
    places · token + place.
    """

    owned = 2

    def __init__(self, rows: int, parameters: Sequence[Parameter]) -> None:
        table, weights, following = (parameter.value for parameter in parameters[:3])
        width = len(following) - 1
        self.table, self.weights = table.numpy(), weights.numpy()
        self.table_gradient, self.gradient = (parameter.gradient.numpy() for parameter in parameters[:2])
        self.products, self.sums = (shared(table.new_empty(len(table), weights.shape[1])) for _ in range(2))
        self.product_rows, self.sum_rows = (both.tensor.view(-1, width) for both in (self.products, self.sums))
        self.contribution = table.new_empty(rows, width)

    @staticmethod
    def columns(inputs: torch.Tensor) -> list[torch.Tensor]:
        """Return the numbers of the rows of P that the operands stand for, one column per place."""
        places = inputs.shape[1]
        return [places * inputs[:, place] + place for place in range(places)]

    def forward(self, inputs: Sequence[torch.Tensor], outputs: Shared) -> None:
        """Add up one row of P per operand."""
        # Weight decay pulls at the ones beside E too.
        self.table[:, -1] = 1
        np.matmul(self.table, self.weights, out=self.products.array)
        torch.index_select(self.product_rows, 0, inputs[0], out=outputs.tensor)
        for operand in inputs[1:]:
            torch.index_select(self.product_rows, 0, operand, out=self.contribution)
            outputs.tensor.add_(self.contribution)

    def backward(self, inputs: Sequence[torch.Tensor], slope: Shared) -> None:
        """Add up D₁ per operand, and go from there to ∂ℓ/∂W and ∂ℓ/∂E."""
        self.sum_rows.zero_()
        for operand in inputs:
            self.sum_rows.index_add_(0, operand, slope.tensor)
        np.matmul(self.table.T, self.sums.array, out=self.gradient)
        np.matmul(self.sums.array, self.weights[:-1].T, out=self.table_gradient[:, :-1])
        # The ones beside E, and the zeros beside the bias, are no parameters.
        self.gradient[-1, self.contribution.shape[1] :] = 0


def embedded(table: torch.Tensor, weights: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return [E, 1] and [[W_a, W_b, …], [bias, 0, …]], given E and [W_a; W_b; …; bias]."""
    side_by_side = torch.cat(torch.split(weights[:-1], table.shape[1]), dim=1)
    bias = torch.zeros_like(side_by_side[:1])
    bias[:, : weights.shape[1]] = weights[-1]
    return torch.cat((table, table.new_ones(len(table), 1)), dim=1), torch.cat((side_by_side, bias))


def rate_factors_by_row(weights: Sequence[torch.Tensor], factors: Sequence[float]) -> list[torch.Tensor]:
    """Return the factor of each row of the weights, as columns, given those of embedding, weight, bias, weight, …"""
    owned = len(factors) % 2
    columns = [weights[0].new_full((len(weights[0]), 1), factors[0], dtype=torch.float64)] * owned
    for block, weight, bias in zip(weights[owned:], factors[owned::2], factors[owned + 1 :: 2], strict=True):
        column = block.new_full((len(block), 1), weight, dtype=torch.float64)
        column[-1] = bias
        columns.append(column)
    return columns
