"""The fitter: known parameters come back, with honest errors, within the bounds, and the same in any company."""

import numpy as np
import pytest
from builders import PAPER_BOUNDS, PAPER_LAWS, closed_form
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import curve_fit

from losslaws.core.registry import LAWS
from losslaws.curves.curve import Curve
from losslaws.fitting.fit_table import fit_curves
from losslaws.fitting.law_fits import fit_law
from losslaws.fitting.levenberg_marquardt import solve
from losslaws.fitting.status import FITTED
from losslaws.fitting.whitening import gaps, rho_slope, whiten

T = np.arange(11.0, 411.0)
TRUTHS = {
    "power_law": [(2.0, 0.13, 0.1), (30.0, 1.0, 0.0), (900.0, 2.6, -1.0)],
    "exponential": [(2.0, 0.003, 0.1), (5.0, 0.02, 0.0), (9.0, 0.2, 3.0)],
    "stretched_exp": [(2.0, 60.0, 0.4, 0.1), (1.0, 150.0, 2.4, 0.0), (4.0, 30.0, 1.0, -2.0)],
    "log_power": [(2.0, 0.5, 0.1), (50.0, 2.9, 0.0), (3000.0, 7.0, 1.0)],
}
CASES = [(name, truth) for name in PAPER_LAWS for truth in TRUTHS[name]]


def fall(name, truth):
    """Return by how much a curve falls on the grid."""
    return np.ptp(closed_form(name, T, *truth))


@pytest.mark.parametrize(("name", "truth"), CASES)
@pytest.mark.parametrize("scale", [1.0, 1e-9, 1e9])
def test_noise_free_parameters_come_back(name, truth, scale):
    a, *shapes, offset = truth
    loss = closed_form(name, T, scale * a, *shapes, scale * offset)
    fits = fit_law(LAWS.load(name), T, loss[None, :])
    assert fits.status[0] == "ok"
    np.testing.assert_allclose(fits.values[0], [scale * a, *shapes, scale * offset], rtol=1e-5, atol=1e-7 * scale)
    assert fits.rss[0] < 1e-20 * np.square(loss).sum()
    assert not fits.at_bound.any()


@pytest.mark.parametrize(("name", "truth"), CASES)
def test_noisy_parameters_come_back_within_their_errors(name, truth):
    noise = 0.003 * fall(name, truth) * np.random.default_rng(7).standard_normal((200, T.size))
    fits = fit_law(LAWS.load(name), T, closed_form(name, T, *truth) + noise)
    assert set(fits.status) == {"ok"}
    deviations = (fits.values - truth) / fits.errors
    # The estimates of the shapes are close to normal here, those of the linear parameters follow.
    assert (np.abs(deviations) < 5).all()
    assert (np.abs(np.median(deviations, axis=0)) < 0.3).all()
    spread = np.sqrt(np.square(deviations).mean(axis=0))
    assert ((spread > 0.85) & (spread < 1.2)).all()


@pytest.mark.parametrize(("name", "truth"), CASES)
def test_standard_errors_are_those_of_curve_fit(name, truth):
    noise = 0.003 * fall(name, truth) * np.random.default_rng(3).standard_normal(T.size)
    loss = closed_form(name, T, *truth) + noise
    fits = fit_law(LAWS.load(name), T, loss[None, :])
    found, covariance = curve_fit(lambda t, *p: closed_form(name, t, *p), T, loss, fits.values[0], xtol=1e-14)
    np.testing.assert_allclose(fits.values[0], found, rtol=1e-4, atol=1e-4 * fall(name, truth))
    np.testing.assert_allclose(fits.errors[0], np.sqrt(np.diag(covariance)), rtol=5e-3)


def test_a_shape_on_a_bound_is_marked_and_held_for_the_other_errors():
    noise = 0.01 * np.random.default_rng(5).standard_normal(T.size)
    loss = closed_form("stretched_exp", T, 40.0, 0.05, 0.2, 0.3) + noise
    law = LAWS.load("stretched_exp")
    fits = fit_law(law, T, loss[None, :])
    assert [name for name, on in zip(law.parameters, fits.at_bound[0], strict=True) if on] == ["tau"]
    a, tau, gamma, offset = fits.values[0]
    assert tau == 1.0
    assert np.isnan(fits.errors[0, 1])
    (_, covariance) = curve_fit(
        lambda t, a, gamma, offset: closed_form("stretched_exp", t, a, 1.0, gamma, offset), T, loss, (a, gamma, offset)
    )
    np.testing.assert_allclose(fits.errors[0, [0, 2, 3]], np.sqrt(np.diag(covariance)), rtol=5e-3)


@pytest.mark.parametrize(
    ("name", "truth", "shape", "bound"),
    [
        ("exponential", (1e5, 1.3, 0.1), "lambda", 1.0),
        ("power_law", (1e20, 18.0, 0.1), "beta", 10.0),
        ("log_power", (1e12, 30.0, 0.1), "beta", 20.0),
        ("stretched_exp", (1.0, 100.0, 9.0, 0.1), "gamma", 5.0),
    ],
)
def test_optima_beyond_a_bound_end_on_it(name, truth, shape, bound):
    law = LAWS.load(name)
    fits = fit_law(law, T, closed_form(name, T, *truth)[None, :])
    index = law.parameters.index(shape)
    assert fits.status[0] == "ok"
    assert fits.values[0, index] == bound
    assert fits.at_bound[0].tolist() == [position == index for position in range(len(law.parameters))]


