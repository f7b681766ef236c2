"""What a task is: how its data are drawn and which model and loss they call for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Samples:
    """Features and target of one data set.

    Attributes
    ----------
    features : dict of str to ndarray of shape (n,)
        One array per column, in the model's input order: ``int64`` operands or ``float32`` numbers.
    target : ndarray of shape (n,)
        ``int64`` class labels or ``float32`` values.
    """

    features: dict[str, NDArray[np.float32] | NDArray[np.int64]]
    target: NDArray[np.float32] | NDArray[np.int64]


@dataclass(frozen=True)
class Task:
    """A data set with a seed, and the kind of learning problem it is.

    Attributes
    ----------
    sample : callable
        ``sample(seed)`` draws the data from one ``numpy.random.default_rng(seed)`` stream.
    outputs : int
        Size of the model's last layer: the number of classes, or 1 for regression.
    loss : str
        What training minimises: a module of ``training/criteria``, ``"cross_entropy"`` for classes, ``"mse"`` for real
        numbers.
    tokens : int or None
        Size of the vocabulary when the features are integers to embed; None when they are real numbers.
    description : str
        One sentence for reports.
    stream : callable, optional
        ``stream(seed)`` yields one data set after another, without end: other rows of the same function, which is then
        the same for all seeds.
    """

    sample: Callable[[int], Samples]
    outputs: int
    loss: str
    tokens: int | None
    description: str
    stream: Callable[[int], Iterator[Samples]] | None = None


def numbered_columns(values: NDArray[np.float64]) -> dict[str, NDArray[np.float32] | NDArray[np.int64]]:
    """Name the columns of a matrix of shape (n, d) ``x00``, ``x01``, … and cast them to float32."""
    return {f"x{column:02d}": values[:, column].astype(np.float32) for column in range(values.shape[1])}
