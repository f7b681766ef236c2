"""Verdicts, tests between laws, residual diagnostics, hold-out, bootstrap and multiverse on curves of known origin."""

import numpy as np
import pytest
from scipy.stats import chi2

from losslaws.analyses.evidence.compute import evidence_rows
from losslaws.analyses.evidence.multiverse import CRITERIA, choices, multiverse_rows
from losslaws.analyses.evidence.nesting import containers, likelihood_ratio, vuong
from losslaws.analyses.evidence.universes import outcomes, published_universe
from losslaws.analyses.evidence.verdict import discount, verdict
from losslaws.core.registry import LAWS
from losslaws.curves.curve import Curve
from losslaws.fitting import residuals as series
from losslaws.fitting.inference import effective_size, lag_one
from losslaws.fitting.status import STATUS_TEXT
from losslaws.theory.from_laws import ar1_noise, simulate_group

NAMES = ("power_law", "exponential", "stretched_exp", "log_power")
FOUR = [LAWS.load(name) for name in NAMES]


def rows_for(name, rho, ratio, length=600, curves=4, replicates=0):
    group = simulate_group(LAWS.load(name), length, rho, ratio, curves, [7, 1])
    return evidence_rows(group, FOUR, 0, "paper", replicates, holdout=True)


@pytest.mark.parametrize("name", NAMES)
def test_the_true_law_is_named(name):
    verdicts = rows_for(name, 0.0, 300.0)
    assert all(name in row["verdict_laws"] for row in verdicts)


def test_laws_that_noise_hides_are_not_told_apart():
    rows = rows_for("power_law", 0.99, 10.0)
    assert all(row["verdict"] == "cannot tell" and "power_law" in row["verdict_laws"] for row in rows)


def test_none_fits_a_curve_of_no_law():
    t = np.arange(1.0, 801.0)
    bumps = 1 / t + 0.2 * np.sin(6 * np.log(t)) + 1
    loss = bumps + 1e-3 * np.random.default_rng(0).standard_normal(t.size)
    (row,) = evidence_rows([Curve("bumps", t, loss)], FOUR, 10, "paper", 0, holdout=False)
    assert row["verdict"] == "none fits"
    assert "smooth deviations" in row["reason"]


def test_curves_that_cannot_be_fitted_say_why():
    t = np.arange(1.0, 101.0)
    curves = [Curve("nan", t, np.full(100, np.nan)), Curve("flat", t, np.ones(100)), Curve("short", t[:3], 1 / t[:3])]
    rows = evidence_rows(curves, FOUR, 0, "paper", 0, holdout=True)
    assert [row["verdict"] for row in rows] == ["no fit"] * 3
    assert [row["reason"] for row in rows] == [STATUS_TEXT[name] for name in ("not_finite", "constant", "too_short")]


def test_of_two_nested_laws_the_better_stands_alone_only_where_aic_and_the_test_agree():
    nested = {("exponential", "stretched_exp"): False}
    k, fine = {"exponential": 4, "stretched_exp": 5}, {"exponential": 0.5, "stretched_exp": 0.5}
    same = verdict({"exponential": 0.0, "stretched_exp": -1.0}, k, nested, fine, 1.0)
    close = verdict({"exponential": 0.0, "stretched_exp": -3.0}, k, nested, fine, 1.0)
    far = verdict({"exponential": 0.0, "stretched_exp": -5.0 - chi2.isf(0.01, 1)}, k, nested, fine, 1.0)
    assert (same.kind, same.laws) == ("one law", ["exponential"])
    assert (close.kind, close.laws) == ("cannot tell", ["stretched_exp", "exponential"])
    assert (far.kind, far.laws) == ("one law", ["stretched_exp"])


def test_few_independent_points_weaken_the_verdict():
    k, fine = {"a": 4, "b": 4}, {"a": 0.5, "b": 0.5}
    assert verdict({"a": 0.0, "b": 10.0}, k, {}, fine, 1.0).kind == "one law"
    assert verdict({"a": 0.0, "b": 10.0}, k, {}, fine, 0.5).kind == "cannot tell"
    assert discount(5000, 0.9, 4) > 0.9
    assert discount(500, 0.99, 4) < 0.5


