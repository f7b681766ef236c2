"""Regression on a function with a power law of frequencies (after Qiu et al. 2025, 2507.02119).

f(x) = Σ_i w_i √2 cos(2π k_i·x + b_i) over `TERMS` terms, x uniform in [−½, ½]^8, phases b_i uniform, weights w_i normal
with variance 1/`TERMS`, so that f has variance 1. The vectors k_i have random directions, and lengths with a Pareto
distribution: P(|k| > s) = (s/`LOWEST`)^(−`EXPONENT`) for s ≥ `LOWEST`. There is no noise. The function is the same for
all seeds; the seed draws x.
"""

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from losslaws.tasks.task import Samples, Task, numbered_columns

ROWS, FEATURES = 2048, 8
TERMS, LOWEST, EXPONENT = 256, 0.5, 1.5

Floats = NDArray[np.float32]


@cache
def terms() -> tuple[Floats, Floats, Floats]:
    """Return 2πk of shape (features, terms), b, and √2·w."""
    stream = np.random.default_rng(0)
    directions = stream.standard_normal((FEATURES, TERMS))
    lengths = LOWEST * (1 + stream.pareto(EXPONENT, TERMS))
    frequencies = 2 * np.pi * lengths * directions / np.linalg.norm(directions, axis=0)
    phases, weights = stream.uniform(0, 2 * np.pi, TERMS), stream.standard_normal(TERMS) * np.sqrt(2 / TERMS)
    return frequencies.astype(np.float32), phases.astype(np.float32), weights.astype(np.float32)


def draw(stream: np.random.Generator) -> Samples:
    """Draw x, and compute f(x) in float32, whose cosine is many times as fast."""
    inputs = stream.random((ROWS, FEATURES)) - 0.5
    frequencies, phases, weights = terms()
    target = np.cos(inputs.astype(np.float32) @ frequencies + phases) @ weights
    return Samples(numbered_columns(inputs), target)


def sample(seed: int) -> Samples:
    """Draw one data set."""
    return draw(np.random.default_rng(seed))


def stream(seed: int) -> Iterator[Samples]:
    """Draw one data set after another, from a child of the seed's stream."""
    (child,) = np.random.default_rng(seed).spawn(1)
    while True:
        yield draw(child)


TASK = Task(
    sample=sample,
    outputs=1,
    loss="mse",
    tokens=None,
    description=f"Predict a sum of {TERMS} waves in {FEATURES} dimensions whose frequencies follow a power law.",
    stream=stream,
)
