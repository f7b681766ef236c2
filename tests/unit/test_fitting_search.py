"""The polish where it is hard: large residuals, curved valleys; and optima that hold under several bounds."""

import numpy as np
import pytest
from random_curves import random_curve

from losslaws.core.registry import LAWS
from losslaws.fitting.coarse_search import binned_starts, distinct
from losslaws.fitting.law_fits import fit_law, fit_within
from losslaws.fitting.levenberg_marquardt import minimise
from losslaws.fitting.model import Setting
from losslaws.fitting.options import FitOptions
from losslaws.fitting.status import FITTED
from losslaws.theory.from_laws import ar1_noise

pytestmark = pytest.mark.slow

NAMES = ("power_law", "exponential", "stretched_exp", "log_power")
T = np.arange(11.0, 211.0)


class LargeResiduals:
    """r = (x + 1, λx² + x − 1), lowest at x = 0, where JᵀJ = 2 and the Hessian is 2 − 2λ (Dennis and Schnabel 1983)."""

    n = 2

    def __init__(self, curvature):
        self.curvature, self.evaluations = curvature, 0

    def residuals(self, x):
        return np.concatenate([x + 1.0, self.curvature * x**2 + x - 1.0], axis=1)

    def evaluate(self, rows, coordinates):  # noqa: ARG002
        self.evaluations += 1
        return np.square(self.residuals(coordinates)).sum(axis=1), (coordinates,)

    def follow(self, at, step):
        return at + step

    def linearise(self, rows, coordinates, kept):  # noqa: ARG002
        (x,) = kept
        slopes = np.concatenate([np.ones_like(x), 2 * self.curvature * x + 1.0], axis=1)
        return self.residuals(x), -slopes[:, None, :]


@pytest.mark.parametrize("curvature", [-3.0, -0.95, 0.5, 0.7])
def test_large_residuals_do_not_slow_the_polish(curvature):
    problem = LargeResiduals(curvature)
    best, cost = minimise(problem, np.zeros(2, dtype=int), np.array([[0.1], [-0.1]]), np.array([[-1.0, 1.0]]))
    assert cost == pytest.approx(2.0, abs=1e-12)
    assert np.abs(best).max() < 1e-5
    assert problem.evaluations < 20


@pytest.mark.parametrize(("tau", "gamma"), [(1e-30, 0.05), (1e-12, 0.1), (1e-60, 0.03)])
def test_the_valley_towards_the_power_law_is_followed_to_its_end(tau, gamma):
    law = LAWS.load("stretched_exp")
    g = law.log_basis(T, tau, gamma)
    loss = 2.0 * np.exp(g - g[0]) + 0.1
    fits = fit_law(law, T, loss[None, :], FitOptions(preset="wide"))
    assert fits.finite[0, 2] == pytest.approx(gamma, rel=1e-3)
    assert np.log(fits.finite[0, 1]) == pytest.approx(np.log(tau), rel=1e-3)


def curves(seed):
    """Return two noisy curves of each law."""
    stream = np.random.default_rng(seed)
    truths = {
        "power_law": {"beta": 0.7},
        "exponential": {"lambda": 0.02},
        "stretched_exp": {"tau": 60.0, "gamma": 2.0},
        "log_power": {"beta": 3.0},
    }
    found = []
    for name, shapes in truths.items():
        loss = LAWS.load(name)(T, {"a": 1.0, "L_inf": 0.0, **shapes})
        for rho in (0.0, 0.95):
            found.append(loss / np.ptp(loss) + 0.1 + 0.01 * ar1_noise(rho, T.size, stream))
    return np.array(found)


