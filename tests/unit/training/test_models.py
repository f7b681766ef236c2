"""The networks: parameter counts, initialization, what their layers compute."""

import math

import pytest
import torch
from torch import nn
from trainings import COUNTS, model_of

from losslaws.core.registry import TASKS
from losslaws.training.models import ACTIVATIONS, parameter_count


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
