"""Training: the order of draws, optimizers, schedules, reproducibility, against PyTorch by hand."""

import math
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn
from trainings import COUNTS, losses, model_of, settings, silent

from losslaws.core.registry import TASKS
from losslaws.tasks.task import Samples
from losslaws.training.loop import train_curve
from losslaws.training.models import parameter_count
from losslaws.training.schedules import learning_rates

pytestmark = pytest.mark.slow


@pytest.mark.slow
def test_a_transformer_learns_and_repeats_to_the_bit():
    task, chosen = TASKS.load("mod_add"), settings(architecture="transformer", learning_rate=0.01, epochs=4)
    once, again = (losses(task, task.sample(1), 8, 1, chosen) for _ in range(2))
    np.testing.assert_array_equal(once, again)
    assert once[-1] < once[0]


@pytest.fixture
def double_precision():
    """Leave no room for rounding, which Adam amplifies."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def drawn(name, seed):
    """Draw the data of a task in torch's default precision."""
    samples = TASKS.load(name).sample(seed)
    kinds = {np.float32: torch.empty(0).numpy().dtype, np.int64: np.int64}
    features = {key: column.astype(kinds[column.dtype.type]) for key, column in samples.features.items()}
    return Samples(features, samples.target.astype(kinds[samples.target.dtype.type]))


