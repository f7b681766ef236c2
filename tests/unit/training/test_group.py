"""A group of curves: one per seed, with its attributes, its test curve and its learning rates."""

from functools import partial

import numpy as np
import pytest
import torch
from trainings import COUNTS, losses, model_of, settings, silent, trainer

from losslaws.config.training import Training
from losslaws.core.registry import TASKS
from losslaws.tasks.dataset import read_data, write_data
from losslaws.tasks.task import Samples
from losslaws.training import group
from losslaws.training.backends.mlp import FastMLP
from losslaws.training.group import train_group
from losslaws.training.loop import as_tensors, train_curve


@pytest.mark.parametrize("name", COUNTS)
def test_the_default_settings_change_no_bit_of_the_curves(name, tmp_path):
    task, path = TASKS.load(name), tmp_path / "data.parquet"
    write_data(path, name, task, [42])
    (curve,) = train_group(path, name, task, 8, [42], Training(epochs=30))

    torch.manual_seed(42)
    inputs, target = as_tensors(task.sample(42))
    adam = partial(torch.optim.Adam, lr=0.001, weight_decay=0.0)
    training = trainer(FastMLP, model_of(name, 8), adam, task.loss, inputs, target, 512)
    assert curve.loss.tolist() == [training.run_epoch(0.001) for _ in range(30)]
    assert curve.t.tolist() == list(range(1, 31))
    assert "lr" not in curve.series


def test_a_group_has_one_curve_per_seed(tmp_path):
    path, task = tmp_path / "regression.parquet", TASKS.load("regression")
    write_data(path, "regression", task, [5, 42])
    curves = train_group(path, "regression", task, 8, [42, 5], settings())
    assert [curve.name for curve in curves] == ["regression_w8_s42", "regression_w8_s5"]
    for curve, seed in zip(curves, (42, 5), strict=True):
        np.testing.assert_array_equal(curve.t, [1.0, 2.0, 3.0])
        np.testing.assert_array_equal(curve.loss, losses(task, task.sample(seed), 8, seed, settings()))
        expected = {"task": "regression", "width": 8, "seed": seed, "split": "train", "n_params": 249}
        assert dict(curve.attributes) == expected


def test_a_group_has_a_test_curve_beside_each(tmp_path):
    path, task = tmp_path / "classification.parquet", TASKS.load("classification")
    write_data(path, "classification", task, [5, 6], 0.4)
    curves = train_group(path, "classification", task, 8, [5, 6], settings(train_fraction=0.4, record_every=2))
    names = ["classification_w8_s5", "classification_w8_s5_test", "classification_w8_s6", "classification_w8_s6_test"]
    assert [curve.name for curve in curves] == names
    assert [curve.attributes["split"] for curve in curves] == ["train", "test"] * 2
    assert all(curve.t.tolist() == [2.0, 3.0] and curve.series["accuracy"].shape == (2,) for curve in curves)
    record = train_curve(task, read_data(path, 6), 8, 6, settings(record_every=2), silent, read_data(path, 6, "test"))
    np.testing.assert_array_equal(curves[3].loss, record.recorded["test"]["loss"])
    np.testing.assert_array_equal(curves[3].series["accuracy"], record.recorded["test"]["accuracy"])


def test_a_diverged_training_has_no_test_loss_either(tmp_path):
    path, task = tmp_path / "regression.parquet", TASKS.load("regression")
    write_data(path, "regression", task, [5], 0.5)
    chosen = settings(epochs=8, learning_rate=10.0, optimizer="sgd", train_fraction=0.5)
    train, test = train_group(path, "regression", task, 8, [5], chosen)
    assert np.isnan(train.loss[-1])
    assert np.isnan(test.loss[np.isnan(train.loss)]).all()


def test_a_diverging_seed_leaves_the_others_unharmed(tmp_path, monkeypatch):
    path, task = tmp_path / "regression.parquet", TASKS.load("regression")
    write_data(path, "regression", task, [5, 6])

    def drawn(path, seed, part="train"):
        samples = read_data(path, seed, part)
        return (
            Samples({**samples.features, "x00": samples.features["x00"] * 1e30}, samples.target)
            if seed == 5
            else samples
        )

    monkeypatch.setattr(group, "read_data", drawn)
    broken, sound = train_group(path, "regression", task, 8, [5, 6], settings())
    assert np.isnan(broken.loss).all()
    np.testing.assert_array_equal(sound.loss, losses(task, task.sample(6), 8, 6, settings()))


def test_a_group_records_the_learning_rates_of_a_schedule(tmp_path):
    path, task = tmp_path / "regression.parquet", TASKS.load("regression")
    write_data(path, "regression", task, [5])
    (curve,) = train_group(path, "regression", task, 8, [5], settings(epochs=4, schedule="linear", decay_to=0.0))
    np.testing.assert_allclose(curve.series["lr"], [1e-3, 7.5e-4, 5e-4, 2.5e-4], rtol=1e-12)


def test_a_group_says_which_curve_diverged(tmp_path, caplog):
    path, task = tmp_path / "regression.parquet", TASKS.load("regression")
    write_data(path, "regression", task, [5])
    (curve,) = train_group(path, "regression", task, 8, [5], settings(epochs=8, learning_rate=1e30))
    first = int(np.isfinite(curve.loss).sum()) + 1
    assert first <= 8
    assert f"regression_w8_s5: the loss is not finite from epoch {first} on" in caplog.text
