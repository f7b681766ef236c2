"""Certified nonlinear regressions of the Statistical Reference Datasets (NIST StRD, public domain).

Parameters to six digits or more, classical standard errors to four, from the fitter's own starts.
"""

import numpy as np
import pytest

from losslaws.fitting.law_fits import fit_law
from losslaws.fitting.options import FitOptions
from losslaws.registry import LAWS

MISRA1A = {
    "t": [77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0],
    "y": [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78],
}
BOXBOD = {"t": [1.0, 2.0, 3.0, 5.0, 7.0, 10.0], "y": [109.0, 149.0, 149.0, 191.0, 213.0, 224.0]}
DANWOOD = {"t": [1.309, 1.471, 1.490, 1.565, 1.611, 1.680], "y": [2.138, 3.421, 3.597, 4.340, 4.882, 5.660]}

RISE = FitOptions(sign="rising", tied={"L_inf": -1.0})
POWER = FitOptions(fixed={"L_inf": 0.0}, bounds={"beta": (-10.0, 10.0)})

PROBLEMS = {
    "Misra1a": (
        "exponential",
        MISRA1A,
        RISE,
        {"L_inf": 2.3894212918e02, "lambda": 5.5015643181e-04},
        {"L_inf": 2.7070075241, "lambda": 7.2668688436e-06},
        1.2455138894e-01,
    ),
    "BoxBOD": (
        "exponential",
        BOXBOD,
        RISE,
        {"L_inf": 2.1380940889e02, "lambda": 5.4723748542e-01},
        {"L_inf": 1.2354515176e01, "lambda": 1.0455993237e-01},
        1.1680088766e03,
    ),
    "DanWood": (
        "power_law",
        DANWOOD,
        POWER,
        {"a": 7.6886226176e-01, "beta": -3.8604055871},
        {"a": 1.8281973860e-02, "beta": 5.1726610913e-02},
        4.3173084083e-03,
    ),
}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_certified_values(problem):
    law, data, options, values, errors, rss = PROBLEMS[problem]
    fits = fit_law(LAWS.load(law), np.array(data["t"]), np.array(data["y"])[None, :], options)
    found = dict(zip(fits.law.parameters, fits.values[0], strict=True))
    spread = dict(zip(fits.law.parameters, fits.errors[0], strict=True))
    for name, certified in values.items():
        assert found[name] == pytest.approx(certified, rel=5e-7)
        assert spread[name] == pytest.approx(errors[name], rel=5e-5)
    assert fits.rss[0] == pytest.approx(rss, rel=1e-9)
