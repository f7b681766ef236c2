"""Linear regression with noise: y = Xw + 0.1·N(0, 1)."""

import numpy as np

from losslaws.tasks.task import Samples, Task, numbered_columns

ROWS, FEATURES, NOISE = 2000, 20, 0.1


def sample(seed: int) -> Samples:
    """Draw X, then w (divided by √20), then the noise, in float64 from one stream."""
    stream = np.random.default_rng(seed)
    inputs = stream.standard_normal((ROWS, FEATURES))
    weights = stream.standard_normal(FEATURES) / np.sqrt(FEATURES)
    target = inputs @ weights + NOISE * stream.standard_normal(ROWS)
    return Samples(numbered_columns(inputs), target.astype(np.float32))


TASK = Task(
    sample=sample,
    outputs=1,
    loss="mse",
    tokens=None,
    description=f"Predict a linear function of {FEATURES} normal inputs with noise of standard deviation {NOISE}.",
)
