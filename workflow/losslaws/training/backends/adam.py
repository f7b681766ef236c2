"""Adam on one flat vector: however many parameters a network has, a step is one pass over them."""

from collections.abc import Sequence
from typing import NamedTuple

import torch


class Parameter(NamedTuple):
    """A parameter and the gradient of the loss by it, of the same shape: views of the optimizer's vectors."""

    value: torch.Tensor
    gradient: torch.Tensor


class FlatAdam:
    """Adam (Kingma and Ba 2015, algorithm 1) with the defaults of ``torch.optim.Adam``.

    With the gradient g, each operation elementwise, the step t = 1, 2, … is

        m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,  θ ← θ − η · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)

    with β₁ = 0.9, β₂ = 0.999, ε = 1e-8. Weight decay δ adds δθ to g, or, where it is decoupled (AdamW), has
    θ ← (1 − ηδ)θ before the step. The moments, and the gradients of `parameters`, start at zero.

    Parameters
    ----------
    initial : sequence of Tensor
        The initial parameters; copied.
    learning_rate : float
        η.
    weight_decay : float
        δ.
    decoupled : bool
        Whether it is AdamW.
    factors : sequence of Tensor, optional
        By what η is multiplied, of shapes that broadcast to those of `initial`; 1 if not given.

    Attributes
    ----------
    learning_rate : float
        η of the steps to come.
    parameters : list of Parameter
        Shaped like `initial`.
    """

    def __init__(
        self,
        initial: Sequence[torch.Tensor],
        learning_rate: float,
        weight_decay: float = 0.0,
        decoupled: bool = False,
        factors: Sequence[torch.Tensor] | None = None,
    ) -> None:
        theta = torch.cat([block.flatten() for block in initial])
        gradient, first_moment, second_moment = theta.new_zeros(3, theta.numel())
        sizes = [block.numel() for block in initial]
        self.parameters = [
            Parameter(value.view_as(block), slope.view_as(block))
            for value, slope, block in zip(
                torch.split(theta, sizes), torch.split(gradient, sizes), initial, strict=True
            )
        ]
        self.learning_rate, self.weight_decay = learning_rate, weight_decay
        self._update = torch._fused_adamw_ if decoupled else torch._fused_adam_
        self.steps = 0
        # The fused kernel wants the number of steps in a tensor; NumPy's view of it is the quickest to fill.
        steps = torch.zeros(())
        self._steps = steps.numpy()
        factor_of = torch.ones(theta.numel(), dtype=torch.float64)
        if factors is not None:
            factor_of = torch.cat(
                [each.expand_as(block).flatten() for each, block in zip(factors, initial, strict=True)]
            )
        # The kernel takes one learning rate: a call for each stretch with the same.
        values, lengths = torch.unique_consecutive(factor_of, return_counts=True)
        vectors = (theta, gradient, first_moment, second_moment)
        stretches = zip(*(torch.split(vector, lengths.tolist()) for vector in vectors), strict=True)
        self._stretches = [
            (factor, (*([part] for part in parts), [], [steps]))
            for factor, parts in zip(values.tolist(), stretches, strict=True)
        ]

    def step(self, divisor: torch.Tensor) -> None:
        """Take one step along the gradients over `divisor`, a float32 scalar."""
        self.steps += 1
        self._steps.fill(self.steps)
        for factor, state in self._stretches:
            self._update(
                *state,
                lr=self.learning_rate * factor,
                beta1=0.9,
                beta2=0.999,
                weight_decay=self.weight_decay,
                eps=1e-8,
                amsgrad=False,
                maximize=False,
                grad_scale=divisor,
            )
