"""The fitter's options: spaces, error models, fixed and tied parameters, signs, weights, Huber's loss."""

import numpy as np
import pytest
from scipy.optimize import least_squares

from losslaws.core.errors import LosslawsError
from losslaws.core.registry import LAWS
from losslaws.fitting.law_fits import fit_law
from losslaws.fitting.options import FitOptions
from losslaws.theory.from_laws import ar1_noise, curve_of, draw_shapes

T = np.arange(11.0, 411.0)


def curve(name, shapes, noise=0.0, seed=0):
    law = LAWS.load(name)
    return law, curve_of(law, T, shapes) + noise * np.random.default_rng(seed).standard_normal(T.size)


@pytest.mark.parametrize(
    "name", ["power_law", "exponential", "stretched_exp", "log_power", "shifted_power_law", "hill"]
)
@pytest.mark.parametrize("space", ["linear", "log"])
@pytest.mark.parametrize("errors", ["independent", "ar1"])
def test_known_parameters_come_back(name, space, errors):
    law = LAWS.load(name)
    shapes = draw_shapes(law, T, np.random.default_rng(5))
    loss = curve_of(law, T, shapes) * (1 + 1e-6 * np.random.default_rng(1).standard_normal(T.size))
    fits = fit_law(law, T, loss[None, :], FitOptions(preset="wide", space=space, errors=errors))
    found = dict(zip(law.parameters, fits.values[0], strict=True))
    assert fits.status[0] == "ok"
    for shape, value in shapes.items():
        assert found[shape] == pytest.approx(value, rel=2e-2)
    assert found["L_inf"] == pytest.approx(0.1, abs=2e-2)


def test_log_space_is_the_best_among_starts_of_a_general_optimiser():
    law, loss = curve("stretched_exp", {"tau": 60.0, "gamma": 0.7}, noise=2e-3)
    ours = fit_law(law, T, loss[None, :], FitOptions(preset="wide", space="log")).rss[0]

    def residuals(x):
        parameters = {"a": np.exp(x[0]), "tau": np.exp(x[1]), "gamma": np.exp(x[2]), "L_inf": np.exp(x[3])}
        return np.log(loss) - np.log(law(T, parameters))

    starts = ([0, 4, -0.3, -2.3], [0.5, 3, 0.3, -3], [1, 5, -1, -1])
    theirs = min(2 * least_squares(residuals, start, xtol=1e-14, ftol=1e-14).cost for start in starts)
    assert ours <= theirs * (1 + 1e-8)


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_ar1_likelihood_is_maximal_and_finds_rho(rho):
    law = LAWS.load("exponential")
    noise = 0.02 * ar1_noise(rho, T.size, np.random.default_rng(3))
    loss = curve_of(law, T, {"lambda": 0.02}) + noise
    fits = fit_law(law, T, loss[None, :], FitOptions(errors="ar1"))
    assert fits.rho[0] == pytest.approx(rho, abs=0.12)

    def deviance(parameters, correlation):
        residuals = loss - law(T, parameters)
        steps = residuals[1:] - correlation * residuals[:-1]
        total = (1 - correlation**2) * residuals[0] ** 2 + steps @ steps
        return T.size * np.log(total / T.size) - np.log(1 - correlation**2)

    best = dict(zip(law.parameters, fits.values[0], strict=True))
    reached = deviance(best, fits.rho[0])
    assert fits.deviance[0] == pytest.approx(reached, abs=1e-6)
    for name, value in best.items():
        for factor in (0.99, 1.01):
            assert deviance({**best, name: value * factor}, fits.rho[0]) > reached
    for move in (-0.02, 0.02):
        assert deviance(best, fits.rho[0] + move) > reached


def test_uneven_steps_are_correlated_by_their_distance():
    law = LAWS.load("power_law")
    t = np.array([1.0, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233])
    loss = curve_of(law, t, {"beta": 0.7}) + 0.01 * np.random.default_rng(0).standard_normal(t.size)
    fits = fit_law(law, t, loss[None, :], FitOptions(errors="ar1"))
    assert fits.status[0] == "ok"
    assert np.isfinite(fits.deviance[0])


def test_fixed_offset_is_held_and_not_counted():
    law, loss = curve("power_law", {"beta": 0.8}, noise=1e-3)
    fits = fit_law(law, T, loss[None, :], FitOptions(fixed={"L_inf": 0.1}))
    assert fits.values[0, -1] == 0.1
    assert fits.k == 2
    assert np.isnan(fits.errors[0, -1])
    assert fits.values[0, 1] == pytest.approx(0.8, rel=1e-2)


