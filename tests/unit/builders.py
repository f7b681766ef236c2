"""Small things that several unit tests build: experiments, curves, fits, runs."""

import math

import numpy as np

from losslaws.config.load import load_experiments
from losslaws.core.registry import LAWS
from losslaws.curves.curve import Curve
from losslaws.fitting.fitted import FittedLaw, fitted_curve
from losslaws.fitting.status import FITTED, OK

PAPER_LAWS = ("power_law", "exponential", "stretched_exp", "log_power")

PAPER_BOUNDS = {
    "power_law": {"beta": (0.0, 10.0)},
    "exponential": {"lambda": (0.0, 1.0)},
    "stretched_exp": {"tau": (1.0, 1e6), "gamma": (0.01, 5.0)},
    "log_power": {"beta": (0.0, 20.0)},
}
"""Bounds of the published study, in the order in which the laws take their shapes."""

BASES = {
    "power_law": lambda t, beta: t**-beta,
    "exponential": lambda t, rate: np.exp(-rate * t),
    "stretched_exp": lambda t, tau, gamma: np.exp(-((t / tau) ** gamma)),
    "log_power": lambda t, beta: np.log(t) ** -beta,
}
"""The published formulas, without amplitude and offset."""


def closed_form(name, t, a, *shapes_and_offset):
    """Return a·basis(t; shapes) + L∞ as published."""
    *shapes, offset = shapes_and_offset
    return a * BASES[name](t, *shapes) + offset


def tiny_experiment(**keys):
    """Return a complete experiment: two tasks, two widths, one seed."""
    entry = {
        "tasks": ["mod_add", "regression"],
        "widths": [8, 16],
        "training": {"epochs": 60},
        "fitting": {"skip": 10, "laws": list(PAPER_LAWS)},
        **keys,
    }
    return load_experiments({"run": ["tiny"], "experiments": {"tiny": entry}})["tiny"]


def law_fit(law, aic, *, status=OK, params=None, at_bound=(), **keys):
    """Return the fit of one law with a given AIC; BIC is 5 above it, and parameters are 1, unless given."""
    law = LAWS.load(law)
    if params is None:
        params = dict.fromkeys(law.parameters, 1.0) if status in FITTED else {}
    values = {
        "optimum": params,
        "errors": {},
        "flat": (),
        "n": 50,
        "k": 3,
        "rss": 1.0,
        "r2": 0.9,
        "aic": aic,
        "aicc": None if aic is None else aic + 1.0,
        "bic": None if aic is None else aic + 5.0,
        **keys,
    }
    return FittedLaw(law, status, params, at_bound=tuple(at_bound), **values)


def run_of(fits, *, task="mod_add", width=8, seed=42, loss=(3.0, 2.0, 1.0)):
    """Return one curve with its fits."""
    loss = np.asarray(loss, dtype=np.float64)
    attributes = {"task": task, "width": width, "seed": seed, "n_params": 100 * width}
    curve = Curve(f"{task}_w{width}_s{seed}", np.arange(1.0, loss.size + 1), loss, attributes)
    return fitted_curve(curve, fits)


def is_finite_json(value):
    """Whether a value has only finite numbers, text, booleans and null, in lists and mappings with text keys."""
    match value:
        case dict():
            return all(isinstance(key, str) and is_finite_json(entry) for key, entry in value.items())
        case list() | tuple():
            return all(is_finite_json(entry) for entry in value)
        case float():
            return math.isfinite(value)
    return value is None or isinstance(value, str | int)


def line_of(text, *words):
    """Return the cells of the one line of a report that starts with these words."""
    (found,) = (line for line in text.splitlines() if line.split()[: len(words)] == list(words))
    return found.split()