@pytest.mark.parametrize("space", ["linear", "log"])
@pytest.mark.parametrize("errors", ["independent", "ar1"])
@pytest.mark.parametrize("name", NAMES)
def test_wide_optima_that_hold_in_narrow_bounds_are_the_narrow_ones(name, space, errors):
    law, losses = LAWS.load(name), curves(3)
    wide, narrow = (FitOptions(preset=preset, space=space, errors=errors) for preset in ("wide", "paper"))
    widest = fit_law(law, T, losses, wide)
    given, alone = fit_within(law, T, losses, narrow, wider=(widest, wide)), fit_law(law, T, losses, narrow)
    np.testing.assert_array_equal(given.status, alone.status)
    np.testing.assert_allclose(given.deviance, alone.deviance, atol=1e-5)
    assert (widest.deviance <= given.deviance + 1e-5).all()
    low, high = np.array([shape.bounds_on("paper", T) for shape in law.shapes]).T
    shapes = given.finite[np.isin(given.status, FITTED), 1:-1]
    assert ((low <= shapes) & (shapes <= high)).all()


def test_bounds_that_do_not_include_the_others_are_no_help():
    law, losses = LAWS.load("exponential"), curves(5)
    wide, narrow = FitOptions(bounds={"lambda": (0.0, 0.001)}), FitOptions(bounds={"lambda": (0.0, 1.0)})
    found = fit_within(law, T, losses, narrow, wider=(fit_law(law, T, losses, wide), wide))
    np.testing.assert_allclose(found.rss, fit_law(law, T, losses, narrow).rss)


def test_standard_errors_can_be_left_out():
    law, losses = LAWS.load("stretched_exp"), curves(7)
    with_errors, without = (fit_law(law, T, losses, FitOptions(covariance=kind)) for kind in ("classical", "none"))
    np.testing.assert_array_equal(with_errors.finite, without.finite)
    assert np.isnan(without.errors).all()
    assert np.isfinite(with_errors.errors).any()


def test_errors_of_many_curves_are_those_of_each():
    law, losses = LAWS.load("stretched_exp"), curves(9)
    for covariance in ("classical", "robust"):
        options = FitOptions(covariance=covariance)
        together = fit_law(law, T, losses, options)
        for row, loss in enumerate(losses):
            alone = fit_law(law, T, loss[None, :], options)
            np.testing.assert_allclose(together.errors[row], alone.errors[0], rtol=1e-4)
            np.testing.assert_allclose(together.correlation[row], alone.correlation[0], atol=1e-4)


def test_starts_at_one_place_are_one():
    rows = np.array([0, 0, 0, 1])
    places = np.array([[1.0, 2.0], [1.001, 2.0], [1.0, 3.0], [1.0, 2.0]])
    kept, where, cost = distinct(rows, places, np.array([1.0 + 1e-8, 1.0, 1.0 + 2e-8, 1.0]))
    assert kept.tolist() == [0, 0, 1]
    assert where.tolist() == [[1.001, 2.0], [1.0, 3.0], [1.0, 2.0]]
    assert (np.diff(cost[:2]) > 0).all()


def test_a_search_is_remembered_for_its_own_curves_law_and_bounds_alone():
    law, t, losses = LAWS.load("stretched_exp"), np.arange(11.0, 311.0), np.exp(-np.arange(300.0) / 20)[None, :] + 0.1
    setting = Setting(law, t, FitOptions())
    rows, shapes = binned_starts(setting, losses)
    assert binned_starts(Setting(law, t, FitOptions()), losses.copy())[1] is shapes
    for other in (
        binned_starts(Setting(law, t, FitOptions(preset="wide")), losses),
        binned_starts(Setting(law, t, FitOptions(weights=t)), losses),
        binned_starts(Setting(law, t + 1.0, FitOptions()), losses),
        binned_starts(setting, losses + 1e-3 * np.sin(t)),
        binned_starts(Setting(LAWS.load("hill"), t, FitOptions()), losses),
    ):
        assert other[1] is not shapes
    assert shapes.shape == (len(rows), 2)


@pytest.mark.parametrize(("seed", "kappa", "delta"), [(605, 3.82384299, 40.0), (637, 170.378973, 12.675346)])
def test_a_sharp_fall_of_hill_between_two_points_is_found(seed, kappa, delta):
    t, loss = random_curve(seed)
    fits = fit_law(LAWS.load("hill"), t, loss[None, :], FitOptions(preset="wide"))
    there = FitOptions(preset="wide", fixed={"kappa": kappa, "delta": delta})
    assert fits.rss[0] <= fit_law(LAWS.load("hill"), t, loss[None, :], there).rss[0]