def test_fixed_shape_makes_the_nested_law():
    general, loss = curve("stretched_exp", {"tau": 50.0, "gamma": 1.3}, noise=1e-3)
    simple = fit_law(LAWS.load("exponential"), T, loss[None, :], FitOptions(preset="wide"))
    nested = fit_law(general, T, loss[None, :], FitOptions(preset="wide", fixed={"gamma": 1.0}))
    assert nested.rss[0] == pytest.approx(simple.rss[0], rel=1e-9)
    assert nested.k == simple.k


def test_tied_offset_and_rising_curve():
    law = LAWS.load("exponential")
    rising = 240.0 * (1 - np.exp(-0.01 * T)) + 0.1 * np.random.default_rng(2).standard_normal(T.size)
    options = FitOptions(sign="rising", tied={"L_inf": -1.0})
    fits = fit_law(law, T, rising[None, :], options)
    found = dict(zip(law.parameters, fits.values[0], strict=True))
    assert found["L_inf"] == pytest.approx(-found["a"])
    assert found["L_inf"] == pytest.approx(240.0, rel=1e-2)
    assert found["lambda"] == pytest.approx(0.01, rel=1e-2)
    assert fits.k == 2


def test_weights_count_points_as_often():
    law, loss = curve("exponential", {"lambda": 0.02}, noise=1e-2)
    repeated = np.sort(np.concatenate([T, T[::2] + 1e-9]))
    order = np.searchsorted(T, repeated - 1e-6)
    twice = fit_law(law, repeated, loss[order][None, :], FitOptions())
    weighted = fit_law(law, T, loss[None, :], FitOptions(weights=np.where(np.arange(T.size) % 2 == 0, 2.0, 1.0)))
    assert weighted.values[0] == pytest.approx(twice.values[0], rel=1e-5)


def test_huber_ignores_outliers():
    law, loss = curve("power_law", {"beta": 0.8}, noise=1e-3)
    spoiled = loss.copy()
    spoiled[::40] += 1.0
    plain = fit_law(law, T, spoiled[None, :], FitOptions())
    robust = fit_law(law, T, spoiled[None, :], FitOptions(huber=1e-3))
    clean = fit_law(law, T, loss[None, :], FitOptions())
    assert abs(robust.values[0, 1] - clean.values[0, 1]) < 0.02 < abs(plain.values[0, 1] - clean.values[0, 1])


def test_robust_errors_are_wider_under_correlation():
    law = LAWS.load("exponential")
    loss = curve_of(law, T, {"lambda": 0.02}) + 0.02 * ar1_noise(0.9, T.size, np.random.default_rng(3))
    classical = fit_law(law, T, loss[None, :], FitOptions()).errors[0]
    robust = fit_law(law, T, loss[None, :], FitOptions(covariance="robust")).errors[0]
    assert (robust > 1.3 * classical).all()


def test_correlation_matrix_and_flat_directions():
    law, loss = curve("exponential", {"lambda": 0.02}, noise=1e-3)
    fits = fit_law(law, T, loss[None, :], FitOptions())
    assert np.diag(fits.correlation[0]) == pytest.approx([1.0, 1.0, 1.0])
    assert not fits.flat.any()
    double = fit_law(LAWS.load("double_exponential"), T, curve("exponential", {"lambda": 0.02})[1][None, :])
    assert dict(zip(double.law.parameters, double.flat[0], strict=True))["lambda_1"]


def test_terms_of_a_sum_are_in_order():
    law = LAWS.load("double_exponential")
    truth = {"a1": 1.0, "a2": 0.5, "lambda_1": 0.1, "lambda_2": 0.005, "L_inf": 0.1}
    fits = fit_law(law, T, law(T, truth)[None, :], FitOptions())
    found = dict(zip(law.parameters, fits.values[0], strict=True))
    assert found == pytest.approx(truth, rel=1e-4)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"fixed": {"betta": 1.0}}, "'betta' is unknown"),
        ({"bounds": {"beta": (2.0, 1.0)}}, "expected lower ≤ upper"),
        ({"weights": np.ones(3)}, "expected 400 numbers"),
        ({"huber": 0.0}, "above 0"),
        ({"fixed": {"L_inf": 0.0}, "tied": {"L_inf": -1.0}}, "both fixed and tied"),
        ({"space": "log", "sign": "rising"}, "falling"),
    ],
)
def test_options_that_do_not_fit_are_refused(options, words):
    law, loss = curve("power_law", {"beta": 0.8})
    with pytest.raises(LosslawsError, match=words):
        fit_law(law, T, loss[None, :], FitOptions(**options))


def test_log_space_needs_positive_losses():
    law, loss = curve("power_law", {"beta": 0.8}, noise=1e-3)
    losses = np.stack([loss, loss - 0.5])
    fits = fit_law(law, T, losses, FitOptions(space="log"))
    assert list(fits.status) == ["ok", "not_positive"]
    assert np.isnan(fits.rss[1])
