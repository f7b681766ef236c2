"""Sparse parity: the sign of the product of three of twenty random signs."""

import numpy as np

from losslaws.tasks.task import Samples, Task, numbered_columns

ROWS, FEATURES, RELEVANT = 2000, 20, 3


def sample(seed: int) -> Samples:
    """Draw X in {−1, +1}; the label is 1 where the product of the first three columns is positive."""
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(ROWS, FEATURES))
    label = signs[:, :RELEVANT].prod(axis=1) > 0
    return Samples(numbered_columns(signs), label.astype(np.int64))


TASK = Task(
    sample=sample,
    outputs=2,
    loss="cross_entropy",
    tokens=None,
    description=f"Tell the parity of {RELEVANT} of {FEATURES} random signs.",
)
