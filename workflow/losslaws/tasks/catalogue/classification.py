"""Linearly separable classification: y = argmax(XW) over five classes."""

import numpy as np

from losslaws.tasks.task import Samples, Task, numbered_columns

ROWS, FEATURES, CLASSES = 2000, 20, 5


def sample(seed: int) -> Samples:
    """Draw X, then W (divided by √20), in float64 from one stream."""
    stream = np.random.default_rng(seed)
    inputs = stream.standard_normal((ROWS, FEATURES))
    weights = stream.standard_normal((FEATURES, CLASSES)) / np.sqrt(FEATURES)
    return Samples(numbered_columns(inputs), np.argmax(inputs @ weights, axis=1).astype(np.int64))


TASK = Task(
    sample=sample,
    outputs=CLASSES,
    loss="cross_entropy",
    tokens=None,
    description=f"Tell {CLASSES} linearly separable classes apart from {FEATURES} normal inputs.",
)
