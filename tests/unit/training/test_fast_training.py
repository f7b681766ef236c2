"""The written-out training computes what PyTorch's own does."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn
from trainings import trainer

from losslaws.config.training import Training
from losslaws.core.registry import TASKS
from losslaws.tasks.task import Samples, Task
from losslaws.training import loop
from losslaws.training.backends import mlp as fast_mlp
from losslaws.training.backends.autograd import PlainTraining
from losslaws.training.backends.mlp import FastMLP
from losslaws.training.loop import as_tensors, train_curve
from losslaws.training.models import TokenEmbedding, build_model

ADAM = partial(torch.optim.Adam, lr=1e-3, weight_decay=0.0)
SETTINGS = Training(epochs=3)
STUDIED = ("mod_add", "mod_mul", "regression", "classification")
every_cell = pytest.mark.parametrize(("name", "width"), [(name, width) for name in STUDIED for width in (32, 64, 128)])


pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_thread")]


def losses(way, task, width, epochs, dtype, optimizer=ADAM, batch_size=512, rates=None, settings=SETTINGS):
    samples = task.sample(42)
    inputs, target = (values.to(dtype) if values.is_floating_point() else values for values in as_tensors(samples))
    torch.manual_seed(42)
    model = build_model(task, len(samples.features), width, settings).to(dtype)
    training = trainer(way, model, optimizer, task.loss, inputs, target, batch_size)
    rates = optimizer.keywords["lr"] * (np.ones(epochs) if rates is None else rates)
    return np.array([training.run_epoch(rate) for rate in rates.tolist()])


@every_cell
def test_double_precision_agrees_to_rounding(name, width):
    ours, plain = (losses(way, TASKS.load(name), width, 20, torch.float64) for way in (FastMLP, PlainTraining))
    np.testing.assert_allclose(ours, plain, rtol=1e-10)


@pytest.mark.parametrize("name", ["mod_add", "regression"])
@pytest.mark.parametrize("kind", [torch.optim.Adam, torch.optim.AdamW])
def test_weight_decay_and_schedules_agree_to_rounding(name, kind):
    optimizer, rates = partial(kind, lr=3e-3, weight_decay=0.3), np.linspace(1.0, 0.1, 20)
    chosen = {"dtype": torch.float64, "optimizer": optimizer, "rates": rates}
    ours, plain = (losses(way, TASKS.load(name), 16, 20, **chosen) for way in (FastMLP, PlainTraining))
    np.testing.assert_allclose(ours, plain, rtol=1e-10)
    assert abs(ours[-1] / losses(FastMLP, TASKS.load(name), 16, 20, torch.float64)[-1] - 1) > 1e-3


@pytest.mark.parametrize("chosen", [{"depth": 1}, {"depth": 4}, {"init_scale": 3.0}])
@pytest.mark.parametrize("name", ["mod_add", "regression"])
def test_depths_and_scales_agree_to_rounding(name, chosen):
    settings = replace(SETTINGS, **chosen)
    batch = len(TASKS.load(name).sample(42).target)
    ours, plain = (
        losses(way, TASKS.load(name), 16, 20, torch.float64, batch_size=batch, settings=settings)
        for way in (FastMLP, PlainTraining)
    )
    np.testing.assert_allclose(ours, plain, rtol=1e-10)


@pytest.mark.parametrize("name", ["mod_add", "regression"])
def test_outputs_agree_and_leave_the_training_as_it_is(name):
    task = TASKS.load(name)
    inputs, target = (
        values.to(torch.float64) if values.is_floating_point() else values for values in as_tensors(task.sample(42))
    )
    found = []
    for way, looks in ((FastMLP, True), (FastMLP, False), (PlainTraining, True)):
        torch.manual_seed(42)
        model = build_model(task, inputs.shape[1], 16, SETTINGS).to(torch.float64)
        adamw = partial(torch.optim.AdamW, lr=0.01, weight_decay=0.5)
        training = trainer(way, model, adamw, task.loss, inputs, target, 512)
        for _ in range(5):
            training.run_epoch(0.01)
            if looks:
                training.outputs(inputs[:300])
                training.outputs(inputs[:512])
        found.append(training.outputs(inputs[100:900]))
    assert torch.equal(found[0], found[1])
    torch.testing.assert_close(found[0], found[2], rtol=1e-10, atol=1e-10)


@every_cell
def test_single_precision_parts_slowly(name, width):
    ours, plain = (losses(way, TASKS.load(name), width, 50, torch.float32) for way in (FastMLP, PlainTraining))
    np.testing.assert_allclose(ours[:5], plain[:5], rtol=1e-5)
    np.testing.assert_allclose(ours, plain, rtol=1e-2)


@every_cell
def test_runs_repeat_to_the_bit(name, width):
    first, second = (losses(FastMLP, TASKS.load(name), width, 4, torch.float32) for _ in range(2))
    assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize("places", [1, 3])
@pytest.mark.parametrize("rows", [1, 7, 64, 130])
def test_any_number_of_operands_and_rows(places, rows):
    def sample(seed):
        operands = np.random.default_rng(seed).integers(0, 5, size=(places, rows))
        return Samples({f"x{place}": row for place, row in enumerate(operands)}, operands.sum(axis=0) % 5)

    task = Task(sample=sample, outputs=5, loss="cross_entropy", tokens=5, description="")
    ours, plain = (losses(way, task, 6, 10, torch.float64, batch_size=64) for way in (FastMLP, PlainTraining))
    np.testing.assert_allclose(ours, plain, rtol=1e-10)


def test_large_logits_neither_overflow_nor_vanish():
    task, adam = TASKS.load("classification"), partial(torch.optim.Adam, lr=3.0, weight_decay=0.0)
    ours, plain = (losses(way, task, 16, 5, torch.float64, adam) for way in (FastMLP, PlainTraining))
    assert plain.max() > 100
    np.testing.assert_allclose(ours, plain, rtol=1e-6)


@pytest.mark.parametrize("name", ["mod_add", "regression"])
def test_a_diverging_run_is_nan_from_its_first_epoch_that_is_not_finite(name):
    task = TASKS.load(name)
    settings = replace(SETTINGS, learning_rate=1e20)
    told = []
    record = train_curve(task, task.sample(0), 8, 0, settings, lambda epoch, loss: told.append(epoch))
    curve = record.recorded["train"]["loss"]
    assert np.isnan(curve[-1])
    assert np.isfinite(curve).sum() == len(told)
    assert not np.isfinite(curve[len(told) :]).any()


def test_the_model_and_the_generator_are_left_as_after_initialisation():
    task = TASKS.load("mod_add")
    inputs, target = as_tensors(task.sample(1))
    torch.manual_seed(1)
    model = build_model(task, 2, 8, SETTINGS)
    weights, state = [weight.clone() for weight in model.parameters()], torch.get_rng_state()
    training = trainer(FastMLP, model, ADAM, task.loss, inputs, target, 512)
    assert torch.equal(torch.get_rng_state(), state)
    torch.randperm(len(target))
    after_one = torch.get_rng_state()
    torch.set_rng_state(state)
    training.run_epoch(1e-3)
    assert torch.equal(torch.get_rng_state(), after_one)
    assert all(torch.equal(weight, before) for weight, before in zip(model.parameters(), weights, strict=True))


def linear(count):
    return nn.Sequential(*[layer for _ in range(count) for layer in (nn.Linear(4, 4), nn.ReLU())][:-1])


def test_it_applies_to_an_mlp_trained_by_adam():
    assert fast_mlp.applies(linear(3), ADAM)
    assert fast_mlp.applies(nn.Sequential(TokenEmbedding(5), *linear(2)), ADAM)
    assert fast_mlp.applies(linear(3), partial(torch.optim.AdamW, lr=1e-3, weight_decay=0.1))


@pytest.mark.parametrize(
    ("model", "optimizer"),
    [
        (linear(1), ADAM),
        (nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4)), ADAM),
        (nn.Sequential(*linear(2), nn.ReLU()), ADAM),
        (nn.Linear(4, 4), ADAM),
        (linear(3), partial(torch.optim.SGD, lr=1e-3)),
        (linear(3), partial(torch.optim.Adam, lr=1e-3, weight_decay=0.0, eps=1e-4)),
        # Whose weight decay would be 0.01.
        (linear(3), partial(torch.optim.AdamW, lr=1e-3)),
    ],
    ids=[
        "no hidden layer",
        "another activation",
        "a ReLU at the end",
        "no sequence",
        "another optimiser",
        "more settings",
        "a setting of its own",
    ],
)
def test_it_applies_to_nothing_else(model, optimizer):
    assert not fast_mlp.applies(model, optimizer)


def test_train_curve_takes_the_plain_way_where_it_must(monkeypatch):
    task, plain = TASKS.load("regression"), []

    class Plain(PlainTraining):
        def run_epoch(self, learning_rate):
            plain.append(super().run_epoch(learning_rate))
            return plain[-1]

    def curve():
        return train_curve(task, task.sample(0), 8, 0, SETTINGS, lambda epoch, loss: None).recorded["train"]["loss"]

    monkeypatch.setattr(loop, "PlainTraining", Plain)
    fast = curve()
    assert plain == []
    monkeypatch.setattr(fast_mlp, "applies", lambda model, optimizer: False)
    assert curve().tolist() == plain
    np.testing.assert_allclose(fast, plain, rtol=1e-5)
