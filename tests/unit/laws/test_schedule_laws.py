"""Laws of schedules: sums against plain loops, how a record becomes a schedule, mistakes."""

from dataclasses import replace

import numpy as np
import pytest
from known_schedules import PARAMETERS, PEAK, RISE, SCHEDULES, STEPS

from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.laws.schedule.catalogue import SCHEDULE_LAWS, drop_terms
from losslaws.laws.schedule.curve import scheduled_curve
from losslaws.laws.schedule.history import history, schedule_of


def per_step(schedule):
    """The learning rate of every step, with that of step 0 first."""
    return schedule.at(np.arange(schedule.length + 1))


def plain_loss(name, parameters, schedule, t, first):
    """The law as it is written, with a loop over steps; changes up to step `first` do not count."""
    rate = per_step(schedule)
    fall = np.zeros(rate.size)
    fall[1:] = rate[:-1] - rate[1:]
    fall[: int(first) + 1] = 0.0
    total = np.cumsum(np.append(0.0, rate[1:]))
    p = parameters
    if name == "chinchilla_steps":
        return p["L0"] + p["A"] * t ** -p["alpha"]
    if name == "momentum":
        momentum, area = 0.0, 0.0
        for k in range(1, t + 1):
            momentum = p["lambda"] * momentum + fall[k]
            area += momentum
        return p["L0"] + p["A"] * total[t] ** -p["alpha"] - p["C"] * area
    loss = 0.0
    for k in range(1, t + 1):
        if name == "multi_power":
            x = p["C"] * rate[k] ** -p["gamma"] * (total[t] - total[k - 1])
            loss -= p["B"] * fall[k] * (1 - (1 + x) ** -p["beta"])
        elif fall[k] > 0:
            level = p["c23"] + p["c2"] * total[k] ** -p["s"]
            loss -= fall[k] * level * (1 - (1 + p["c4"] * (total[t] - total[k])) ** -p["g"])
    amplitude, exponent = (p["A"], p["alpha"]) if name == "multi_power" else (p["c1"], p["s"])
    return p["L0"] + amplitude * total[t] ** -exponent + loss


@pytest.mark.parametrize("drops", ["peak", "start"])
@pytest.mark.parametrize("kind", SCHEDULES)
@pytest.mark.parametrize("name", SCHEDULE_LAWS)
def test_sums_are_those_of_a_loop_over_steps(name, kind, drops):
    schedule, parameters = SCHEDULES[kind], PARAMETERS[name]
    computed = SCHEDULE_LAWS[name](history(schedule, STEPS, drops), parameters)
    first = RISE if drops == "peak" else 0
    for index in (0, 30, 45, STEPS.size - 1):
        expected = plain_loss(name, parameters, schedule, int(STEPS[index]), first)
        assert computed[index] == pytest.approx(expected, abs=3e-6)


def test_a_jump_is_taken_where_it_was_recorded():
    assert SCHEDULES["jump"].at(np.array([980.0, 999.0, 1000.0])) == pytest.approx([PEAK, PEAK, 9e-5])
    ramp = schedule_of(np.array([10.0, 20.0, 30.0, 40.0]), np.array([4.0, 4.0, 3.0, 2.0]), 0, "ramp")
    assert ramp.at(np.array([25.0])) == pytest.approx([3.5])


def test_warmup_is_a_rise_from_zero():
    known = schedule_of(np.array([150.0, 200.0]), np.array([PEAK, PEAK]), RISE, "run")
    assert per_step(known)[:102] == pytest.approx(np.minimum(PEAK * np.arange(102) / RISE, PEAK))
    assert per_step(schedule_of(np.array([150.0, 200.0]), np.array([PEAK, PEAK]), 0, "run")) == pytest.approx(PEAK)


def test_one_law_gives_every_schedule_the_same_loss():
    assert [name for name, law in SCHEDULE_LAWS.items() if not drop_terms(law)] == ["chinchilla_steps"]


# --- mistakes ---


def curve_with(rates=None, t=None, loss=None):
    t = np.arange(100.0, 1100.0, 100.0) if t is None else t
    loss = 3 + 1 / t if loss is None else loss
    return Curve("mine", t, loss, {}, {"lr": np.full(t.size, PEAK) if rates is None else rates})


FALLING = np.array([4.0, 4, 4, 3, 3, 2, 2, 1, 1, 1])


@pytest.mark.parametrize(
    ("curve", "warmup", "message"),
    [
        (replace(curve_with(), series={}), 0, "'mine' has no learning rates"),
        (curve_with(np.where(np.arange(10) == 7, 2.5, FALLING)), 0, "rises from 2 at step 700 to 2.5 at step 800"),
        (curve_with(np.where(np.arange(10) > 7, 5.0, FALLING)), 0, "rises from 1 at step 800 to 5 at step 900"),
        (curve_with(np.where(np.arange(10) == 9, 0.0, FALLING)), 0, "the learning rate is 0 at step 1000"),
        (curve_with(np.where(np.arange(10) == 4, np.nan, FALLING)), 0, "the learning rate is nan at step 500"),
        (curve_with(t=np.arange(0.5, 10.5)), 0, "t = 0.5 is no whole number"),
        (curve_with(), 200, "warm-up of 200 steps ends after the first recorded step 100"),
        (curve_with(loss=np.append(np.full(9, 3.0), np.nan)), 0, "the loss nan at step 1000"),
        (curve_with(np.arange(1.0, 11.0)), 0, "1 records from the peak"),
    ],
)
def test_mistakes_are_one_sentence(curve, warmup, message):
    with pytest.raises(LosslawsError, match=message) as raised:
        scheduled_curve(curve, warmup)
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith("curve 'mine'")


def test_records_of_a_warmup_make_the_schedule_and_are_not_fitted():
    rates = np.array([1.0, 2, 3, 4, 4, 4, 3, 2, 1, 1])
    run = scheduled_curve(curve_with(rates))
    assert run.in_warmup == 3
    assert run.steps[0] == 400
    assert run.schedule.at(np.array([150.0, 200.0])) == pytest.approx([1.5, 2.0])


def test_records_after_the_last_wanted_step_are_left_out():
    assert scheduled_curve(curve_with(), most=750).steps[-1] == 700
    with pytest.raises(LosslawsError, match="no record up to step 50"):
        scheduled_curve(curve_with(), most=50)
