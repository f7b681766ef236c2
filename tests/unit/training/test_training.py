"""Models and training: parameter counts, initialisation, the order of draws, the recorded loss, reproducibility."""

import math
from functools import partial

import numpy as np
import pytest
import torch
from builders import tiny_experiment
from torch import nn

from losslaws.core.registry import TASKS
from losslaws.tasks.dataset import read_data, write_data
from losslaws.tasks.task import Samples
from losslaws.training import group
from losslaws.training.backends.mlp import FastMLP
from losslaws.training.group import train_group
from losslaws.training.loop import as_tensors, train_curve
from losslaws.training.models import ACTIVATIONS, build_model, parameter_count
from losslaws.training.schedules import learning_rates

COUNTS = {
    "mod_add": (6865, 14129, 34801),
    "mod_mul": (6865, 14129, 34801),
    "regression": (1761, 5569, 19329),
    "classification": (1893, 5829, 19845),
}


def settings(**keys):
    return tiny_experiment(tasks=["mod_add"], training={"epochs": 3, **keys}).training


def silent(epoch, loss):
    """Ignore progress."""


def model_of(name, width, **keys):
    task = TASKS.load(name)
    return build_model(task, len(task.sample(0).features), width, settings(**keys))


@pytest.mark.parametrize(
    ("name", "width", "count"),
    [(name, width, count) for name in COUNTS for width, count in zip((32, 64, 128), COUNTS[name], strict=True)],
)
def test_parameter_counts(name, width, count):
    assert parameter_count(model_of(name, width)) == count


@pytest.mark.parametrize("name", COUNTS)
def test_layers_are_made_in_order_with_default_initialisation(name):
    task = TASKS.load(name)
    torch.manual_seed(42)
    model = model_of(name, 8)
    torch.manual_seed(42)
    embedded = [nn.Embedding(97, 16)] if task.tokens else []
    first = 32 if task.tokens else 20
    layers = [*embedded, nn.Linear(first, 8), nn.Linear(8, 8), nn.Linear(8, task.outputs)]
    expected = [parameter for layer in layers for parameter in layer.parameters()]
    found = list(model.parameters())
    assert [tuple(parameter.shape) for parameter in found] == [tuple(parameter.shape) for parameter in expected]
    assert all(torch.equal(one, other) for one, other in zip(found, expected, strict=True))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("depth", [1, 3])
def test_depth_and_activation(depth, activation):
    torch.manual_seed(7)
    model = model_of("regression", 8, depth=depth, activation=activation)
    torch.manual_seed(7)
    layers = [nn.Linear(20, 8), *(nn.Linear(8, 8) for _ in range(depth - 1)), nn.Linear(8, 1)]
    function = getattr(torch, activation, None) or getattr(nn.functional, activation)
    inputs = torch.linspace(-2, 2, 60).view(3, 20)
    expected = inputs
    for layer in layers[:-1]:
        expected = function(layer(expected))
    torch.testing.assert_close(model(inputs), layers[-1](expected))


def test_the_scale_is_that_of_matrices_and_embeddings():
    models = []
    for scale in (1.0, 3.0):
        torch.manual_seed(7)
        models.append(model_of("mod_add", 8, init_scale=scale))
    for once, scaled in zip(*(model.parameters() for model in models), strict=True):
        torch.testing.assert_close(scaled, once * (3.0 if once.dim() == 2 else 1.0))


def test_the_operands_share_one_embedding():
    model = model_of("mod_add", 8)
    (table,) = (module for module in model.modules() if isinstance(module, nn.Embedding))
    with torch.no_grad():
        vectors = model[0](torch.tensor([[3, 5], [5, 3]]))
    expected = torch.stack(
        [torch.cat([table.weight[3], table.weight[5]]), torch.cat([table.weight[5], table.weight[3]])]
    )
    assert torch.equal(vectors, expected)


@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_the_transformer_is_one_pre_norm_block_with_causal_attention(activation):
    torch.manual_seed(1)
    model = model_of("mod_add", 8, architecture="transformer", activation=activation)
    block = model.block
    operands = torch.tensor([[3, 5], [5, 3], [96, 0]])
    tokens = torch.cat((operands, torch.full((3, 1), 97)), dim=1)
    vectors = model.tokens.weight[tokens] + model.places.weight
    queries, keys, values = (
        part.view(3, 3, 4, 2).transpose(1, 2)
        for part in nn.functional.linear(
            block.norm1(vectors), block.self_attn.in_proj_weight, block.self_attn.in_proj_bias
        ).chunk(3, dim=2)
    )
    scores = queries @ keys.transpose(2, 3) / math.sqrt(2)
    weights = scores.masked_fill(torch.ones(3, 3).triu(1).bool(), -math.inf).softmax(dim=3)
    vectors = vectors + block.self_attn.out_proj((weights @ values).transpose(1, 2).flatten(2))
    vectors = vectors + block.linear2(getattr(nn.functional, activation)(block.linear1(block.norm2(vectors))))
    expected = model.output(model.norm(vectors[:, -1]))
    torch.testing.assert_close(model(operands), expected)
    assert not torch.allclose(expected[0], expected[1])
    with torch.no_grad():
        torch.testing.assert_close(model(operands), expected)


