"""What is recorded of a training, and at which epochs."""

from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn
from trainings import losses, model_of, settings, silent, split, trainer

from losslaws.core.errors import LosslawsError
from losslaws.core.registry import TASKS
from losslaws.curves.table import read_curves, write_curves
from losslaws.tasks.dataset import write_data
from losslaws.tasks.task import Samples
from losslaws.training import recorder
from losslaws.training.backends.mlp import FastMLP
from losslaws.training.group import train_group
from losslaws.training.loop import as_tensors, train_curve
from losslaws.training.models import parameter_count
from losslaws.training.recorder import Data, Snapshot


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


def recorders(monkeypatch, **recorders):
    """Let there be these recorders and no others."""
    monkeypatch.setattr(recorder, "RECORDERS", SimpleNamespace(names=lambda: list(recorders), load=recorders.get))


def test_a_recorder_sees_the_network_after_each_recorded_epoch(monkeypatch):
    calls = []

    def spread(setup):
        assert setup.settings.epochs == 5
        return {("train", "spread"): lambda now: calls.append(1) or now.outputs("train").std().item()}

    task = TASKS.load("regression")
    plain = losses(task, task.sample(1), 8, 1, settings(epochs=5))
    recorders(monkeypatch, spread=spread)
    record = train_curve(task, task.sample(1), 8, 1, settings(epochs=5, record_every=2), silent)
    assert list(record.recorded) == ["train"]
    assert len(calls) == 3
    np.testing.assert_array_equal(record.recorded["train"]["loss"], plain[[1, 3, 4]])
    model = trainer(FastMLP, *untrained(task), "mse", *as_tensors(task.sample(1)), 512)
    spreads = [model.run_epoch(0.001) and model.outputs(as_tensors(task.sample(1)).inputs).std() for _ in range(5)]
    np.testing.assert_allclose(record.recorded["train"]["spread"], [spreads[n].item() for n in (1, 3, 4)], rtol=1e-6)


def untrained(task):
    torch.manual_seed(1)
    return model_of("regression", 8), partial(torch.optim.Adam, lr=0.001, weight_decay=0.0)


def test_outputs_are_computed_once_for_all_recorders():
    asked = []

    class Network:
        def outputs(self, inputs):
            asked.append(inputs)
            return inputs

    snapshot = Snapshot(Network(), {"train": Data(1, 2), "test": Data(3, 4)})
    assert [snapshot.outputs("test"), snapshot.outputs("test"), snapshot.outputs("train")] == [3, 3, 1]
    assert asked == [3, 1]


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        ({("train", "loss"): len}, "recorder 'b': 'loss' of 'train' is recorded already; rename it"),
        ({("train", "a"): len}, "recorder 'b': 'a' of 'train' is recorded already; rename it"),
        ({("test", "b"): len}, "recorders give 'b' of 'test' but no loss; expected one for each curve"),
    ],
)
def test_recorders_that_do_not_fit_together(monkeypatch, found, sentence):
    recorders(monkeypatch, a=lambda setup: {("train", "a"): len}, b=lambda setup: found)
    with pytest.raises(LosslawsError) as caught:
        recorder.measures_of(None)
    assert str(caught.value) == sentence


def test_a_recorded_series_is_in_the_curve_table(tmp_path, monkeypatch):
    path, task = tmp_path / "regression.parquet", TASKS.load("regression")
    write_data(path, "regression", task, [5])
    recorders(monkeypatch, one=lambda setup: {("train", "one"): lambda now: 1.0})
    write_curves(tmp_path / "c.parquet", train_group(path, "regression", task, 8, [5], settings()), {})
    (curve,) = read_curves(tmp_path / "c.parquet")
    np.testing.assert_array_equal(curve.series["one"], np.ones(3))