def by_hand(name, width, seed, epochs, batch_size, make, schedule=None, **network):
    """Train as the study is defined, from plain PyTorch, and return the losses."""
    task, samples = TASKS.load(name), drawn(name, seed)
    torch.manual_seed(seed)
    model = model_of(name, width, **network)
    inputs = torch.stack([torch.from_numpy(column) for column in samples.features.values()], dim=1)
    target = torch.from_numpy(samples.target)
    optimizer = make(model.parameters())
    scheduler = schedule(optimizer) if schedule else None
    curve = []
    for _ in range(epochs):
        order = torch.randperm(len(target))
        losses = []
        for start in range(0, len(target), batch_size):
            rows = order[start : start + batch_size]
            output = model(inputs[rows])
            if task.loss == "mse":
                loss = ((output[:, 0] - target[rows]) ** 2).mean()
            else:
                loss = nn.functional.cross_entropy(output, target[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        curve.append(math.fsum(losses) / len(losses))
        if scheduler:
            scheduler.step()
    return curve


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize(("batch_size", "learning_rate"), [(512, 0.001), (300, 0.01)])
def test_training_is_adam_on_shuffled_batches(name, batch_size, learning_rate):
    chosen = settings(batch_size=batch_size, learning_rate=learning_rate)
    record = train_curve(TASKS.load(name), TASKS.load(name).sample(42), 16, 42, chosen, silent)
    assert record.n_params == parameter_count(model_of(name, 16))
    assert record.recorded["train"]["loss"].dtype == np.float64
    adam = partial(torch.optim.Adam, lr=learning_rate)
    np.testing.assert_allclose(record.recorded["train"]["loss"], by_hand(name, 16, 42, 3, batch_size, adam), rtol=1e-5)


@pytest.mark.parametrize(
    ("chosen", "make"),
    [
        ({"optimizer": "adam", "weight_decay": 0.2}, partial(torch.optim.Adam, lr=0.01, weight_decay=0.2)),
        ({"optimizer": "adamw", "weight_decay": 0.2}, partial(torch.optim.AdamW, lr=0.01, weight_decay=0.2)),
        # AdamW's own default is not 0.
        ({"optimizer": "adamw"}, partial(torch.optim.Adam, lr=0.01)),
        ({"optimizer": "sgd"}, partial(torch.optim.SGD, lr=0.01)),
        (
            {"optimizer": "sgd", "momentum": 0.9, "weight_decay": 0.2},
            partial(torch.optim.SGD, lr=0.01, momentum=0.9, weight_decay=0.2),
        ),
        (
            {"optimizer": "sgd", "momentum": 0.9, "nesterov": True},
            partial(torch.optim.SGD, lr=0.01, momentum=0.9, nesterov=True),
        ),
    ],
)
@pytest.mark.usefixtures("double_precision")
@pytest.mark.parametrize("name", ["mod_add", "regression"])
def test_optimizers_are_those_of_pytorch(name, chosen, make):
    task, settled = TASKS.load(name), settings(learning_rate=0.01, **chosen)
    record = train_curve(task, drawn(name, 42), 16, 42, settled, silent)
    np.testing.assert_allclose(record.recorded["train"]["loss"], by_hand(name, 16, 42, 3, 512, make), rtol=1e-10)


@pytest.mark.usefixtures("double_precision")
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_a_schedule_sets_the_learning_rate_of_every_epoch(optimizer):
    task = TASKS.load("regression")
    chosen = settings(optimizer=optimizer, learning_rate=0.01, schedule="cosine", decay_to=0.0, epochs=6)
    record = train_curve(task, drawn("regression", 1), 8, 1, chosen, silent)
    make = partial({"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[optimizer], lr=0.01)
    expected = by_hand("regression", 8, 1, 6, 512, make, lambda of: torch.optim.lr_scheduler.CosineAnnealingLR(of, 6))
    np.testing.assert_allclose(record.recorded["train"]["loss"], expected, rtol=1e-10)


COMPOSED = {
    "written out": (
        {"depth": 3, "init_scale": 2.0},
        {"optimizer": "adamw", "weight_decay": 0.2, "schedule": "cosine", "warmup": 2, "batch_size": "full"},
        partial(torch.optim.AdamW, lr=0.01, weight_decay=0.2),
    ),
    "plain": (
        {"depth": 1, "activation": "gelu"},
        {"optimizer": "sgd", "momentum": 0.9, "nesterov": True, "schedule": "step", "step_epochs": 2},
        partial(torch.optim.SGD, lr=0.01, momentum=0.9, nesterov=True),
    ),
    "transformer": (
        {"architecture": "transformer", "activation": "silu", "init_scale": 0.5},
        {"optimizer": "adam", "weight_decay": 0.1, "schedule": "linear", "warmup": 1, "batch_size": 3000},
        partial(torch.optim.Adam, lr=0.01, weight_decay=0.1),
    ),
}


@pytest.mark.usefixtures("double_precision")
@pytest.mark.parametrize(("network", "way", "make"), COMPOSED.values(), ids=COMPOSED.keys())
def test_options_compose(network, way, make):
    task, samples = TASKS.load("mod_add"), drawn("mod_add", 42)
    chosen = settings(learning_rate=0.01, epochs=6, record_every=2, **network, **way)
    record = train_curve(task, samples, 8, 42, chosen, silent, test=samples)
    batch = chosen.batch_size if chosen.batch_size != "full" else len(samples.target)

    def schedule(optimizer):
        return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: [*learning_rates(chosen), 0.0][epoch] / 0.01)

    expected = by_hand("mod_add", 8, 42, 6, batch, make, schedule, **network)
    np.testing.assert_allclose(record.recorded["train"]["loss"], expected[1::2], rtol=1e-10)
    assert record.epochs.tolist() == [2, 4, 6]
    assert np.unique(record.learning_rates).size > 1
    assert np.isfinite(record.recorded["test"]["loss"]).all()
    np.testing.assert_array_equal(record.recorded["train"]["accuracy"], record.recorded["test"]["accuracy"])


@pytest.mark.parametrize("name", COUNTS)
def test_two_trainings_agree_bit_for_bit(name):
    samples = TASKS.load(name).sample(7)
    once, again = (losses(TASKS.load(name), samples, 16, 7, settings(epochs=5)) for _ in range(2))
    np.testing.assert_array_equal(once, again)
    other = losses(TASKS.load(name), samples, 16, 8, settings(epochs=5))
    assert (other != once).all()


def test_more_epochs_continue_the_same_curve():
    task = TASKS.load("regression")
    short, long = (losses(task, task.sample(1), 8, 1, settings(epochs=n)) for n in (4, 9))
    np.testing.assert_array_equal(short, long[:4])


def test_a_full_batch_is_one_step_per_epoch():
    task = TASKS.load("regression")
    full, counted = (train_curve(task, task.sample(1), 8, 1, settings(batch_size=n), silent) for n in ("full", 2000))
    np.testing.assert_array_equal(full.recorded["train"]["loss"], counted.recorded["train"]["loss"])
    halves = train_curve(task, task.sample(1), 8, 1, settings(batch_size=1000), silent)
    assert halves.recorded["train"]["loss"][-1] < full.recorded["train"]["loss"][-1]
