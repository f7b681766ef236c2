"""Small trainings that several tests make."""

from losslaws.config.training import Training
from losslaws.core.registry import CRITERIA, TASKS
from losslaws.tasks.task import Samples
from losslaws.training.backends.mlp import FastMLP
from losslaws.training.loop import train_curve
from losslaws.training.models import build_model

COUNTS = {
    "mod_add": (6865, 14129, 34801),
    "mod_mul": (6865, 14129, 34801),
    "regression": (1761, 5569, 19329),
    "classification": (1893, 5829, 19845),
}


def settings(**keys):
    return Training(**{"epochs": 3, **keys})


def silent(epoch, loss):
    """Ignore progress."""


def model_of(name, width, **keys):
    task = TASKS.load(name)
    return build_model(task, len(task.sample(0).features), width, settings(**keys))


def split(samples, rows):
    return Samples({name: column[rows] for name, column in samples.features.items()}, samples.target[rows])


def losses(task, samples, width, seed, chosen):
    """Return the training losses of one training."""
    return train_curve(task, samples, width, seed, chosen, silent).recorded["train"]["loss"]


def trainer(way, model, optimizer, loss, *arguments):
    """Return the training in one of the two ways, with what it needs of the loss."""
    criterion = CRITERIA.load(loss)
    return way(model, optimizer, criterion.written_out if issubclass(way, FastMLP) else criterion.loss, *arguments)
