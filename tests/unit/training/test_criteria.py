"""Criteria: each is the loss that it says, and its written-out gradient is PyTorch's."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from trainings import losses, settings

from losslaws.core.errors import LosslawsError
from losslaws.core.registry import CRITERIA, TASKS
from losslaws.training import loop
from losslaws.training.criterion import Criterion, shared

HAND_MADE = {
    "cross_entropy": (
        [[0.0, np.log(3.0)], [np.log(3.0), 0.0]],
        np.array([1, 1]),
        [np.log(4 / 3), np.log(4.0)],
        [[0.25, -0.25], [0.75, -0.75]],
    ),
    "mse": ([[2.0], [-1.0]], np.array([1.0, 2.0]), [1.0, 9.0], [[2.0], [-6.0]]),
}


def test_every_criterion_is_tested_here():
    assert CRITERIA.names() == sorted(HAND_MADE)


@pytest.mark.parametrize("name", HAND_MADE)
def test_losses_and_gradients_by_hand(name):
    rows, target, expected, gradient = HAND_MADE[name]
    criterion, outputs = CRITERIA.load(name), torch.tensor(rows, dtype=torch.float64)
    slope = torch.empty_like(outputs)
    np.testing.assert_allclose(criterion.written_out(shared(outputs), shared(slope))(target), expected, rtol=1e-12)
    np.testing.assert_allclose(slope.numpy(), gradient, rtol=1e-12)
    assert criterion.loss(outputs, torch.from_numpy(target)).item() == pytest.approx(np.mean(expected))


@pytest.mark.parametrize("name", HAND_MADE)
def test_the_written_out_gradient_is_that_of_pytorch(name):
    outputs = torch.randn(7, 5 if name == "cross_entropy" else 1, dtype=torch.float64, requires_grad=True)
    target = torch.arange(7) % 5 if name == "cross_entropy" else torch.linspace(-1, 1, 7, dtype=torch.float64)
    CRITERIA.load(name).loss(outputs, target).backward()
    slope = torch.empty_like(outputs)
    CRITERIA.load(name).written_out(shared(outputs.detach().clone()), shared(slope))(target.numpy())
    torch.testing.assert_close(slope / 7, outputs.grad)


def test_accuracy_is_of_classes_alone():
    scores = torch.tensor([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]])
    assert CRITERIA.load("cross_entropy").accuracy(scores, torch.tensor([1, 0, 0, 0])) == 0.75
    assert CRITERIA.load("mse").accuracy is None


def test_an_unknown_loss_is_a_sentence():
    task = replace(TASKS.load("regression"), loss="mae")
    with pytest.raises(LosslawsError, match=r"loss 'mae' is unknown.*choose from cross_entropy, mse"):
        losses(task, task.sample(1), 8, 1, settings())


def test_without_a_written_out_gradient_pytorch_trains(monkeypatch):
    task = TASKS.load("regression")
    written_out = losses(task, task.sample(1), 8, 1, settings())
    bare = Criterion(CRITERIA.load("mse").loss)
    monkeypatch.setattr(loop, "FastMLP", None)
    monkeypatch.setattr(type(CRITERIA), "load", lambda registry, name: bare if registry is CRITERIA else None)
    monkeypatch.setattr(loop, "measures_of", lambda setup: {})
    np.testing.assert_allclose(losses(task, task.sample(1), 8, 1, settings()), written_out, rtol=1e-5)
