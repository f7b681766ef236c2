"""Which settings of a training go together: what cannot be meant is told before anything runs."""

from collections.abc import Mapping
from typing import Any

from losslaws.errors import LosslawsError

DECAYING = ("linear", "cosine", "exponential", "step", "wsd")

GOES_WITH: dict[str, tuple[str, tuple[str, ...]]] = {
    "momentum": ("optimizer", ("sgd",)),
    "nesterov": ("optimizer", ("sgd",)),
    "decay_to": ("schedule", DECAYING),
    "step_epochs": ("schedule", ("step",)),
    "decay_share": ("schedule", ("wsd",)),
}
"""Settings that only some values of another one make use of."""


def check_training(training: Mapping[str, Any], defaults: Mapping[str, Any], where: str) -> None:
    """Raise a sentence unless the settings go together.

    Parameters
    ----------
    training : mapping
        The complete settings of one experiment.
    defaults : mapping
        The schema's.
    where : str
        The settings' place, for the sentence.
    """
    for key, (other, values) in GOES_WITH.items():
        if training[key] != defaults[key] and training[other] not in values:
            raise LosslawsError(
                f"{where}.{key} is {_yaml(training[key])}, which {other} {training[other]} does not use: remove it, "
                f"or choose {other} {' or '.join(values)}"
            )
    if training["nesterov"] and not training["momentum"]:
        raise LosslawsError(f"{where}.nesterov is true with momentum 0; expected a momentum above 0")
    if training["schedule"] == "exponential" and not training["decay_to"]:
        raise LosslawsError(f"{where}.decay_to is 0, which an exponential never reaches; expected a number above 0")
    warmup, step, epochs = training["warmup"], training["step_epochs"], training["epochs"]
    if warmup >= epochs:
        raise LosslawsError(f"{where}.warmup is {warmup}; expected fewer than the {epochs} epochs")
    if training["schedule"] == "step" and step >= epochs - warmup:
        raise LosslawsError(f"{where}.step_epochs is {step}; expected fewer than the {epochs - warmup} epochs of it")


def _yaml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
