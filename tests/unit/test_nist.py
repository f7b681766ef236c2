"""Certified nonlinear regressions of the Statistical Reference Datasets (NIST StRD, public domain).

All that the family of laws can express: parameters to six digits or more, classical standard errors to four, from the
fitter's own starts.
"""

from collections.abc import Callable
from dataclasses import dataclass

import nist_data as data
import numpy as np
import pytest

from losslaws.core.registry import LAWS
from losslaws.fitting.law_fits import fit_law
from losslaws.fitting.options import FitOptions


@dataclass(frozen=True)
class Problem:
    """A data set, a law that expresses its model, and how the model's parameters follow from the law's."""

    data: tuple[np.ndarray, np.ndarray]
    law: str
    options: FitOptions
    parameters: dict[str, Callable]
    values: tuple[float, ...]
    errors: tuple[float, ...]
    rss: float
    time: Callable = np.asarray
    """The law's t, from the data's."""


def rise(**options):
    """Return options for b1·(1 − basis), a law that rises from 0."""
    return FitOptions(sign="rising", tied={"L_inf": -1.0}, preset="wide", **options)


def softened(power):
    """Return options for b1·(1 − (1 + t/d1)^(−power)), a broken power law that is constant before its break."""
    return rise(fixed={"c0": 0.0, "c1": power, "f1": 1.0}, bounds={"d1": (1.0, 1e6)})


