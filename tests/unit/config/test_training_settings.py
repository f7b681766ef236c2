"""Settings that do not go together are told in one sentence."""

import pytest
from builders import tiny_experiment

from losslaws.core.errors import LosslawsError

MISTAKES = {
    "unknown optimizer": (
        {"optimizer": "adm"},
        "optimizer: 'adm' is unknown (did you mean 'adam'?)",
        "adam, adamw, sgd",
    ),
    "unknown schedule": ({"schedule": "cos"}, "schedule: 'cos' is unknown", "linear, cosine"),
    "momentum of Adam": ({"momentum": 0.9}, "training.momentum is 0.9, which optimizer adam does not use", "sgd"),
    "Nesterov without SGD": ({"nesterov": True}, "training.nesterov is true, which optimizer adam", "sgd"),
    "Nesterov without momentum": (
        {"optimizer": "sgd", "nesterov": True},
        "nesterov is true with momentum 0",
        "above 0",
    ),
    "momentum of one": ({"optimizer": "sgd", "momentum": 1}, "training.momentum", "1"),
    "a decay of a constant": ({"decay_to": 0.5}, "decay_to is 0.5, which schedule constant does not use", "or wsd"),
    "steps of a cosine": ({"schedule": "cosine", "step_epochs": 3}, "step_epochs is 3, which schedule cosine", "step"),
    "a share of a line": ({"schedule": "linear", "decay_share": 0.5}, "decay_share is 0.5, which schedule", "wsd"),
    "more than the peak": ({"schedule": "linear", "decay_to": 2}, "training.decay_to is 2; expected at most 1", ""),
    "an exponential to zero": ({"schedule": "exponential", "decay_to": 0}, "decay_to is 0", "above 0"),
    "a batch of nothing": ({"batch_size": 0}, "training.batch_size is 0; expected a whole number", "or full"),
    "a batch of all": ({"batch_size": "all"}, "training.batch_size is 'all'; expected a whole number", "or full"),
    "unknown activation": ({"activation": "elu"}, "activation: 'elu' is unknown", "relu, gelu, tanh, silu"),
    "nothing to train on": ({"train_fraction": 0}, "train_fraction is 0; expected a number above 0", ""),
    "more than there is": ({"train_fraction": 1.5}, "train_fraction is 1.5; expected at most 1", ""),
    "operands of numbers": (
        {"architecture": "transformer"},
        "architecture is transformer, which needs integer inputs, but regression has none",
        "choose mlp",
    ),
    "a deep transformer": ({"architecture": "transformer", "depth": 3}, "depth is 3, which architecture", "mlp"),
    "unknown architecture": ({"architecture": "mpl"}, "architecture: 'mpl' is unknown", "mlp, transformer"),
    "unknown parametrisation": (
        {"parametrization": "mups"},
        "'mups' is unknown (did you mean 'mup'?)",
        "standard, mup",
    ),
    "a maximal-update transformer": (
        {"architecture": "transformer", "parametrization": "mup"},
        "parametrization is mup, which architecture transformer does not use",
        "mlp",
    ),
    "decay by width": (
        {"parametrization": "mup", "weight_decay": 0.1},
        "weight_decay is 0.1 with parametrization",
        "0",
    ),
    "a base of nothing": ({"base_width": 8}, "base_width is 8, which neither parametrization standard nor", "mup"),
    "ever shorter": ({"horizon_exponent": -1}, "horizon_exponent is -1; expected at least 0", ""),
    "new rows of a data set": ({"fresh_data": True}, "fresh_data is true, but mod_add is a finite data set", "fourier"),
    "a share of new rows": (
        {"fresh_data": True, "train_fraction": 0.5},
        "train_fraction is 0.5 with fresh_data true",
        "expected 1",
    ),
    "only warm-up": ({"epochs": 5, "warmup": 5}, "training.warmup is 5; expected fewer than the 5 epochs", ""),
    "no step": ({"epochs": 9, "schedule": "step", "warmup": 2, "step_epochs": 7}, "step_epochs is 7", "than the 7"),
}


@pytest.mark.parametrize(("training", "start", "rest"), MISTAKES.values(), ids=MISTAKES.keys())
def test_is_told_in_one_sentence(training, start, rest):
    with pytest.raises(LosslawsError) as raised:
        tiny_experiment(training=training)
    sentence = str(raised.value)
    assert sentence.startswith("config: experiments.tiny.training.")
    assert start in sentence
    assert rest in sentence
    assert "\n" not in sentence


def test_the_width_of_a_transformer_is_a_multiple_of_its_heads():
    grid = {"tasks": ["mod_add"], "training": {"architecture": "transformer"}}
    assert tiny_experiment(**grid, widths=[8, 16]).grid.training.architecture == "transformer"
    with pytest.raises(LosslawsError, match="4 attention heads, but width 10 is not a multiple"):
        tiny_experiment(**grid, widths=[8, 10])


def test_a_default_may_be_written_out_where_it_is_not_used():
    assert tiny_experiment(training={"momentum": 0, "decay_to": 0.1}).grid.training.decay_to == 0.1
