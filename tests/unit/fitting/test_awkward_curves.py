"""Curves with gaps, without noise, below 0, not finite, too short: each has its rule, and none makes a warning."""

import warnings

import numpy as np
import pytest

from losslaws.analyses.evidence.compute import judge_curves
from losslaws.analyses.evidence.multiverse import multiverse
from losslaws.analyses.evidence.settings import Settings
from losslaws.config.fitting import Fitting
from losslaws.core.errors import LosslawsError
from losslaws.core.registry import LAWS
from losslaws.curves.curve import Curve
from losslaws.fitting.fit_table import fit_curves
from losslaws.fitting.options import FitOptions

pytestmark = pytest.mark.slow

LAWS_FITTED = [LAWS.load(name) for name in ("power_law", "exponential")]
T = np.arange(1.0, 81.0)
NOISE = 0.01 * np.random.default_rng(0).standard_normal(T.size)
LOSS = 2 * T**-0.5 + 0.1 + NOISE
GAP = (T <= 25) | (T > 60)

NO_FIT = {
    "NaN inside": (T, np.where(T == 40, np.nan, LOSS), "not_finite"),
    "diverged": (T, np.where(T > 40, np.inf, LOSS), "not_finite"),
    "no square": (T, 1e300 * LOSS, "not_finite"),
    "constant": (T, np.full(T.size, 2.0), "constant"),
    "all zeros": (T, np.zeros(T.size), "constant"),
    "changes without a square": (T, 1e-300 * LOSS, "constant"),
    "rising": (T, np.sqrt(T), "not_falling"),
    "three points": (T[:3], LOSS[:3], "too_short"),
    "one point": (T[:1], LOSS[:1], "constant"),
}


@pytest.fixture(autouse=True)
def _no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def statuses(curve, **options):
    rows = fit_curves([curve], LAWS_FITTED, options=FitOptions(**options)).to_pylist()
    return {row["status"] for row in rows}


def told(curve, skip=0):
    """Return the evidence on a curve, and its outcomes in the multiverse."""
    (found,) = judge_curves([curve], LAWS_FITTED, Fitting(skip=skip), Settings(replicates=3))
    return found, multiverse([curve], LAWS_FITTED, skip)


@pytest.mark.parametrize("case", NO_FIT)
def test_without_a_fit_there_is_a_status_and_no_winner(case):
    t, loss, status = NO_FIT[case]
    curve = Curve(case, t, loss)
    for options in ({}, {"space": "log"}, {"errors": "ar1", "preset": "wide"}, {"space": "log", "errors": "ar1"}):
        assert statuses(curve, **options) == {status}
    found, outcomes = told(curve)
    assert (found.verdict, found.verdict_laws) == ("no fit", ())
    unskipped = [entry for entry in outcomes if entry.skip == "0"]
    assert {entry.winner for entry in unskipped if entry.criterion != "holdout"} == {None}


def test_a_gap_leaves_the_law_as_it_is():
    whole, gap = Curve("whole", T, LOSS), Curve("gap", T[GAP], LOSS[GAP])
    rows = fit_curves([whole, gap], LAWS_FITTED).to_pylist()
    beta = {row["curve"]: (row["beta"], row["beta_error"]) for row in rows if row["law"] == "power_law"}
    assert beta["gap"][0] == pytest.approx(beta["whole"][0], abs=3 * beta["gap"][1])
    found, outcomes = told(gap)
    assert "power_law" in found.verdict_laws
    assert all(entry.winner == "power_law" for entry in outcomes if entry.skip == "0")


def test_a_repeated_t_is_refused():
    t = np.concatenate([T[:40], T[39:]])
    with pytest.raises(LosslawsError, match="curve 'twice' needs t that is finite, above 0 and strictly increasing"):
        fit_curves([Curve("twice", t, np.concatenate([LOSS[:40], LOSS[39:]]))], LAWS_FITTED)


def test_losses_below_zero_are_fitted_but_for_their_logarithm():
    curve = Curve("below", T, LOSS - 0.5)
    assert statuses(curve) == {"ok"}
    assert statuses(curve, space="log") == {"not_positive"}
    found, outcomes = told(curve)
    assert "power_law" in found.verdict_laws
    logarithmic = [entry for entry in outcomes if entry.space == "log" and entry.criterion == "aic"]
    assert {entry.winner for entry in logarithmic} == {None}
    assert all("power_law: not_positive" in entry.without_fit for entry in logarithmic)


@pytest.mark.parametrize("name", ["power_law", "exponential"])
def test_a_curve_without_noise_has_its_law(name):
    truth = {"a": 2.0, "beta": 0.5, "lambda": 0.1, "L_inf": 0.1}
    found, outcomes = told(Curve("exact", T, LAWS.load(name)(T, truth)))
    assert (found.verdict, found.verdict_laws) == ("one law", (name,))
    assert all(np.isfinite(found.aic_ar1))
    assert {entry.winner for entry in outcomes} == {name}


def test_few_points_do_not_show_a_lack_of_fit():
    verdicts = []
    for seed in range(40):
        noise = 0.01 * np.random.default_rng(seed).standard_normal(16)
        curve = Curve("c", T[:16], LOSS[:16] - NOISE[:16] + noise)
        (found,) = judge_curves([curve], LAWS_FITTED, Fitting(skip=0), Settings(replicates=0, holdout=False))
        verdicts.append(found.verdict)
    assert verdicts.count("none fits") <= 1


def test_losses_of_any_scale():
    for scale in (1e-140, 1e140):
        rows = fit_curves([Curve("c", T, LOSS), Curve("scaled", T, scale * LOSS)], LAWS_FITTED).to_pylist()
        assert [row["law"] for row in rows[:2]] == [row["law"] for row in rows[2:]]
        assert rows[2]["beta"] == pytest.approx(rows[0]["beta"], rel=1e-6)
