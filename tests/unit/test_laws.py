"""The four published laws against their closed forms."""

import math

import numpy as np
import pytest
from builders import BASES, PAPER_BOUNDS, PAPER_LAWS, closed_form

from losslaws.core.registry import LAWS
from losslaws.laws.law import as_terms

SHAPES = {
    "power_law": [(0.0,), (0.13,), (1.0,), (2.63,), (10.0,)],
    "exponential": [(0.0,), (1e-4,), (0.02,), (1.0,)],
    "stretched_exp": [(1.0, 0.3), (265.6, 2.4), (1e6, 0.01), (40.0, 1.0), (17.0, 5.0)],
    "log_power": [(0.0,), (0.001,), (2.94,), (20.0,)],
}
EXPONENTS = {"power_law": "beta", "exponential": "lambda", "stretched_exp": "gamma", "log_power": "beta"}
CASES = [(name, shapes) for name in PAPER_LAWS for shapes in SHAPES[name]]
T = np.array([1.5, 2.0, 11.0, 97.0, 1500.0, 1e6])


def parameters(law, a, shapes, offset):
    return dict(zip(law.parameters, (a, *shapes, offset), strict=True))


@pytest.mark.parametrize(("name", "shapes"), CASES)
def test_values_are_those_of_the_formula(name, shapes):
    law = LAWS.load(name)
    expected = closed_form(name, T, 3.5, *shapes, -0.25)
    np.testing.assert_allclose(law(T, parameters(law, 3.5, shapes, -0.25)), expected, rtol=1e-12, atol=1e-300)


def test_values_by_hand():
    def value(name, t, a, shapes, offset):
        law = LAWS.load(name)
        return float(law(np.array([t]), parameters(law, a, shapes, offset))[0])

    assert value("power_law", 4.0, 3.0, (0.5,), 1.0) == pytest.approx(2.5)
    assert value("exponential", 10.0, 2.0, (math.log(2) / 10,), 0.5) == pytest.approx(1.5)
    assert value("stretched_exp", 30.0, 2.0, (30.0, 2.5), 1.0) == pytest.approx(1.0 + 2.0 / math.e)
    assert value("log_power", math.e**2, 8.0, (3.0,), -1.0) == pytest.approx(0.0)


@pytest.mark.parametrize(("name", "shapes"), CASES)
def test_gradients_are_numerical_derivatives(name, shapes):
    law, shapes = LAWS.load(name), np.array(shapes)
    for index, slope in enumerate(law.gradient(T, *shapes)):
        step = np.zeros(shapes.size)
        step[index] = 1e-5 * max(shapes[index], 1e-3)
        central = (law.log_basis(T, *(shapes + step)) - law.log_basis(T, *(shapes - step))) / (2 * step[index])
        scale = np.abs(central).max()
        np.testing.assert_allclose(np.broadcast_to(slope, T.shape), central, rtol=1e-6, atol=1e-9 * scale)


@pytest.mark.parametrize("name", PAPER_LAWS)
def test_shapes_broadcast_against_t(name):
    law = LAWS.load(name)
    many = np.array(SHAPES[name])
    columns = as_terms(law.log_basis(T, *many.T[:, :, None]))
    assert len(columns) == 1
    assert columns[0].shape == (len(many), T.size)
    for row, shapes in zip(columns[0], many, strict=True):
        np.testing.assert_array_equal(row, np.broadcast_to(law.log_basis(T, *shapes), T.shape))
    for slopes in law.gradient(T, *many.T[:, :, None]):
        assert np.broadcast_shapes(slopes.shape, (len(many), T.size)) == (len(many), T.size)


@pytest.mark.parametrize("name", PAPER_LAWS)
def test_parameters_bounds_and_exponent_are_the_published_ones(name):
    law = LAWS.load(name)
    assert law.name == name
    assert law.parameters == ("a", *PAPER_BOUNDS[name], "L_inf")
    assert {shape.name: shape.bounds_on("paper", T) for shape in law.shapes} == PAPER_BOUNDS[name]
    assert law.exponent == EXPONENTS[name]


@pytest.mark.parametrize("name", PAPER_LAWS)
def test_wide_bounds_hold_the_published_ones(name):
    t = np.arange(11.0, 1501.0)
    for shape in LAWS.load(name).shapes:
        low, high = shape.bounds_on("wide", t)
        assert low <= shape.bounds_on("paper", t)[0]
        assert high >= shape.bounds_on("paper", t)[1]


def test_where_laws_are_defined():
    assert {name: LAWS.load(name).t_above for name in PAPER_LAWS} == {
        "power_law": 0.0,
        "exponential": -np.inf,
        "stretched_exp": 0.0,
        "log_power": 1.0,
    }


def fall(values):
    """Return values moved and scaled to fall from 0 to −1: what is left of a law when a and L∞ are free."""
    return (values - values[0]) / (values[0] - values[-1])


LIMIT_BASES = {"power_law": np.log, "exponential": lambda t: t, "log_power": lambda t: np.log(np.log(t))}


@pytest.mark.parametrize("name", LIMIT_BASES)
def test_a_law_tends_to_its_limit_in_proportion_to_the_shape(name):
    (limit,) = LAWS.load(name).limits
    t = np.arange(11.0, 1501.0)
    assert (limit.shape, limit.value) == (EXPONENTS[name], 0.0)
    np.testing.assert_allclose(fall(-limit.basis(t)), fall(-LIMIT_BASES[name](t)), atol=1e-13)
    unit = 1.0 / np.ptp(LIMIT_BASES[name](t))
    errors = [
        np.abs(fall(np.exp(LAWS.load(name).log_basis(t, shape * unit))) - fall(-limit.basis(t))).max()
        for shape in (2e-3, 1e-3, 1e-5)
    ]
    assert errors[0] / errors[1] == pytest.approx(2.0, rel=1e-2)
    assert errors[2] < 2e-5


def test_stretched_exponential_tends_to_the_power_law():
    law = LAWS.load("stretched_exp")
    assert [(limit.shape, limit.value, limit.law.name) for limit in law.limits] == [("gamma", 0.0, "power_law")]
    t, beta = np.arange(100.0, 1001.0), 0.5
    errors = []
    for gamma in (0.02, 0.01):
        # With τ^(−γ) = β/γ, (t/τ)^γ = (β/γ)·t^γ tends to β/γ + β·ln t.
        g = law.log_basis(t, (gamma / beta) ** (1.0 / gamma), gamma)
        errors.append(np.abs(fall(np.exp(g - g[0])) - fall(t**-beta)).max())
    assert errors[0] / errors[1] == pytest.approx(2.0, rel=0.05)
    assert errors[1] < 0.01


def test_stretched_exponential_holds_the_exponential():
    law = LAWS.load("stretched_exp")
    np.testing.assert_allclose(law.log_basis(T, 40.0, 1.0), LAWS.load("exponential").log_basis(T, 1 / 40.0), rtol=1e-13)
    assert law.nests == {"exponential": {"gamma": 1.0}}


def test_formulas_name_every_parameter():
    symbols = {"beta": "β", "lambda": "λ", "tau": "τ", "gamma": "γ", "a": "a", "L_inf": "L∞"}
    for name in BASES:
        law = LAWS.load(name)
        assert [symbol for symbol in map(symbols.get, law.parameters) if symbol not in law.formula] == []