@pytest.mark.parametrize("name", PAPER_LAWS)
def test_a_curve_has_the_same_fit_alone_and_in_company(name):
    stream = np.random.default_rng(11)
    truths = [closed_form(other, T, *truth) for other, truth in CASES]
    losses = np.stack([truth + 0.01 * np.ptp(truth) * stream.standard_normal(T.size) for truth in truths])
    together = fit_law(LAWS.load(name), T, losses)
    alone = [fit_law(LAWS.load(name), T, loss[None, :]) for loss in losses]
    assert list(together.status) == [fits.status[0] for fits in alone]
    np.testing.assert_allclose(together.rss, [fits.rss[0] for fits in alone], rtol=1e-9)
    np.testing.assert_array_equal(together.at_bound, np.stack([fits.at_bound[0] for fits in alone]))
    shapes = slice(1, -1)
    np.testing.assert_allclose(
        together.finite[:, shapes], np.stack([fits.finite[0, shapes] for fits in alone]), rtol=1e-4, atol=1e-8
    )


def test_curves_on_different_grids_can_be_fitted_together(laws):
    curves = [
        Curve(name, np.arange(1.0, n + 1.0), closed_form("power_law", np.arange(1.0, n + 1.0), 2.0, 0.5, 0.1))
        for name, n in (("one", 40), ("long", 60), ("two", 40), ("short", 25))
    ]
    together = fit_curves(curves, laws, 10).to_pylist()
    alone = [row for curve in curves for row in fit_curves([curve], laws, 10).to_pylist()]
    assert [(row["curve"], row["law"], row["n"], row["status"]) for row in together] == [
        (row["curve"], row["law"], row["n"], row["status"]) for row in alone
    ]


@settings(max_examples=60)
@given(
    name=st.sampled_from(PAPER_LAWS),
    n=st.integers(5, 60),
    seed=st.integers(0, 2**32 - 1),
    noise=st.sampled_from([0.0, 1e-6, 0.01, 1.0]),
    scale=st.sampled_from([1e-100, 1e-6, 1.0, 1e6, 1e100]),
)
def test_a_fit_is_in_bounds_and_its_parameters_give_its_curve(name, n, seed, noise, scale):
    stream = np.random.default_rng(seed)
    t = 1.01 + np.cumsum(stream.exponential(10.0 ** stream.uniform(-1.0, 3.0), n))
    loss = scale * (np.exp(-stream.uniform(0.0, 5.0) * t / t[-1]) + noise * stream.standard_normal(n))
    law = LAWS.load(name)
    fits = fit_law(law, t, loss[None, :])
    if fits.status[0] not in FITTED:
        assert np.isnan(fits.finite).all()
        return
    a, *shapes, offset = fits.finite[0]
    assert a > 0
    assert np.isfinite(offset)
    for (low, high), shape in zip(PAPER_BOUNDS[name].values(), shapes, strict=True):
        assert low <= shape <= high
    total = np.square(loss - loss.mean()).sum()
    assert 0 <= fits.rss[0] <= total
    # a and L∞ may be huge and nearly cancel: their rounding limits what can be recomputed from them.
    rounding = n * np.square(1e-13 * (abs(a) * np.exp(law.log_basis(t, *shapes)).max() + abs(offset)))
    again = np.square(loss - law(t, dict(zip(law.parameters, fits.finite[0], strict=True)))).sum()
    assert again == pytest.approx(fits.rss[0], rel=1e-4, abs=float(1e-20 * (loss @ loss) + rounding))


def test_limits_are_reported_with_their_residuals_and_a_finite_point(laws):
    line = 3.0 - 0.002 * T + 0.01 * np.random.default_rng(2).standard_normal(T.size)
    loss = line - 1e-6 * np.square(T)
    fits = fit_law(LAWS.load("exponential"), T, loss[None, :])
    assert fits.status[0] == "limit"
    assert np.isnan(fits.values[0, [0, 2]]).all()
    assert fits.values[0, 1] == 0.0
    straight = np.polynomial.Polynomial.fit(T, loss, 1)
    assert fits.rss[0] == pytest.approx(np.square(loss - straight(T)).sum(), rel=1e-9)
    a, rate, offset = fits.finite[0]
    assert 0 < rate <= 1
    assert np.square(loss - closed_form("exponential", T, a, rate, offset)).sum() == pytest.approx(
        fits.rss[0], rel=1e-4
    )


def test_singular_systems_take_the_shortest_solution():
    regular, singular = np.array([[2.0, 0.0], [0.0, 4.0]]), np.ones((2, 2))
    assert solve(regular[None], np.array([[2.0, 4.0]])) == pytest.approx(np.array([[1.0, 1.0]]))
    both = solve(np.stack([regular, singular]), np.array([[2.0, 4.0], [2.0, 2.0]]))
    assert both == pytest.approx(np.ones((2, 2)))


@pytest.mark.parametrize("t", [np.arange(1.0, 41.0), np.geomspace(1.0, 100.0, 40)], ids=["even", "uneven"])
def test_slope_of_whitened_residuals_is_their_derivative(t):
    residuals = np.random.default_rng(0).normal(size=(3, t.size))
    z, step, spacing = np.array([0.3, 1.5, 2.5]), 1e-6, gaps(t)
    above, below = (whiten(residuals, np.tanh(z + change), spacing) for change in (step, -step))
    slope = rho_slope(residuals, whiten(residuals, np.tanh(z), spacing), z, spacing)
    assert slope == pytest.approx((below - above) / (2 * step), rel=1e-5, abs=1e-6)
