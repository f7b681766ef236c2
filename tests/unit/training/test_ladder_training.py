"""Training a ladder: maximal-update parametrisation, horizons that grow with the size, new data in every epoch."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn
from trainings import trainer

from losslaws.config.training import Training
from losslaws.core.errors import LosslawsError
from losslaws.core.registry import TASKS
from losslaws.tasks.dataset import read_data, write_data
from losslaws.training.backends.autograd import PlainTraining
from losslaws.training.backends.mlp import FastMLP
from losslaws.training.group import train_group
from losslaws.training.horizon import settings_at_width
from losslaws.training.loop import as_tensors, initial_model, train_curve
from losslaws.training.models import build_model, linear_layers, parameter_count
from losslaws.training.parametrization import rate_factors

pytestmark = pytest.mark.usefixtures("one_thread")


def settings(**training):
    return Training(**{"epochs": 4, **training})


def silent(epoch, loss):
    """Ignore progress."""


# --- maximal-update parametrisation ---


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [
        # In the order of the parameters: embedding, then weight and bias of each layer; r = 4.
        ("adam", [1, 1, 1, 1 / 4, 1, 1 / 4, 1, 1 / 4, 1]),
        ("adamw", [1, 1, 1, 1 / 4, 1, 1 / 4, 1, 1 / 4, 1]),
        ("sgd", [1, 4, 4, 1, 4, 1, 4, 1 / 4, 1]),
    ],
)
def test_rates_are_those_of_the_table(optimizer, expected):
    chosen = settings(depth=3, optimizer=optimizer, parametrization="mup", base_width=16)
    model = build_model(TASKS.load("mod_add"), 2, 64, chosen)
    assert rate_factors(model, chosen, 64) == expected
    assert set(rate_factors(model, chosen, 16)) == {1.0}
    assert set(rate_factors(model, replace(chosen, parametrization="standard"), 64)) == {1.0}


def test_initial_values_are_standard_but_for_hidden_biases_and_the_readout():
    task, models = TASKS.load("regression"), []
    for parametrization in ("standard", "mup"):
        torch.manual_seed(3)
        chosen = settings(parametrization=parametrization)
        models.append(linear_layers(initial_model(task, 20, 128, chosen)))
    standard, changed = models
    assert all(torch.equal(a.weight, b.weight) for a, b in zip(standard[:-1], changed[:-1], strict=True))
    assert torch.equal(standard[0].bias, changed[0].bias)
    torch.testing.assert_close(changed[1].bias, 2 * standard[1].bias)
    assert not any(parameter.any() for parameter in changed[-1].parameters())


@pytest.mark.parametrize("name", ["mod_add", "regression"])
@pytest.mark.parametrize("depth", [1, 3])
def test_written_out_training_has_the_same_rates(name, depth):
    task, chosen = TASKS.load(name), settings(depth=depth, parametrization="mup", base_width=8)
    samples, losses = task.sample(42), []
    inputs, target = (values.double() if values.is_floating_point() else values for values in as_tensors(samples))
    for way in (FastMLP, PlainTraining):
        torch.manual_seed(42)
        model = initial_model(task, inputs.shape[1], 16, chosen).double()
        adam = partial(torch.optim.Adam, lr=0.01, weight_decay=0.0)
        training = trainer(way, model, adam, task.loss, inputs, target, 512, rate_factors(model, chosen, 16))
        losses.append([training.run_epoch(0.01) for _ in range(5)])
    np.testing.assert_allclose(*losses, rtol=1e-9)
    uniform = trainer(FastMLP, model, adam, task.loss, inputs, target, 512)
    assert len(uniform.adam._stretches) == 1


CHANGES = ("first", "hidden", "output")


def changes(parametrization, optimizer, width, rate, steps=6):
    """Return by how much a few steps change the units of each layer and the output, root mean square over seeds."""
    task = TASKS.load("regression")
    chosen = settings(parametrization=parametrization, optimizer=optimizer)
    found = []
    for seed in range(3):
        inputs, target = (values[:500] for values in as_tensors(task.sample(seed)))
        torch.manual_seed(seed)
        model = initial_model(task, 20, width, chosen)
        kinds = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}
        make = partial(kinds[optimizer], lr=rate)
        training = trainer(PlainTraining, model, make, "mse", inputs, target, 500, rate_factors(model, chosen, width))
        before = units(model, inputs[:200])
        for _ in range(steps):
            training.run_epoch(rate)
        found.append([(b - a).square().mean().item() for a, b in zip(before, units(model, inputs[:200]), strict=True)])
    return dict(zip(CHANGES, np.sqrt(np.mean(found, axis=0)), strict=True))


def units(model, inputs):
    found = []
    for layer in model:
        inputs = layer(inputs).detach()
        if isinstance(layer, nn.Linear):
            found.append(inputs)
    return found


@pytest.mark.parametrize(("optimizer", "rate"), [("adam", 1e-3), ("sgd", 0.1)])
def test_steps_change_each_layer_alike_at_every_width(optimizer, rate):
    narrow, wide = (changes("mup", optimizer, width, rate) for width in (128, 512))
    assert all(narrow[layer] > 1e-4 for layer in CHANGES)
    for layer in CHANGES:
        assert 0.6 < wide[layer] / narrow[layer] < 1.5


def test_with_standard_rates_a_wide_network_moves_further():
    narrow, wide = (changes("standard", "adam", width, 1e-3, 2) for width in (128, 512))
    assert wide["hidden"] / narrow["hidden"] > 1.8
    assert wide["output"] / narrow["output"] > 1.8


# --- horizons ---


def test_epochs_are_a_power_of_the_number_of_parameters():
    task, chosen = TASKS.load("regression"), settings(epochs=40, horizon_exponent=0.5, base_width=8)
    counts = {width: parameter_count(build_model(task, 20, width, chosen)) for width in (4, 8, 32)}
    for width, count in counts.items():
        epochs = settings_at_width(chosen, task, 20, width).epochs
        assert epochs == round(40 * (count / counts[8]) ** 0.5)
    assert settings_at_width(chosen, task, 20, 8).epochs == 40
    assert settings_at_width(settings(epochs=40), task, 20, 32) == settings(epochs=40)


def test_a_group_is_trained_to_its_horizon(tmp_path):
    path, task = tmp_path / "regression.parquet", TASKS.load("regression")
    write_data(path, "regression", task, [5])
    chosen = settings(epochs=10, horizon_exponent=1.0, base_width=8, schedule="linear", decay_to=0.0)
    (curve,) = train_group(path, "regression", task, 16, [5], chosen)
    epochs = round(10 * (20 * 16 + 16 + 16 * 16 + 16 + 17) / (20 * 8 + 8 + 8 * 8 + 8 + 9))
    assert curve.t[-1] == epochs
    np.testing.assert_allclose(curve.series["lr"], 0.001 * (1 - np.arange(epochs) / epochs), rtol=1e-12)


def test_counting_parameters_draws_nothing(tmp_path):
    path, task = tmp_path / "regression.parquet", TASKS.load("regression")
    write_data(path, "regression", task, [5])
    (alone,) = train_group(path, "regression", task, 8, [5], settings(epochs=6))
    (scaled,) = train_group(path, "regression", task, 8, [5], settings(epochs=6, horizon_exponent=1.0, base_width=8))
    assert alone.loss.tobytes() == scaled.loss.tobytes()


def test_a_horizon_shorter_than_the_warmup_is_told():
    chosen = settings(epochs=20, warmup=10, horizon_exponent=1.0)
    with pytest.raises(LosslawsError, match="leaves width 4 1 epochs, of which the schedule's warmup and step_epochs"):
        settings_at_width(chosen, TASKS.load("regression"), 20, 4)


# --- new data in every epoch ---


def test_every_epoch_has_new_rows_and_all_seeds_the_same_test(tmp_path):
    path, task = tmp_path / "fourier.parquet", TASKS.load("fourier")
    write_data(path, "fourier", task, [1, 2], 0)
    chosen = settings(fresh_data=True, learning_rate=0.01)
    curves = train_group(path, "fourier", task, 8, [1, 2], chosen)
    names = ["fourier_w8_s1", "fourier_w8_s1_test", "fourier_w8_s2", "fourier_w8_s2_test"]
    assert [curve.name for curve in curves] == names
    seen, stream = [], task.stream(2)
    torch.manual_seed(2)
    model = build_model(task, 8, 8, chosen)
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(4):
        inputs, target = as_tensors(next(stream))
        losses = []
        for rows in torch.randperm(len(target)).split(512):
            adam.zero_grad()
            loss = nn.functional.mse_loss(model(inputs[rows])[:, 0], target[rows])
            loss.backward()
            adam.step()
            losses.append(loss.item())
        seen.append(np.mean(losses))
    np.testing.assert_allclose(curves[2].loss, seen, rtol=1e-5)
    tested, answers = as_tensors(read_data(path, 1, "test"))
    expected = nn.functional.mse_loss(model(tested)[:, 0], answers).item()
    assert curves[3].loss[-1] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_without_further_data_the_epochs_repeat_the_first(activation):
    task, chosen = TASKS.load("fourier"), settings(activation=activation)
    samples = task.sample(0)
    once, again = (
        train_curve(task, samples, 8, 0, chosen, silent, further=further).recorded["train"]["loss"]
        for further in (None, iter([samples] * 3))
    )
    assert once.tobytes() == again.tobytes()