PROBLEMS = {
    # b1·(1 − exp(−b2·x))
    "Misra1a": Problem(
        data.MISRA1,
        "exponential",
        rise(),
        {"b1": lambda p: -p["a"], "b2": lambda p: p["lambda"]},
        (2.3894212918e02, 5.5015643181e-04),
        (2.7070075241, 7.2668688436e-06),
        1.2455138894e-01,
    ),
    # b1·(1 − (1 + b2·x/2)^(−2))
    "Misra1b": Problem(
        data.MISRA1,
        "broken_power_law",
        softened(2.0),
        {"b1": lambda p: -p["b"], "b2": lambda p: 2 / p["d1"]},
        (3.3799746163e02, 3.9039091287e-04),
        (3.1643950207, 4.2547321834e-06),
        7.5464681533e-02,
    ),
    # b1·(1 − (1 + 2·b2·x)^(−1/2))
    "Misra1c": Problem(
        data.MISRA1,
        "broken_power_law",
        softened(0.5),
        {"b1": lambda p: -p["b"], "b2": lambda p: 0.5 / p["d1"]},
        (6.3642725809e02, 2.0813627256e-04),
        (4.6638326572, 1.7728423155e-06),
        4.0966836971e-02,
    ),
    # b1·b2·x/(1 + b2·x)
    "Misra1d": Problem(
        data.MISRA1,
        "hill",
        rise(fixed={"delta": 1.0}),
        {"b1": lambda p: -p["a"], "b2": lambda p: 1 / p["kappa"]},
        (4.3736970754e02, 3.0227324449e-04),
        (3.6489174345, 2.9334354479e-06),
        5.6419295283e-02,
    ),
    # b1·(1 − exp(−b2·x))
    "BoxBOD": Problem(
        data.BOXBOD,
        "exponential",
        rise(),
        {"b1": lambda p: -p["a"], "b2": lambda p: p["lambda"]},
        (2.1380940889e02, 5.4723748542e-01),
        (1.2354515176e01, 1.0455993237e-01),
        1.1680088766e03,
    ),
    # b1·x^b2
    "DanWood": Problem(
        data.DANWOOD,
        "power_law",
        FitOptions(fixed={"L_inf": 0.0}, bounds={"beta": (-10.0, 10.0)}),
        {"b1": lambda p: p["a"], "b2": lambda p: -p["beta"]},
        (7.6886226176e-01, 3.8604055871),
        (1.8281973860e-02, 5.1726610913e-02),
        4.3173084083e-03,
    ),
    # b1·(b2 + x)^(−1/b3)
    "Bennett5": Problem(
        data.BENNETT5,
        "shifted_power_law",
        FitOptions(sign="rising", preset="wide", fixed={"L_inf": 0.0}),
        {"b1": lambda p: p["a"], "b2": lambda p: p["t0"], "b3": lambda p: 1 / p["beta"]},
        (-2.5235058043e03, 4.6736564644e01, 9.3218483193e-01),
        (2.9715175411e02, 1.2448871856, 2.0272299378e-02),
        5.2404744073e-04,
    ),
    # b1 + b2·exp(−b4·x) + b3·exp(−b5·x), from x = 0
    "MGH17": Problem(
        data.MGH17,
        "double_exponential",
        FitOptions(sign="any", preset="wide"),
        {
            "b1": lambda p: p["L_inf"],
            "b2": lambda p: p["a2"],
            "b3": lambda p: p["a1"],
            "b4": lambda p: p["lambda_2"],
            "b5": lambda p: p["lambda_1"],
        },
        (3.7541005211e-01, 1.9358469127, -1.4646871366, 1.2867534640e-02, 2.2122699662e-02),
        (2.0723153551e-03, 2.2031669222e-01, 2.2175707739e-01, 4.4861358114e-04, 8.9471996575e-04),
        5.4648946975e-05,
    ),
    # b1/(1 + exp(b2 − b3·x)), Hill's sigmoid in exp(x)
    "Rat42": Problem(
        data.RAT42,
        "hill",
        rise(),
        {"b1": lambda p: -p["a"], "b2": lambda p: p["delta"] * np.log(p["kappa"]), "b3": lambda p: p["delta"]},
        (7.2462237576e01, 2.6180768402, 6.7359200066e-02),
        (1.7340283401, 8.8295217536e-02, 3.4465663377e-03),
        8.0565229338,
        np.exp,
    ),
    # b1/(1 + exp(b2 − b3·x))^(1/b4), a broken power law in exp(−x)
    "Rat43": Problem(
        data.RAT43,
        "broken_power_law",
        FitOptions(fixed={"c0": 0.0, "L_inf": 0.0}),
        {
            "b1": lambda p: p["b"],
            "b2": lambda p: -np.log(p["d1"]) / p["f1"],
            "b3": lambda p: 1 / p["f1"],
            "b4": lambda p: 1 / (p["c1"] * p["f1"]),
        },
        (6.9964151270e02, 5.2771253025, 7.5962938329e-01, 1.2792483859),
        (1.6302297817e01, 2.0828735829, 1.9566123451e-01, 6.8761936385e-01),
        8.7864049080e03,
        lambda x: np.exp(-x),
    ),
}


def propagated(function, values, covariance):
    """Return the standard error of a function of parameters, from its slopes (central differences)."""
    slopes = []
    for name, value in values.items():
        step = 1e-5 * (abs(value) or 1.0)
        above, below = (function({**values, name: value + move}) for move in (step, -step))
        slopes.append((above - below) / (2 * step))
    return np.sqrt(np.array(slopes) @ covariance @ np.array(slopes))


@pytest.mark.parametrize("name", PROBLEMS)
def test_certified_values(name):
    problem = PROBLEMS[name]
    x, y = problem.data
    order = np.argsort(problem.time(x))
    fits = fit_law(LAWS.load(problem.law), problem.time(x)[order], y[order][None, :], problem.options)
    assert fits.status[0] == "ok"
    values = dict(zip(fits.law.parameters, fits.values[0], strict=True))
    covariance = np.nan_to_num(fits.correlation[0] * np.outer(fits.errors[0], fits.errors[0]))
    for (own, function), certified, error in zip(
        problem.parameters.items(), problem.values, problem.errors, strict=True
    ):
        assert function(values) == pytest.approx(certified, rel=5e-7), own
        assert propagated(function, values, covariance) == pytest.approx(error, rel=5e-5), own
    assert fits.rss[0] == pytest.approx(problem.rss, rel=1e-9)
