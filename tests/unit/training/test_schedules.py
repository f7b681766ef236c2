"""Learning rates are the closed forms that the documentation states."""

import numpy as np
import pytest

from losslaws.config.training import Training
from losslaws.training.schedules import learning_rates

PEAK, EPOCHS = 0.03, 40


def rates(schedule, warmup=0, **keys):
    training = {
        "epochs": EPOCHS,
        "learning_rate": PEAK,
        "schedule": schedule,
        "warmup": warmup,
        "step_epochs": 7,
        **keys,
    }
    if schedule != "step":
        del training["step_epochs"]
    return learning_rates(Training(**training))


def closed_form(schedule, n, to=0.1, share=0.2):
    k = np.arange(n)
    last = round(share * n)
    return {
        "constant": np.ones(n),
        "linear": 1 - (1 - to) * k / n,
        "cosine": to + (1 - to) * (1 + np.cos(np.pi * k / n)) / 2,
        "exponential": to ** (k / n),
        "step": to ** (k // 7),
        "wsd": np.where(k < n - last, 1, 1 - (1 - to) * (k - (n - last)) / last),
    }[schedule]


ALL = ("constant", "linear", "cosine", "exponential", "step", "wsd")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("warmup", [0, 1, 5])
@pytest.mark.parametrize("schedule", ALL)
def test_closed_forms(schedule, warmup):
    rise = np.arange(1, warmup + 1) / (warmup + 1)
    expected = PEAK * np.concatenate([rise, closed_form(schedule, EPOCHS - warmup)])
    np.testing.assert_allclose(rates(schedule, warmup), expected, rtol=1e-12)


@pytest.mark.parametrize("schedule", ["linear", "cosine", "wsd"])
def test_a_decay_may_go_to_zero_and_no_epoch_is_wasted(schedule):
    found = rates(schedule, decay_to=0.0)
    np.testing.assert_allclose(found, PEAK * closed_form(schedule, EPOCHS, to=0.0), rtol=1e-12)
    assert found.min() > 0


def test_wsd_may_decay_from_the_start():
    np.testing.assert_allclose(rates("wsd", decay_share=1), rates("linear"), rtol=1e-12)


def test_a_constant_rate_is_the_configured_number_to_the_bit():
    assert (rates("constant") == PEAK).all()