def test_likelihood_ratio_at_a_boundary_is_half():
    assert likelihood_ratio(3.0, 0.0, 1, boundary=False) == pytest.approx(chi2.sf(3.0, 1))
    assert likelihood_ratio(3.0, 0.0, 1, boundary=True) == pytest.approx(chi2.sf(3.0, 1) / 2)


def test_containers_of_the_family():
    every = containers([LAWS.load(name) for name in LAWS.names()])
    assert every["exponential", "stretched_exp"] is False
    assert every["power_law", "stretched_exp"] is True
    assert every["power_law", "shifted_power_law"] is True


def test_vuong_prefers_smaller_innovations():
    rng = np.random.default_rng(1)
    small, large = rng.standard_normal(500), 1.5 * rng.standard_normal(500)
    assert vuong(small, large, 0) < 0.01
    assert vuong(large, small, 0) > 0.99


@pytest.mark.parametrize("rho", [0.0, 0.8])
def test_series_diagnostics(rho):
    noise = ar1_noise(rho, 20_000, np.random.default_rng(4))
    assert lag_one(noise[None, :])[0] == pytest.approx(rho, abs=0.03)
    expected = noise.size * (1 - rho) / (1 + rho)
    assert effective_size(noise[None, :])[0] == pytest.approx(expected, rel=0.2)
    assert (series.ljung_box(noise) < 0.001) == (rho > 0)


def test_block_length_follows_the_published_formula():
    rho, n = 0.8, 20_000
    noise = ar1_noise(rho, n, np.random.default_rng(4))
    # For AR(1): G = 2ρ/((1 − ρ)(1 + ρ))·R₀·…, which makes b = (2G²/D)^(1/3) n^(1/3) with G/g(0) = 2ρ/(1 − ρ²).
    expected = (2 * (2 * rho / (1 - rho**2)) ** 2 * 3 / 4 * n) ** (1 / 3)
    assert series.block_length(noise) == pytest.approx(expected, rel=0.25)
    assert series.block_length(np.random.default_rng(0).standard_normal(n)) <= 8


def test_lack_of_fit_is_uniform_for_noise():
    columns = series.smooth_columns(np.arange(1.0, 501.0))
    p = [series.lack_of_fit(np.random.default_rng(seed).standard_normal(500), columns) for seed in range(200)]
    assert 0.02 < np.mean(np.array(p) < 0.1) < 0.2


def test_bootstrap_and_holdout_of_a_clear_curve():
    (row,) = rows_for("stretched_exp", 0.0, 300.0, curves=1, replicates=20)
    wins = dict(zip(row["laws"], row["bootstrap_wins"], strict=True))
    assert wins["stretched_exp"] == 1.0
    bounds = dict(zip(row["parameters"], zip(row["lower"], row["upper"], strict=True), strict=True))
    assert bounds["gamma"][0] < bounds["gamma"][1] < 5.0
    errors = dict(zip(row["laws"], row["holdout"], strict=True))
    assert errors["stretched_exp"] <= row["holdout_last_value"]


@pytest.mark.slow
def test_multiverse_has_every_combination_and_the_published_one():
    curves = simulate_group(LAWS.load("exponential"), 300, 0.0, 200.0, 2, [1, 2])
    laws = FOUR[:2]
    rows = multiverse_rows(curves, laws, 10)
    assert len(rows) == 2 * len(list(choices(10))) * len(CRITERIA) == 2 * 128
    every = {outcome.universe: outcome for outcome in outcomes(rows)}
    assert len(every) == 128
    published = every[published_universe(10, "paper")]
    assert published.wins == {"exponential": 2}
    assert published.majority("exponential")
    assert published.share("exponential") == 1.0


def test_multiverse_includes_what_the_experiment_skips():
    assert {choice.skip for choice in choices(5)} == {"5", "0", "10", "50", "1%"}


@pytest.mark.slow
def test_a_law_outside_its_domain_is_named_in_the_multiverse():
    t = np.arange(1.0, 201.0)
    loss = 1 / np.sqrt(t) + 1e-3 * np.random.default_rng(0).standard_normal(200)
    rows = multiverse_rows([Curve("from one", t, loss)], FOUR, 10)
    unskipped = [row for row in rows if row["skip"] == "0"]
    assert all("log_power: outside_domain" in row["without_fit"] for row in unskipped)
    assert not any("log_power: outside_domain" in row["without_fit"] for row in rows if row["skip"] == "10")
