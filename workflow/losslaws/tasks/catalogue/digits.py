"""Handwritten digits: the 1,797 images of 8 × 8 pixels that come with scikit-learn (Alpaydin and Kaynak 1998)."""

import numpy as np

from losslaws.core.errors import LosslawsError
from losslaws.tasks.task import Samples, Task, numbered_columns

BRIGHTEST = 16.0


def sample(seed: int) -> Samples:
    """Shuffle the rows; a pixel goes from 0 to 1.

    Raises
    ------
    LosslawsError
        If scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise LosslawsError(
            "the task digits takes its images from scikit-learn, which is not installed: pip install scikit-learn"
        ) from error
    images, digits = load_digits(return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(digits))
    return Samples(numbered_columns(images[order] / BRIGHTEST), digits[order].astype(np.int64))


TASK = Task(
    sample=sample,
    outputs=10,
    loss="cross_entropy",
    tokens=None,
    description="Classify handwritten digits of 8 × 8 pixels.",
)
