"""Verdicts, tests between laws, hold-out, bootstrap and multiverse on curves of known origin."""

import numpy as np
import pytest
from scipy.stats import chi2

from losslaws.analyses.evidence.compute import judge_curves
from losslaws.analyses.evidence.multiverse import CRITERIA, choices, multiverse
from losslaws.analyses.evidence.nesting import containers, likelihood_ratio, vuong
from losslaws.analyses.evidence.settings import Settings
from losslaws.analyses.evidence.universes import outcomes, published_universe
from losslaws.analyses.evidence.verdict import discount, verdict
from losslaws.config.fitting import Fitting
from losslaws.core.registry import LAWS
from losslaws.curves.curve import Curve
from losslaws.fitting.status import STATUS_TEXT
from losslaws.theory.from_laws import simulate_group

pytestmark = pytest.mark.slow

NAMES = ("power_law", "exponential", "stretched_exp", "log_power")
FOUR = [LAWS.load(name) for name in NAMES]


def rows_for(name, rho, ratio, length=600, curves=4, replicates=0):
    group = simulate_group(LAWS.load(name), length, rho, ratio, curves, [7, 1])
    return judge_curves(group, FOUR, Fitting(skip=0), Settings(replicates=replicates))


@pytest.mark.parametrize("name", NAMES)
def test_the_true_law_is_named(name):
    verdicts = rows_for(name, 0.0, 300.0)
    assert all(name in row.verdict_laws for row in verdicts)


def test_laws_that_noise_hides_are_not_told_apart():
    rows = rows_for("power_law", 0.99, 10.0)
    assert all(row.verdict == "cannot tell" and "power_law" in row.verdict_laws for row in rows)


def test_none_fits_a_curve_of_no_law():
    t = np.arange(1.0, 801.0)
    bumps = 1 / t + 0.2 * np.sin(6 * np.log(t)) + 1
    loss = bumps + 1e-3 * np.random.default_rng(0).standard_normal(t.size)
    (row,) = judge_curves([Curve("bumps", t, loss)], FOUR, Fitting(skip=10), Settings(replicates=0, holdout=False))
    assert row.verdict == "none fits"
    assert "smooth deviations" in row.reason


def test_curves_that_cannot_be_fitted_say_why():
    t = np.arange(1.0, 101.0)
    curves = [Curve("nan", t, np.full(100, np.nan)), Curve("flat", t, np.ones(100)), Curve("short", t[:3], 1 / t[:3])]
    rows = judge_curves(curves, FOUR, Fitting(skip=0), Settings(replicates=0))
    assert [row.verdict for row in rows] == ["no fit"] * 3
    assert [row.reason for row in rows] == [STATUS_TEXT[name] for name in ("not_finite", "constant", "too_short")]


def test_of_two_nested_laws_the_better_stands_alone_only_where_aic_and_the_test_agree():
    nested = {("exponential", "stretched_exp"): False}
    k, fine = {"exponential": 4, "stretched_exp": 5}, {"exponential": 0.5, "stretched_exp": 0.5}
    same = verdict({"exponential": 0.0, "stretched_exp": -1.0}, k, nested, fine, 1.0)
    close = verdict({"exponential": 0.0, "stretched_exp": -3.0}, k, nested, fine, 1.0)
    far = verdict({"exponential": 0.0, "stretched_exp": -5.0 - chi2.isf(0.01, 1)}, k, nested, fine, 1.0)
    assert (same.kind, same.laws) == ("one law", ("exponential",))
    assert (close.kind, close.laws) == ("cannot tell", ("stretched_exp", "exponential"))
    assert (far.kind, far.laws) == ("one law", ("stretched_exp",))


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


def test_bootstrap_and_holdout_of_a_clear_curve():
    (row,) = rows_for("stretched_exp", 0.0, 300.0, curves=1, replicates=20)
    wins = dict(zip(row.laws, row.bootstrap_wins, strict=True))
    assert wins["stretched_exp"] == 1.0
    bounds = dict(zip(row.parameters, zip(row.lower, row.upper, strict=True), strict=True))
    assert bounds["gamma"][0] < bounds["gamma"][1] < 5.0
    errors = dict(zip(row.laws, row.holdout, strict=True))
    assert errors["stretched_exp"] <= row.holdout_last_value


@pytest.mark.slow
def test_multiverse_has_every_combination_and_the_published_one():
    curves = simulate_group(LAWS.load("exponential"), 300, 0.0, 200.0, 2, [1, 2])
    laws = FOUR[:2]
    rows = multiverse(curves, laws, 10)
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
    rows = multiverse([Curve("from one", t, loss)], FOUR, 10)
    unskipped = [row for row in rows if row.skip == "0"]
    assert all("log_power: outside_domain" in row.without_fit for row in unskipped)
    assert not any("log_power: outside_domain" in row.without_fit for row in rows if row.skip == "10")
