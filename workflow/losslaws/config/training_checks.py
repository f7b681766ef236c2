"""Which training settings can be combined: contradictions are errors before anything runs."""

from collections.abc import Sequence

from losslaws.config.sources import Grid
from losslaws.config.training import Training
from losslaws.config.transformer import HEADS
from losslaws.core.errors import LosslawsError
from losslaws.core.registry import TASKS

DECAYING = ("linear", "cosine", "exponential", "step", "wsd")

GOES_WITH: dict[str, tuple[str, tuple[str, ...]]] = {
    "depth": ("architecture", ("mlp",)),
    "parametrization": ("architecture", ("mlp",)),
    "momentum": ("optimizer", ("sgd",)),
    "nesterov": ("optimizer", ("sgd",)),
    "decay_to": ("schedule", DECAYING),
    "step_epochs": ("schedule", ("step",)),
    "decay_share": ("schedule", ("wsd",)),
}
"""Settings that are used only with some values of another one."""


def check_training(grid: Grid, place: str) -> None:
    """Raise a sentence if training settings contradict each other, or the tasks and widths of the grid.

    Parameters
    ----------
    grid : Grid
        What is trained, and how.
    place : str
        The experiment's key, for the sentence.
    """
    training, where, defaults = grid.training, f"{place}.training", Training()
    for key, (other, values) in GOES_WITH.items():
        if getattr(training, key) != getattr(defaults, key) and getattr(training, other) not in values:
            raise LosslawsError(
                f"{where}.{key} is {_yaml(getattr(training, key))}, which {other} "
                f"{getattr(training, other)} does not use: remove it, or choose {other} {' or '.join(values)}"
            )
    if training.nesterov and not training.momentum:
        raise LosslawsError(f"{where}.nesterov is true with momentum 0; expected a momentum above 0")
    if training.schedule == "exponential" and not training.decay_to:
        raise LosslawsError(
            f"{where}.decay_to is 0, which an exponential decay never reaches; expected a number above 0"
        )
    warmup, step, epochs = training.warmup, training.step_epochs, training.epochs
    if warmup >= epochs:
        raise LosslawsError(f"{where}.warmup is {warmup}; expected fewer than the {epochs} epochs")
    if training.schedule == "step" and step >= epochs - warmup:
        raise LosslawsError(
            f"{where}.step_epochs is {step}; expected fewer than the {epochs - warmup} epochs after the warm-up"
        )
    _check_scaling(training, where)
    _check_data(training, grid.tasks, where)
    if training.architecture == "transformer":
        _check_transformer(grid.tasks, grid.widths, where)


def _check_scaling(training: Training, where: str) -> None:
    mup = training.parametrization == "mup"
    if mup and training.weight_decay:
        raise LosslawsError(
            f"{where}.weight_decay is {training.weight_decay} with parametrization mup, which does not define how it "
            "scales with width; expected 0"
        )
    if training.base_width != Training().base_width and not (mup or training.horizon_exponent):
        raise LosslawsError(
            f"{where}.base_width is {training.base_width}, which neither parametrization standard nor "
            "horizon_exponent 0 uses: remove it, or choose parametrization mup or a horizon_exponent"
        )


def _check_data(training: Training, tasks: Sequence[str], where: str) -> None:
    if not training.fresh_data:
        return
    if training.train_fraction < 1:
        raise LosslawsError(
            f"{where}.train_fraction is {training.train_fraction} with fresh_data true, where all rows of the data "
            "table are test data; expected 1"
        )
    for task in tasks:
        if TASKS.load(task).stream is None:
            raise LosslawsError(
                f"{where}.fresh_data is true, but {task} is a finite data set; choose fresh_data false, or tasks "
                "such as fourier"
            )


def _check_transformer(tasks: Sequence[str], widths: Sequence[int], where: str) -> None:
    for task in tasks:
        if TASKS.load(task).tokens is None:
            raise LosslawsError(
                f"{where}.architecture is transformer, which needs integer inputs, but {task} has none; choose mlp, or "
                "tasks such as mod_add"
            )
    for width in widths:
        if width % HEADS:
            raise LosslawsError(
                f"{where}.architecture is transformer with {HEADS} attention heads, but width {width} is not a "
                f"multiple of {HEADS}; choose other widths"
            )


def _yaml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
