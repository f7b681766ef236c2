"""Modular arithmetic as classification: all pairs of operands, labelled with the result."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from losslaws.tasks._task import Samples, Task

MODULUS = 97

Operation = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]]


def modular_task(operation: Operation, symbol: str) -> Task:
    """Make the task of learning ``operation(a, b) mod 97`` from all 97² pairs.

    The pairs are in row-major order before one permutation, drawn from the seed, shuffles the rows.
    """

    def sample(seed: int) -> Samples:
        order = np.random.default_rng(seed).permutation(MODULUS**2)
        a, b = np.divmod(order.astype(np.int64), MODULUS)
        return Samples({"a": a, "b": b}, operation(a, b) % MODULUS)

    return Task(
        sample=sample,
        outputs=MODULUS,
        loss="cross_entropy",
        tokens=MODULUS,
        description=f"Classify (a {symbol} b) mod {MODULUS} for all {MODULUS}² pairs of operands.",
    )