def test_parameters_of_the_transformer():
    h = 8
    attention, feed_forward, norms = 4 * h * h + 4 * h, 8 * h * h + 5 * h, 3 * 2 * h
    count = (98 + 3) * h + attention + feed_forward + norms + 97 * (h + 1)
    assert parameter_count(model_of("mod_mul", h, architecture="transformer")) == count


def test_a_transformer_learns_and_repeats_to_the_bit():
    task, chosen = TASKS.load("mod_add"), settings(architecture="transformer", learning_rate=0.01, epochs=4)
    once, again = (train_curve(task, task.sample(1), 8, 1, chosen, silent).losses["train"] for _ in range(2))
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
    assert record.losses["train"].dtype == np.float64
    adam = partial(torch.optim.Adam, lr=learning_rate)
    np.testing.assert_allclose(record.losses["train"], by_hand(name, 16, 42, 3, batch_size, adam), rtol=1e-5)


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
    np.testing.assert_allclose(record.losses["train"], by_hand(name, 16, 42, 3, 512, make), rtol=1e-10)


@pytest.mark.usefixtures("double_precision")
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_a_schedule_sets_the_learning_rate_of_every_epoch(optimizer):
    task = TASKS.load("regression")
    chosen = settings(optimizer=optimizer, learning_rate=0.01, schedule="cosine", decay_to=0.0, epochs=6)
    record = train_curve(task, drawn("regression", 1), 8, 1, chosen, silent)
    make = partial({"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[optimizer], lr=0.01)
    expected = by_hand("regression", 8, 1, 6, 512, make, lambda of: torch.optim.lr_scheduler.CosineAnnealingLR(of, 6))
    np.testing.assert_allclose(record.losses["train"], expected, rtol=1e-10)


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
    batch = chosen["batch_size"] if chosen["batch_size"] != "full" else len(samples.target)

    def schedule(optimizer):
        return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: [*learning_rates(chosen), 0.0][epoch] / 0.01)

    expected = by_hand("mod_add", 8, 42, 6, batch, make, schedule, **network)
    np.testing.assert_allclose(record.losses["train"], expected[1::2], rtol=1e-10)
    assert record.epochs.tolist() == [2, 4, 6]
    assert np.unique(record.learning_rates).size > 1
    assert np.isfinite(record.losses["test"]).all()
    np.testing.assert_array_equal(record.accuracies["train"], record.accuracies["test"])


@pytest.mark.parametrize("name", COUNTS)
def test_the_default_settings_change_no_bit_of_the_curves(name, tmp_path):
    task, path = TASKS.load(name), tmp_path / "data.parquet"
    write_data(path, name, task, [42])
    (curve,) = train_group(path, name, task, 8, [42], tiny_experiment(training={"epochs": 30}).training)

    torch.manual_seed(42)
    inputs, target = as_tensors(task.sample(42))
    adam = partial(torch.optim.Adam, lr=0.001, weight_decay=0.0)
    training = FastMLP(model_of(name, 8), adam, task.loss, inputs, target, 512)
    assert curve.loss.tolist() == [training.run_epoch(0.001) for _ in range(30)]
    assert curve.t.tolist() == list(range(1, 31))
    assert curve.learning_rate is None


@pytest.mark.parametrize("name", COUNTS)
def test_two_trainings_agree_bit_for_bit(name):
    samples = TASKS.load(name).sample(7)
    once, again = (
        train_curve(TASKS.load(name), samples, 16, 7, settings(epochs=5), silent).losses["train"] for _ in range(2)
    )
    np.testing.assert_array_equal(once, again)
    other = train_curve(TASKS.load(name), samples, 16, 8, settings(epochs=5), silent).losses["train"]
    assert (other != once).all()


def test_more_epochs_continue_the_same_curve():
    task = TASKS.load("regression")
    short, long = (train_curve(task, task.sample(1), 8, 1, settings(epochs=n), silent).losses["train"] for n in (4, 9))
    np.testing.assert_array_equal(short, long[:4])


def test_a_full_batch_is_one_step_per_epoch():
    task = TASKS.load("regression")
    full, counted = (train_curve(task, task.sample(1), 8, 1, settings(batch_size=n), silent) for n in ("full", 2000))
    np.testing.assert_array_equal(full.losses["train"], counted.losses["train"])
    halves = train_curve(task, task.sample(1), 8, 1, settings(batch_size=1000), silent)
    assert halves.losses["train"][-1] < full.losses["train"][-1]


@pytest.mark.parametrize(("every", "points"), [(1, range(1, 8)), (3, (3, 6, 7)), (7, (7,)), (9, (7,))])
def test_recorded_epochs_are_every_so_manieth_and_the_last(every, points):
    task = TASKS.load("regression")
    chosen = {"epochs": 7, "schedule": "linear"}
    some = train_curve(task, task.sample(1), 8, 1, settings(record_every=every, **chosen), silent)
    whole = train_curve(task, task.sample(1), 8, 1, settings(**chosen), silent)
    rows = np.array(points) - 1
    assert some.epochs.tolist() == list(points)
    np.testing.assert_array_equal(some.losses["train"], whole.losses["train"][rows])
    np.testing.assert_array_equal(some.learning_rates, whole.learning_rates[rows])


def test_progress_is_told_of_every_epoch():
    task, told = TASKS.load("regression"), []
    record = train_curve(task, task.sample(1), 8, 1, settings(), lambda epoch, loss: told.append((epoch, loss)))
    assert told == list(enumerate(record.losses["train"].tolist(), start=1))


@pytest.mark.parametrize("value", [np.nan, 1e30])
def test_a_diverged_training_is_nan_from_there_on(value):
    task = TASKS.load("regression")
    samples = task.sample(1)
    broken = Samples({**samples.features, "x03": np.full(2000, value, dtype=np.float32)}, samples.target)
    record = train_curve(task, broken, 8, 1, settings(epochs=6), silent)
    assert record.losses["train"].shape == (6,)
    assert np.isnan(record.losses["train"]).all()
    assert record.n_params == parameter_count(model_of("regression", 8))


def test_a_group_has_one_curve_per_seed(tmp_path):
    path, task = tmp_path / "regression.parquet", TASKS.load("regression")
    write_data(path, "regression", task, [5, 42])
    curves = train_group(path, "regression", task, 8, [42, 5], settings())
    assert [curve.name for curve in curves] == ["regression_w8_s42", "regression_w8_s5"]
    for curve, seed in zip(curves, (42, 5), strict=True):
        np.testing.assert_array_equal(curve.t, [1.0, 2.0, 3.0])
        np.testing.assert_array_equal(
            curve.loss, train_curve(task, task.sample(seed), 8, seed, settings(), silent).losses["train"]
        )
        expected = {"task": "regression", "width": 8, "seed": seed, "split": "train", "n_params": 249}
        assert dict(curve.attributes) == expected


def split(samples, rows):
    return Samples({name: column[rows] for name, column in samples.features.items()}, samples.target[rows])


@pytest.mark.parametrize("name", ["classification", "mod_add", "regression"])
@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_test_loss_and_accuracy_are_those_after_the_epoch(name, activation):
    task, chosen = TASKS.load(name), settings(activation=activation, epochs=4)
    samples = task.sample(3)
    train, test = split(samples, slice(0, 700)), split(samples, slice(700, 1500))
    record = train_curve(task, train, 8, 3, chosen, silent, test)
    assert record.losses["train"].tolist() == train_curve(task, train, 8, 3, chosen, silent).losses["train"].tolist()

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
    assert record.losses["test"][-1] == pytest.approx(loss_of(outputs, answers).item(), rel=1e-5)
    if name == "regression":
        assert record.accuracies == {}
    else:
        assert record.accuracies["test"][-1] == (outputs.argmax(dim=1) == answers).double().mean().item()
        assert record.accuracies["train"][-1] == (model(inputs).argmax(dim=1) == target).double().mean().item()


def test_a_group_has_a_test_curve_beside_each(tmp_path):
    path, task = tmp_path / "classification.parquet", TASKS.load("classification")
    write_data(path, "classification", task, [5, 6], 0.4)
    curves = train_group(path, "classification", task, 8, [5, 6], settings(train_fraction=0.4, record_every=2))
    names = ["classification_w8_s5", "classification_w8_s5_test", "classification_w8_s6", "classification_w8_s6_test"]
    assert [curve.name for curve in curves] == names
    assert [curve.attributes["split"] for curve in curves] == ["train", "test"] * 2
    assert all(curve.t.tolist() == [2.0, 3.0] and curve.accuracy.shape == (2,) for curve in curves)
    record = train_curve(task, read_data(path, 6), 8, 6, settings(record_every=2), silent, read_data(path, 6, "test"))
    np.testing.assert_array_equal(curves[3].loss, record.losses["test"])
    np.testing.assert_array_equal(curves[3].accuracy, record.accuracies["test"])


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
    np.testing.assert_array_equal(
        sound.loss, train_curve(task, task.sample(6), 8, 6, settings(), silent).losses["train"]
    )


def test_a_group_records_the_learning_rates_of_a_schedule(tmp_path):
    path, task = tmp_path / "regression.parquet", TASKS.load("regression")
    write_data(path, "regression", task, [5])
    (curve,) = train_group(path, "regression", task, 8, [5], settings(epochs=4, schedule="linear", decay_to=0.0))
    np.testing.assert_allclose(curve.learning_rate, [1e-3, 7.5e-4, 5e-4, 2.5e-4], rtol=1e-12)


def test_a_group_says_which_curve_diverged(tmp_path, caplog):
    path, task = tmp_path / "regression.parquet", TASKS.load("regression")
    write_data(path, "regression", task, [5])
    (curve,) = train_group(path, "regression", task, 8, [5], settings(epochs=8, learning_rate=1e30))
    first = int(np.isfinite(curve.loss).sum()) + 1
    assert first <= 8
    assert f"regression_w8_s5: the loss is not finite from epoch {first} on" in caplog.text
