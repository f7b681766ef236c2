"""Runs of known laws under four schedules, for tests of laws of schedules."""

import numpy as np

from losslaws.curves.curve import Curve
from losslaws.laws.schedule.curve import scheduled_curve
from losslaws.laws.schedule.history import history, schedule_of
from losslaws.laws.schedule.references import cosine, warmup_stable_decay

PARAMETERS = {
    "chinchilla_steps": {"L0": 2.5, "A": 8.0, "alpha": 0.4},
    "momentum": {"L0": 2.5, "A": 0.6, "C": 0.7, "alpha": 0.5, "lambda": 0.99},
    "functional": {"L0": 2.5, "c1": 0.6, "c23": 200.0, "c2": 150.0, "s": 0.5, "c4": 40.0, "g": 0.8},
    "multi_power": {"L0": 2.5, "A": 0.6, "B": 400.0, "alpha": 0.5, "C": 2.0, "beta": 0.6, "gamma": 0.6},
}
PEAK, LENGTH, RISE = 3e-4, 2000, 100
STEPS = np.arange(120.0, LENGTH + 1, 20.0)
SCHEDULES = {
    "cosine": cosine(LENGTH, PEAK, RISE, 3e-5),
    "linear": warmup_stable_decay(LENGTH, PEAK, RISE, 3e-5, 0.3),
    "exponential": warmup_stable_decay(LENGTH, PEAK, RISE, 3e-5, 0.5, "exponential"),
    "jump": schedule_of(STEPS, np.where(STEPS < 1000, PEAK, 9e-5), RISE, "jump"),
}


def curve_under(schedule, law, name, parameters, noise=0.0, seed=0, drops="peak"):
    schedule = schedule_of(STEPS, schedule.at(STEPS), RISE, name)
    loss = law(history(schedule, STEPS, drops), parameters)
    loss = loss * (1 + noise * np.random.default_rng(seed).standard_normal(loss.size))
    return scheduled_curve(Curve(name, STEPS, loss, {}, {"lr": schedule.at(STEPS)}), RISE, drops)
