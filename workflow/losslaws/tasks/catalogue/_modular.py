"""Modular arithmetic as classification: all pairs of operands, labelled with the result."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from losslaws.tasks.task import Samples, Task

MODULUS = 97

Operation = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]]


def modular_task(operation: Operation, symbol: str, *, least: int = 0) -> Task:
    """Make the task of learning ``operation(a, b) mod 97`` from all pairs with a ≥ 0 and b ≥ `least`.

    The pairs are in row-major order before one permutation, drawn from the seed, shuffles the rows.
    """
    seconds = MODULUS - least

    def sample(seed: int) -> Samples:
        order = np.random.default_rng(seed).permutation(MODULUS * seconds)
        a, b = np.divmod(order.astype(np.int64), seconds)
        b += least
        return Samples({"a": a, "b": b}, operation(a, b) % MODULUS)

    pairs = f"{MODULUS}²" if not least else f"{MODULUS} · {seconds}"
    return Task(
        sample=sample,
        outputs=MODULUS,
        loss="cross_entropy",
        tokens=MODULUS,
        description=f"Classify (a {symbol} b) mod {MODULUS} for all {pairs} pairs of operands.",
    )
