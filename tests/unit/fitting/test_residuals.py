"""Residuals as a time series: autocorrelation, effective sample size, block length, lack of fit."""

import numpy as np
import pytest

from losslaws.fitting import residual_tests
from losslaws.fitting import residuals as series
from losslaws.fitting.residuals import autocorrelation, autocovariance, effective_size, lag_one
from losslaws.theory.from_laws import ar1_noise


def test_autocovariances_are_sums_of_products_of_each_series():
    many = np.random.default_rng(2).standard_normal((3, 50))
    expected = [[row[lag:] @ row[: 50 - lag] for lag in range(6)] for row in many]
    np.testing.assert_allclose(autocovariance(many, 5), expected, rtol=1e-12, atol=1e-12)


def test_the_lag_one_autocorrelation_is_one_of_the_autocorrelations():
    noise = ar1_noise(0.7, 300, np.random.default_rng(3)) + 5.0
    assert lag_one(noise[None, :])[0] == pytest.approx(autocorrelation(noise, 4)[1], rel=1e-12)
    assert autocorrelation(np.ones(9), 2).tolist() == [1.0, 0.0, 0.0]
    assert lag_one(np.ones((1, 9))).tolist() == [0.0]


@pytest.mark.parametrize("rho", [0.0, 0.8])
def test_series_diagnostics(rho):
    noise = ar1_noise(rho, 20_000, np.random.default_rng(4))
    assert lag_one(noise[None, :])[0] == pytest.approx(rho, abs=0.03)
    expected = noise.size * (1 - rho) / (1 + rho)
    assert effective_size(noise[None, :])[0] == pytest.approx(expected, rel=0.2)
    assert (residual_tests.ljung_box(noise) < 0.001) == (rho > 0)


def test_block_length_follows_the_published_formula():
    rho, n = 0.8, 20_000
    noise = ar1_noise(rho, n, np.random.default_rng(4))
    # For AR(1): G = 2ρ/((1 − ρ)(1 + ρ))·R₀·…, which makes b = (2G²/D)^(1/3) n^(1/3) with G/g(0) = 2ρ/(1 − ρ²).
    expected = (2 * (2 * rho / (1 - rho**2)) ** 2 * 3 / 4 * n) ** (1 / 3)
    assert series.block_length(noise) == pytest.approx(expected, rel=0.25)
    assert series.block_length(np.random.default_rng(0).standard_normal(n)) <= 8


def test_lack_of_fit_is_uniform_for_noise():
    columns = residual_tests.smooth_columns(np.arange(1.0, 501.0))
    p = [residual_tests.lack_of_fit(np.random.default_rng(seed).standard_normal(500), columns) for seed in range(200)]
    assert 0.02 < np.mean(np.array(p) < 0.1) < 0.2
