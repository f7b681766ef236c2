"""The names that this project knows of what is recorded of a curve.

A curve may carry any series and any attribute; those listed here have a fixed type, are read from the logs of other
programs, and are explained in ``docs/reference/files.md``, whose table is compared with this list.
"""

from dataclasses import dataclass

import pyarrow as pa

RESERVED = ("curve", "t", "loss")
"""Columns of the curve table that are neither series nor attributes."""


@dataclass(frozen=True)
class Series:
    """A quantity with one value for each t; a float64 column.

    Attributes
    ----------
    unit : str
        Empty for a pure number.
    meaning : str
        One phrase, for the documentation.
    aliases : tuple of str
        Column names in other programs' logs from which it is imported, the likeliest first; none: it is not.
    holds : bool
        Whether a value holds until the next one is recorded, as a learning rate does; a measurement does not.
    """

    unit: str
    meaning: str
    aliases: tuple[str, ...] = ()
    holds: bool = False


@dataclass(frozen=True)
class Attribute:
    """A property of a curve as a whole.

    Attributes
    ----------
    type : pyarrow.DataType
        How it is stored.
    unit : str
        Empty for a pure number.
    meaning : str
        One phrase, for the documentation.
    """

    type: pa.DataType
    unit: str
    meaning: str


SERIES: dict[str, Series] = {
    "lr": Series(
        "",
        "learning rate at `t`; of trained curves only where it changes",
        aliases=("lr", "learning_rate", "train_lr", "train_learning_rate"),
        holds=True,
    ),
    "accuracy": Series(
        "", "fraction of the rows of `split` that are classified correctly after the epoch; needs test rows"
    ),
    "noise_trace": Series(
        "", "trace of the covariance of the preconditioned mini-batch gradient at `t`", aliases=("noise_trace",)
    ),
}

ATTRIBUTES: dict[str, Attribute] = {
    "task": Attribute(pa.string(), "", "task; of an imported curve the import's name, of a simulated one its true law"),
    "width": Attribute(pa.int64(), "units", "units per hidden layer"),
    "seed": Attribute(pa.int64(), "", "seed of the data, the initial weights and the order of the batches"),
    "split": Attribute(pa.string(), "", "`train`, or `test` for the loss on rows that are not trained on"),
    "n_params": Attribute(pa.int64(), "", "number of trainable parameters"),
    "noise_rho": Attribute(pa.float64(), "", "lag-one correlation of the noise of a simulated curve"),
    "signal_to_noise": Attribute(
        pa.float64(), "", "decrease of a simulated curve over the standard deviation of its noise"
    ),
    "batch_size": Attribute(pa.int64(), "rows", "rows per step"),
    "n_tokens": Attribute(pa.int64(), "tokens", "tokens, or other units of data, in the training set"),
    "dataset": Attribute(pa.string(), "", "name of the training set"),
}

IDENTIFYING: dict[str, pa.DataType] = {
    name: ATTRIBUTES[name].type for name in ("task", "width", "seed", "split", "n_params")
}
"""The attributes that tables of fits and of verdicts repeat beside a curve's name."""
