"""What is recorded of a training, and at which epochs."""

import numpy as np
import pytest
import torch
from torch import nn
from trainings import losses, model_of, settings, silent, split

from losslaws.core.registry import TASKS
from losslaws.tasks.task import Samples
from losslaws.training.loop import as_tensors, train_curve
from losslaws.training.models import parameter_count


@pytest.mark.parametrize(("every", "points"), [(1, range(1, 8)), (3, (3, 6, 7)), (7, (7,)), (9, (7,))])
def test_recorded_epochs_are_every_n_th_and_the_last(every, points):
    task = TASKS.load("regression")
    chosen = {"epochs": 7, "schedule": "linear"}
    some = train_curve(task, task.sample(1), 8, 1, settings(record_every=every, **chosen), silent)
    whole = train_curve(task, task.sample(1), 8, 1, settings(**chosen), silent)
    rows = np.array(points) - 1
    assert some.epochs.tolist() == list(points)
    np.testing.assert_array_equal(some.recorded["train"]["loss"], whole.recorded["train"]["loss"][rows])
    np.testing.assert_array_equal(some.learning_rates, whole.learning_rates[rows])


def test_progress_is_told_of_every_epoch():
    task, told = TASKS.load("regression"), []
    record = train_curve(task, task.sample(1), 8, 1, settings(), lambda epoch, loss: told.append((epoch, loss)))
    assert told == list(enumerate(record.recorded["train"]["loss"].tolist(), start=1))


@pytest.mark.parametrize("value", [np.nan, 1e30])
def test_a_diverged_training_is_nan_from_there_on(value):
    task = TASKS.load("regression")
    samples = task.sample(1)
    broken = Samples({**samples.features, "x03": np.full(2000, value, dtype=np.float32)}, samples.target)
    record = train_curve(task, broken, 8, 1, settings(epochs=6), silent)
    assert record.recorded["train"]["loss"].shape == (6,)
    assert np.isnan(record.recorded["train"]["loss"]).all()
    assert record.n_params == parameter_count(model_of("regression", 8))


@pytest.mark.parametrize("name", ["classification", "mod_add", "regression"])
@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_test_loss_and_accuracy_are_those_after_the_epoch(name, activation):
    task, chosen = TASKS.load(name), settings(activation=activation, epochs=4)
    samples = task.sample(3)
    train, test = split(samples, slice(0, 700)), split(samples, slice(700, 1500))
    record = train_curve(task, train, 8, 3, chosen, silent, test)
    assert record.recorded["train"]["loss"].tolist() == losses(task, train, 8, 3, chosen).tolist()

    torch.manual_seed(3)
    model = model_of(name, 8, activation=activation)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    loss_of = nn.functional.cross_entropy if task.loss == "cross_entropy" else nn.functional.mse_loss
    inputs, target = as_tensors(train)
    for _ in range(4):
        for rows in torch.randperm(700).split(512):
            optimizer.zero_grad()
            loss_of(model(inputs[rows]).squeeze(1), target[rows]).backward()
            optimizer.step()
    outputs, answers = model(as_tensors(test)[0]).squeeze(1), as_tensors(test)[1]
    assert record.recorded["test"]["loss"][-1] == pytest.approx(loss_of(outputs, answers).item(), rel=1e-5)
    if name == "regression":
        assert "accuracy" not in record.recorded["test"]
    else:
        assert record.recorded["test"]["accuracy"][-1] == (outputs.argmax(dim=1) == answers).double().mean().item()
        assert (
            record.recorded["train"]["accuracy"][-1] == (model(inputs).argmax(dim=1) == target).double().mean().item()
        )
