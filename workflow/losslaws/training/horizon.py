"""How long each width is trained: as many epochs as a power of its number of parameters asks for."""

from dataclasses import replace

import torch

from losslaws.config.training import Training
from losslaws.core.errors import LosslawsError
from losslaws.tasks.task import Task
from losslaws.training.models import build_model, parameter_count


def settings_at_width(settings: Training, task: Task, features: int, width: int) -> Training:
    """Return the settings with the epochs of one width, `epochs` · (p/p₀)^γ to the nearest whole number.

    p is the number of parameters, p₀ that at `base_width`, γ `horizon_exponent`.

    Parameters
    ----------
    settings : Training
        Those of the base width.
    task : Task
        The task.
    features : int
        Number of feature columns.
    width : int
        Units in each hidden layer.

    Raises
    ------
    LosslawsError
        If the warm-up, or the epochs between two drops, take all of them.
    """
    exponent = settings.horizon_exponent
    if not exponent:
        return settings
    # Networks without memory for weights: nothing is drawn.
    with torch.device("meta"):
        own, base = (
            parameter_count(build_model(task, features, each, settings)) for each in (width, settings.base_width)
        )
    epochs = max(1, round(settings.epochs * (own / base) ** exponent))
    taken = settings.warmup + (settings.step_epochs if settings.schedule == "step" else 0)
    if taken >= epochs:
        raise LosslawsError(
            f"training.horizon_exponent {exponent:g} leaves width {width} {epochs} epochs, of which the schedule's "
            f"warmup and step_epochs take {taken}: choose more epochs, a smaller exponent, or other widths"
        )
    return replace(settings, epochs=epochs)
