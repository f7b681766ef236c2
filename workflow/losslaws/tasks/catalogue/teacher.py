"""A teacher network, without noise: y = v·tanh(XW)."""

import numpy as np

from losslaws.tasks.task import Samples, Task, numbered_columns

ROWS, FEATURES, HIDDEN = 2000, 20, 10


def sample(seed: int) -> Samples:
    """Draw X, then W (divided by √20), then v (divided by √10), in float64 from one stream."""
    stream = np.random.default_rng(seed)
    inputs = stream.standard_normal((ROWS, FEATURES))
    first = stream.standard_normal((FEATURES, HIDDEN)) / np.sqrt(FEATURES)
    second = stream.standard_normal(HIDDEN) / np.sqrt(HIDDEN)
    target = np.tanh(inputs @ first) @ second
    return Samples(numbered_columns(inputs), target.astype(np.float32))


TASK = Task(
    sample=sample,
    outputs=1,
    loss="mse",
    tokens=None,
    description=f"Imitate a network with {HIDDEN} tanh units on {FEATURES} normal inputs.",
)
