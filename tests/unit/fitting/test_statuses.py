"""Curves that cannot be fitted say why: never a crash, never a silent best law."""

import numpy as np
import pytest
from builders import PAPER_LAWS
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from losslaws.analyses.universality.compute import describe, write_results
from losslaws.analyses.universality.reading import read_summary
from losslaws.config.fitting import Fitting
from losslaws.curves.curve import Curve
from losslaws.fitting.fit_table import fit_curves
from losslaws.fitting.fitted import join_fits
from losslaws.fitting.status import FITTED, STATUS_TEXT

T = np.arange(1.0, 41.0)
FALLING = 0.1 + np.exp(-T / 10)


def run_of_loss(loss, laws, skip=0, t=None):
    curve = Curve("c", np.arange(1.0, len(loss) + 1) if t is None else t, np.asarray(loss, dtype=np.float64))
    (run,) = join_fits([curve], fit_curves([curve], laws, skip), laws)
    return run


def statuses(run):
    return {fit.name: fit.status for fit in run.fits}


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_loss_that_is_not_finite(laws, value):
    loss = FALLING.copy()
    loss[30:] = value
    run = run_of_loss(loss, laws)
    assert statuses(run) == dict.fromkeys(PAPER_LAWS, "not_finite")
    assert_undetermined(run, None)


def test_what_is_skipped_may_be_infinite(laws):
    loss = FALLING.copy()
    loss[:3] = np.inf
    assert set(statuses(run_of_loss(loss, laws, skip=3)).values()) <= set(FITTED)


@pytest.mark.parametrize("value", [0.0, 1.0, -3e-9, 1e300])
def test_a_constant_curve(laws, value):
    run = run_of_loss(np.full(T.size, value), laws)
    assert statuses(run) == dict.fromkeys(PAPER_LAWS, "constant")
    assert_undetermined(run, None)


@pytest.mark.parametrize("n", range(7))
def test_a_short_curve(laws, n):
    t = np.arange(2.0, 32.0)
    run = run_of_loss(0.1 + 1.0 / t, laws, skip=30 - n, t=t)
    too_short = {law.name for law in laws if n <= len(law.parameters)}
    if n == 0:
        assert set(statuses(run).values()) <= {"too_short", "constant"}
    elif n == 1:
        assert set(statuses(run).values()) == {"constant"}
    else:
        assert {form for form, status in statuses(run).items() if status == "too_short"} == too_short
    if n < 4:
        assert_undetermined(run, None)


def test_more_is_skipped_than_there_is(laws):
    run = run_of_loss(FALLING, laws, skip=1000)
    assert not run.converged
    assert_undetermined(run, None)


def test_a_rising_curve(laws):
    for rising in (np.linspace(0, 1, T.size), np.exp(T / 10), (T > 20) * 1.0, np.log(T)):
        run = run_of_loss(rising, laws, t=T + 1)
        assert set(statuses(run).values()) == {"not_falling"}
        assert_undetermined(run, None)


def test_log_power_needs_t_above_one(laws):
    run = run_of_loss(FALLING, laws)
    assert statuses(run)["log_power"] == "outside_domain"
    assert {status for form, status in statuses(run).items() if form != "log_power"} <= set(FITTED)
    assert statuses(run_of_loss(FALLING, laws, skip=1))["log_power"] in FITTED


def test_one_fit_is_no_comparison(laws):
    two = [law for law in laws if law.name in ("exponential", "log_power")]
    run = run_of_loss(FALLING, two)
    assert [fit.name for fit in run.converged] == ["exponential"]
    assert_undetermined(run, "exponential")


def assert_undetermined(run, best):
    """Check that no comparison is claimed: no second law, no ΔAIC, the lowest level of support, no rank or number."""
    assert (run.support.level, run.support.second, run.support.delta_aic) == ("undetermined", None, 0.0)
    assert run.support.best == best
    assert run.support.n_converged == (0 if best is None else 1)
    for fit in run.fits:
        if not fit.converged:
            assert fit.status in STATUS_TEXT
            assert fit.params == fit.errors == {}
            assert {fit.r2, fit.aic, fit.aicc, fit.bic} == {None}


def test_one_bad_curve_does_not_touch_the_others(laws):
    diverged = np.where(T > 20, np.nan, FALLING)
    curves = [Curve("bad", T, diverged), Curve("good", T, FALLING), Curve("flat", T, np.ones(T.size))]
    rows = {(row["curve"], row["law"]): row for row in fit_curves(curves, laws).to_pylist()}
    alone = {row["law"]: row for row in fit_curves([curves[1]], laws).to_pylist()}
    for law in PAPER_LAWS:
        assert rows["bad", law]["status"] == "not_finite"
        assert rows["flat", law]["status"] == "constant"
        assert rows["good", law]["status"] == alone[law]["status"]
        assert rows["good", law]["rank"] == alone[law]["rank"]
        assert rows["good", law]["at_bound"] == alone[law]["at_bound"]
    np.testing.assert_allclose(
        [rows["good", law]["rss"] for law in PAPER_LAWS if law != "log_power"],
        [alone[law]["rss"] for law in PAPER_LAWS if law != "log_power"],
        rtol=1e-9,
        atol=1e-25,
    )


def test_ranks_follow_aic_and_laws_without_a_fit_come_last(laws):
    rows = fit_curves([Curve("c", T, FALLING + 0.01 * np.cos(T))], laws).to_pylist()
    assert [row["rank"] for row in rows] == [1, 2, 3, None]
    assert rows[-1]["law"] == "log_power"
    assert [row["aic"] for row in rows[:3]] == sorted(row["aic"] for row in rows[:3])


def test_criteria_and_r2_are_those_of_the_residuals(laws):
    loss = FALLING + 0.01 * np.cos(7 * T)
    n, total = T.size, np.square(loss - loss.mean()).sum()
    for row in fit_curves([Curve("c", T, loss)], laws).to_pylist()[:3]:
        k, base = row["k"], n * np.log(row["rss"] / n)
        assert k == {"power_law": 3, "exponential": 3, "stretched_exp": 4}[row["law"]]
        assert row["aic"] == pytest.approx(base + 2 * k)
        assert row["bic"] == pytest.approx(base + k * np.log(n))
        assert row["aicc"] == pytest.approx(base + 2 * (k + 1) + 2 * (k + 1) * (k + 2) / (n - k - 2))
        assert row["r2"] == pytest.approx(1 - row["rss"] / total)


losses = st.one_of(
    st.floats(-1e100, 1e100, allow_subnormal=False).map(lambda loss: 0.0 if abs(loss) < 1e-100 else loss),
    st.floats(-3.0, 3.0, width=16),
    st.sampled_from([0.0, 1.0, np.nan, np.inf, -np.inf]),
)
one_kind = st.sampled_from([losses, st.floats(-3.0, 3.0, width=16), st.sampled_from([0.0, 1.0]), st.floats(1e-9, 1e9)])


@pytest.mark.slow
@settings(max_examples=150)
@given(one_kind.flatmap(lambda kind: arrays(np.float64, st.integers(1, 25), elements=kind)), st.integers(0, 3))
def test_any_curve_has_an_answer_that_can_be_written(tmp_path, laws, loss, skip):
    run = run_of_loss(loss, laws, skip=skip)
    assert sorted(statuses(run)) == sorted(PAPER_LAWS)
    assert run.support.n_converged == len(run.converged)
    assert (run.support.level == "undetermined") == (len(run.converged) < 2)
    write_results(tmp_path, describe("any", None, Fitting(), [run]), [run], laws)
    assert read_summary(tmp_path).runs[0].best_law == run.support.best
