"""The tasks, drawn again here from their definitions."""

import sys

import numpy as np
import pytest
import sklearn.datasets

from losslaws.core.errors import LosslawsError
from losslaws.core.registry import TASKS
from losslaws.storage.files import read_table
from losslaws.tasks.dataset import read_data, write_data

SEEDS = (42, 0, 7)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("mod_add", lambda a, b: (a + b) % 97),
        ("mod_mul", lambda a, b: a * b % 97),
        ("mod_sub", lambda a, b: (a - b + 97) % 97),
    ],
)
def test_modular_tasks_are_all_pairs_in_one_permutation(name, result, seed):
    pairs = np.array([(a, b, result(a, b)) for a in range(97) for b in range(97)])
    shuffled = pairs[np.random.default_rng(seed).permutation(len(pairs))]
    samples = TASKS.load(name).sample(seed)
    assert list(samples.features) == ["a", "b"]
    for column, expected in zip((*samples.features.values(), samples.target), shuffled.T, strict=True):
        assert column.dtype == np.int64
        np.testing.assert_array_equal(column, expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_regression_draws_inputs_then_weights_then_noise(seed):
    stream = np.random.default_rng(seed)
    inputs = stream.normal(size=(2000, 20))
    weights = stream.normal(size=20) / 20**0.5
    target = inputs @ weights + 0.1 * stream.normal(size=2000)
    samples = TASKS.load("regression").sample(seed)
    assert_columns(samples, inputs)
    assert samples.target.dtype == np.float32
    np.testing.assert_array_equal(samples.target, target.astype(np.float32))


@pytest.mark.parametrize("seed", SEEDS)
def test_classification_draws_inputs_then_weights(seed):
    stream = np.random.default_rng(seed)
    inputs = stream.normal(size=(2000, 20))
    weights = stream.normal(size=(20, 5)) / 20**0.5
    samples = TASKS.load("classification").sample(seed)
    assert_columns(samples, inputs)
    assert samples.target.dtype == np.int64
    np.testing.assert_array_equal(samples.target, (inputs @ weights).argmax(axis=1))


@pytest.mark.parametrize("seed", SEEDS)
def test_division_undoes_multiplication_and_never_divides_by_zero(seed):
    pairs = np.array([(a, b) for a in range(97) for b in range(1, 97)])
    shuffled = pairs[np.random.default_rng(seed).permutation(len(pairs))]
    samples = TASKS.load("mod_div").sample(seed)
    np.testing.assert_array_equal(np.column_stack([samples.features["a"], samples.features["b"]]), shuffled)
    assert samples.target.dtype == np.int64
    assert samples.target.min() == 0
    assert samples.target.max() == 96
    np.testing.assert_array_equal(samples.target * samples.features["b"] % 97, samples.features["a"])


@pytest.mark.parametrize("seed", SEEDS)
def test_sparse_parity_is_that_of_the_first_three_signs(seed):
    samples = TASKS.load("sparse_parity").sample(seed)
    signs = np.column_stack(list(samples.features.values()))
    assert signs.shape == (2000, 20)
    assert set(np.unique(signs)) == {-1.0, 1.0}
    negative = (signs[:, :3] < 0).sum(axis=1)
    np.testing.assert_array_equal(samples.target, negative % 2 == 0)
    assert 0.45 < samples.target.mean() < 0.55


@pytest.mark.parametrize("seed", SEEDS)
def test_teacher_draws_inputs_then_both_layers(seed):
    stream = np.random.default_rng(seed)
    inputs = stream.normal(size=(2000, 20))
    first, second = stream.normal(size=(20, 10)) / 20**0.5, stream.normal(size=10) / 10**0.5
    samples = TASKS.load("teacher").sample(seed)
    assert_columns(samples, inputs)
    np.testing.assert_array_equal(samples.target, (np.tanh(inputs @ first) @ second).astype(np.float32))


@pytest.mark.parametrize("seed", SEEDS)
def test_fourier_is_a_sum_of_waves_of_inputs_in_a_cube(seed):
    samples = TASKS.load("fourier").sample(seed)
    inputs = np.random.default_rng(seed).random((2048, 8)) - 0.5
    assert_columns(samples, inputs)
    # The function is the same for all seeds.
    of_function = np.random.default_rng(0)
    directions = of_function.standard_normal((8, 256))
    lengths = 0.5 * (1 + of_function.pareto(1.5, 256))
    phases, weights = of_function.uniform(0, 2 * np.pi, 256), of_function.standard_normal(256) / 16
    waves = np.cos(2 * np.pi * inputs @ (lengths * directions / np.linalg.norm(directions, axis=0)) + phases)
    np.testing.assert_allclose(samples.target, np.sqrt(2) * waves @ weights, atol=2e-4)
    assert samples.target.var() == pytest.approx(1.0, abs=0.3)


def test_fourier_has_endless_rows_apart_from_its_data_set():
    task = TASKS.load("fourier")
    stream, again = task.stream(1), task.stream(1)
    first, second = next(stream), next(stream)
    np.testing.assert_array_equal(next(again).target, first.target)
    drawn = [task.sample(1), first, second, next(task.stream(2))]
    assert len(np.unique([samples.features["x00"] for samples in drawn])) == 4 * 2048


@pytest.mark.parametrize("seed", SEEDS)
def test_digits_are_those_of_scikit_learn_in_one_permutation(seed):
    images, labels = sklearn.datasets.load_digits(return_X_y=True)
    order = np.random.default_rng(seed).permutation(1797)
    samples = TASKS.load("digits").sample(seed)
    assert_columns(samples, images[order] / 16)
    np.testing.assert_array_equal(samples.target, labels[order])
    assert all(0 <= column.min() <= column.max() <= 1 for column in samples.features.values())


def test_digits_without_scikit_learn_say_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(LosslawsError, match=r"scikit-learn, which is not installed: pip install scikit-learn$"):
        TASKS.load("digits").sample(0)


def assert_columns(samples, inputs):
    """Check that the features are the columns of `inputs` in order, computed in float64 and stored in float32."""
    assert list(samples.features) == sorted(samples.features)
    columns = np.column_stack(list(samples.features.values()))
    assert columns.dtype == np.float32
    np.testing.assert_array_equal(columns, inputs.astype(np.float32))


@pytest.mark.parametrize(
    ("name", "outputs", "loss", "tokens"),
    [
        ("mod_add", 97, "cross_entropy", 97),
        ("mod_mul", 97, "cross_entropy", 97),
        ("regression", 1, "mse", None),
        ("classification", 5, "cross_entropy", None),
        ("mod_sub", 97, "cross_entropy", 97),
        ("mod_div", 97, "cross_entropy", 97),
        ("sparse_parity", 2, "cross_entropy", None),
        ("teacher", 1, "mse", None),
        ("digits", 10, "cross_entropy", None),
        ("fourier", 1, "mse", None),
    ],
)
def test_learning_problem(name, outputs, loss, tokens):
    task = TASKS.load(name)
    assert (task.outputs, task.loss, task.tokens) == (outputs, loss, tokens)


@pytest.mark.parametrize("name", TASKS.names())
def test_data_table_returns_what_was_drawn(name, tmp_path):
    task, path = TASKS.load(name), tmp_path / "data.parquet"
    write_data(path, name, task, [3, 42])
    for seed in (42, 3):
        drawn, read = task.sample(seed), read_data(path, seed)
        assert list(read.features) == list(drawn.features)
        for feature, column in drawn.features.items():
            assert read.features[feature].dtype == column.dtype
            np.testing.assert_array_equal(read.features[feature], column)
        np.testing.assert_array_equal(read.target, drawn.target)


@pytest.mark.parametrize("fraction", [0.3, 0.5])
def test_the_split_is_a_share_of_the_rows_by_a_stream_of_its_own(fraction, tmp_path):
    task, path = TASKS.load("mod_add"), tmp_path / "data.parquet"
    write_data(path, "mod_add", task, [3, 42], fraction)
    for seed in (42, 3):
        whole, order = task.sample(seed), np.random.default_rng(seed).spawn(1)[0].permutation(97**2)
        count = round(fraction * 97**2)
        for split, rows in (("train", order[:count]), ("test", order[count:])):
            read = read_data(path, seed, split)
            np.testing.assert_array_equal(read.target, whole.target[np.sort(rows)])
            np.testing.assert_array_equal(read.features["a"], whole.features["a"][np.sort(rows)])


@pytest.mark.parametrize(("fraction", "purpose"), [(1e-6, "train on"), (1 - 1e-6, "test on")])
def test_a_split_needs_rows_on_both_sides(fraction, purpose, tmp_path):
    with pytest.raises(LosslawsError, match=f"leaves regression rows to {purpose}, of its 2000"):
        write_data(tmp_path / "data.parquet", "regression", TASKS.load("regression"), [3], fraction)
    assert not (tmp_path / "data.parquet").exists()


def test_data_table_columns_and_missing_seed(tmp_path):
    path = tmp_path / "data.parquet"
    write_data(path, "mod_add", TASKS.load("mod_add"), [3])
    table = read_table(path)
    assert table.column_names == ["seed", "split", "a", "b", "target"]
    assert set(table["split"].to_pylist()) == {"train"}
    with pytest.raises(LosslawsError, match=r"data\.parquet has no training rows for seed 4: delete this file"):
        read_data(path, 4)
