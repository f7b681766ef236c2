"""What a recorder is: it measures something at every recorded epoch, beside the training loss."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from losslaws.config.training import Training
from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.core.registry import RECORDERS
from losslaws.training.criterion import Criterion


class Data(NamedTuple):
    """Inputs of shape (rows, features) and target of shape (rows,)."""

    inputs: torch.Tensor
    target: torch.Tensor


@dataclass(frozen=True)
class Setup:
    """What is known before training.

    Attributes
    ----------
    settings : Training
        How the network is trained.
    criterion : Criterion
        What is minimised.
    data : mapping of str to Data
        ``"train"``, of the first epoch if each has its own, and ``"test"`` if some rows are not trained on.
    """

    settings: Training
    criterion: Criterion
    data: Mapping[str, Data]


class Network(Protocol):
    """A network while it is trained."""

    def outputs(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return its outputs as it is now."""


class Snapshot:
    """The network after an epoch; its outputs on the rows of a split are computed when first asked for."""

    def __init__(self, network: Network, data: Mapping[str, Data]) -> None:
        self.network, self.data = network, data
        self._outputs: dict[str, torch.Tensor] = {}

    def outputs(self, split: str) -> torch.Tensor:
        """Return the outputs on the rows of a split, of shape (rows, outputs)."""
        if split not in self._outputs:
            self._outputs[split] = self.network.outputs(self.data[split].inputs)
        return self._outputs[split]


Measure = Callable[[Snapshot], float]
Measures = Mapping[tuple[str, str], Measure]
"""Measures by the split whose curve they belong to and the name of what is measured: ``"loss"`` or a series."""

Recorder = Callable[[Setup], Measures]
"""Says what it measures in a training; nothing where it does not apply."""


class Recording:
    """What is recorded of one training: arrays by split and name, NaN where nothing was recorded yet."""

    def __init__(self, measures: Measures, epochs: NDArray[np.int64]) -> None:
        self.measures = measures
        self.point_of = {epoch: point for point, epoch in enumerate(epochs.tolist())}
        self.values: dict[str, dict[str, Array]] = {}
        for split, name in (("train", "loss"), *measures):
            self.values.setdefault(split, {})[name] = np.full(epochs.size, np.nan)

    def add(self, epoch: int, loss: float, snapshot: Snapshot) -> None:
        """Record the training loss of an epoch, and what is measured after it, if it is one of those to be recorded."""
        if epoch not in self.point_of:
            return
        point = self.point_of[epoch]
        self.values["train"]["loss"][point] = loss
        for (split, name), measure in self.measures.items():
            self.values[split][name][point] = measure(snapshot)


def measures_of(setup: Setup) -> dict[tuple[str, str], Measure]:
    """Return what all recorders measure in a training.

    Raises
    ------
    LosslawsError
        If two recorders measure the same, or the rows of a split have series without a loss.
    """
    found: dict[tuple[str, str], Measure] = {}
    for name in RECORDERS.names():
        recorder: Recorder = RECORDERS.load(name)
        for key, measure in recorder(setup).items():
            if key in found or key == ("train", "loss"):
                raise LosslawsError(f"recorder {name!r}: {key[1]!r} of {key[0]!r} is recorded already; rename it")
            found[key] = measure
    for split, name in found:
        if split != "train" and (split, "loss") not in found:
            raise LosslawsError(f"recorders give {name!r} of {split!r} but no loss; expected one for each curve")
    return found
