"""Back-tests: conformal quantiles by hand, errors by hand, groups, files, determinism."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.forecasting.attempts import (
    COMBINATION,
    FRACTIONS,
    LAST_VALUE,
    MAX_LATER,
    attempts_of,
    attempts_table,
    make_attempts,
)
from losslaws.forecasting.backtest import backtest_curves, judge
from losslaws.forecasting.conformal import DEFAULT, SIMULATED, Pool, multipliers
from losslaws.forecasting.schedule_ahead import CHANGES, STEADY, UNKNOWN, planned_schedule, schedule_after

pytestmark = pytest.mark.slow

LAWS = ["power_law", "exponential"]
T = np.arange(10.0, 210.0)


def curves(count, t=T, rate=None):
    found = []
    for seed in range(count):
        stream = np.random.default_rng(seed)
        truth = stream.uniform(1, 3) * t ** -stream.uniform(0.4, 1.0) + stream.uniform(0.5, 1)
        loss = truth + 0.005 * stream.standard_normal(t.size)
        found.append(Curve(f"run_{seed}", t, loss, {}, {} if rate is None else {"lr": rate}))
    return found


@pytest.fixture(scope="module")
def result():
    return backtest_curves(curves(10), LAWS)


# --- conformal quantiles ---


def test_quantiles_of_single_points_by_hand():
    pool = Pool(tuple(np.array([value]) for value in (4.0, 1.0, 3.0, 2.0)))
    # Four curves weigh 4, the new one ½: a share of 0.5 is reached at weight 2.25, by the third score.
    assert pool.quantile(0.5) == 3.0
    assert pool.quantile(0.4) == 2.0
    assert pool.quantile(0.9) == np.inf
    assert pool.quantile(0.88) == 4.0


def test_a_curve_counts_as_one_whatever_its_points():
    many, one = np.full(99, 1.0), np.array([5.0])
    assert Pool((many, one)).quantile(0.4) == 1.0
    assert Pool((many, one)).quantile(0.41) == 5.0


def test_leaving_a_curve_out_is_a_pool_without_it():
    stream = np.random.default_rng(0)
    scores = [stream.exponential(size=size) for size in stream.integers(1, 40, 30)]
    pool = Pool(tuple(scores))
    for number in range(30):
        others = Pool(tuple(own for other, own in enumerate(scores) if other != number))
        for level in (0.1, 0.5, 0.9):
            assert pool.quantile(level, without=number) == others.quantile(level)


def test_quantiles_cover_new_points():
    stream = np.random.default_rng(1)
    covered = []
    for _ in range(200):
        sizes = stream.lognormal(sigma=0.5, size=31)
        pool = Pool(tuple(np.abs(size * stream.standard_normal(20)) for size in sizes[:-1]))
        covered.append((np.abs(sizes[-1] * stream.standard_normal(20)) <= pool.quantile(0.9)).mean())
    assert np.mean(covered) == pytest.approx(0.9, abs=0.02)


def test_too_few_curves_take_the_default_or_the_largest_score():
    assert multipliers(Pool(())) == DEFAULT
    assert multipliers(Pool((np.array([0.1]),)))[0.9] == DEFAULT[0.9]
    assert multipliers(Pool((np.array([7.0]),)))[0.9] == 7.0
    assert multipliers(Pool((np.array([7.0]), np.array([0.1]))), without=0)[0.9] == DEFAULT[0.9]


# --- schedules ---


def test_schedules_after_a_prefix():
    steady, decays = np.full(10, 0.1), np.append(np.full(5, 0.1), np.linspace(0.1, 0.0, 5))
    assert schedule_after(None, 5) == UNKNOWN
    assert schedule_after(steady, 5) == STEADY
    assert schedule_after(decays, 5) == CHANGES
    assert schedule_after(np.append(np.linspace(0, 0.1, 5), np.full(5, 0.1)), 6) == STEADY
    assert planned_schedule(steady, (np.arange(3.0), np.full(3, 0.1))) == STEADY
    assert planned_schedule(steady, (np.arange(3.0), np.full(3, 0.05))) == CHANGES


def test_curves_whose_schedule_changes_are_judged_apart():
    decays = np.append(np.full(100, 0.1), np.linspace(0.1, 0.0, 100))
    steady = curves(3, rate=np.full(T.size, 0.1))
    changing = [Curve(f"decay_{curve.name}", T, curve.loss * 0.9, {}, {"lr": decays}) for curve in curves(3)]
    result = backtest_curves([*steady, *changing], LAWS, [0.3, 0.45])
    assert {row.schedule for row in result.rows if str(row.curve).startswith("decay")} == {CHANGES}
    counts = {row.schedule: row.curves for row in result.summary if row.fraction is None}
    assert counts == {"as before": 3, "changes": 3}
    sources = [result.calibration(schedule).source for schedule in (STEADY, UNKNOWN, CHANGES)]
    assert sources == ["3 other curves", "3 other curves", "3 other curves whose learning rate changes"]
    alone = backtest_curves(steady, LAWS, [0.3, 0.45])
    assert [row for row in result.rows if row.schedule == STEADY] == alone.rows
    assert alone.calibration(CHANGES) == SIMULATED
    assert alone.calibration(STEADY).multipliers == multipliers(alone.pools["as before", COMBINATION])


# --- rows ---


def test_rows_are_there_for_every_forecaster(result):
    assert len(result.rows) == 10 * len(FRACTIONS) * 4
    assert {row.forecaster for row in result.rows} == {COMBINATION, *LAWS, LAST_VALUE}


def test_the_last_value_by_hand(result):
    curve = curves(1)[0]
    row = next(row for row in result.rows if row.forecaster == LAST_VALUE and row.fraction == 0.5)
    assert (row.n_seen, row.t_seen, row.t_end) == (100, 109.0, 209.0)
    assert row.forecast_end == curve.loss[99]
    assert row.error_end == pytest.approx(abs(curve.loss[99] - curve.loss[-1]))
    assert row.relative_error_end == pytest.approx(row.error_end / curve.loss[-1])
    later = np.unique(np.linspace(100, 199, MAX_LATER).round().astype(int))
    assert row.error_later == pytest.approx(np.abs(curve.loss[later] - curve.loss[99]).mean())
    assert row.weight is None


def test_weights_of_laws_add_up(result):
    rows = [row for row in result.rows if row.curve == "run_0" and row.fraction == 0.7]
    assert sum(row.weight or 0 for row in rows) == pytest.approx(1)


def test_coverage_is_near_what_is_asked_for(result):
    overall = next(row for row in result.summary if row.fraction is None and row.forecaster == COMBINATION)
    assert overall.coverage_50 == pytest.approx(0.5, abs=0.12)
    assert overall.coverage_90 == pytest.approx(0.92, abs=0.06)
    assert overall.width_50 < overall.width_90


def test_the_combination_beats_the_wrong_law_and_the_last_value(result):
    errors = {row.forecaster: row.error_later for row in result.summary if row.fraction is None}
    assert errors[COMBINATION] < 0.5 * min(errors["exponential"], errors[LAST_VALUE])


def test_quartiles_are_those_of_the_curves(result):
    errors = [row.error_later for row in result.rows if row.forecaster == COMBINATION and row.fraction == 0.5]
    (found,) = [own for own in result.quartiles if own.fraction == 0.5]
    # Of ten sorted values the quartiles are a quarter on the way from the third, and from the eighth back.
    ordered = sorted(errors)
    assert found.lower == pytest.approx(ordered[2] + 0.25 * (ordered[3] - ordered[2]))
    assert found.upper == pytest.approx(ordered[7] - 0.25 * (ordered[7] - ordered[6]))


def test_the_power_law_is_there_as_a_reference():
    rows = backtest_curves(curves(2), ["exponential"], [0.5]).rows
    power = [row for row in rows if row.forecaster == "power_law"]
    assert len(power) == 2
    assert all(row.weight is None for row in power)
    assert all(row.weight == 1 for row in rows if row.forecaster == "exponential")


def test_curves_on_other_grids_do_not_matter():
    """A curve is tried alike whether it is fitted alone or together with others that share its t."""
    some = [*curves(2), Curve("other", T[:150], curves(1)[0].loss[:150])]
    together, _ = make_attempts(some, LAWS, [0.5])
    for curve in some:
        alone, _ = make_attempts([curve], LAWS, [0.5])
        for one, other in zip(alone, [a for a in together if a.curve == curve.name], strict=True):
            assert one.forecast == pytest.approx(other.forecast, rel=1e-6)


def test_the_same_curves_have_the_same_back_test(result):
    again = backtest_curves(curves(10), LAWS)
    assert again.rows == result.rows
    assert json.dumps([asdict(row) for row in again.summary], allow_nan=False)


def test_attempts_survive_their_file(result):
    attempts, notes = make_attempts(curves(10), LAWS)
    assert notes == []
    assert judge(attempts_of(attempts_table(attempts))).rows == result.rows


# --- what is left out, and mistakes ---


def test_what_is_left_out_is_told():
    diverged = Curve("diverged", T, np.where(T > 100, np.nan, 1.0 / T))
    short = Curve("short", T[:40], curves(1)[0].loss[:40])
    result = backtest_curves([*curves(1), diverged, short], LAWS)
    assert {row.curve for row in result.rows} == {"run_0", "short"}
    assert result.notes == [
        "curve 'diverged' left out: its loss is not finite at t = 101",
        "curve 'short' not tried at 0.2: of its 40 points a prefix needs 12 at least, and one after it",
    ]


@pytest.mark.parametrize(
    ("given", "keys", "sentence"),
    [
        (curves(1), {"fractions": [0.5, 1.0]}, "fractions: is 1.0; expected shares of a curve, above 0 and below 1"),
        (curves(1), {"laws": ["power"]}, "law 'power' is unknown"),
        ([Curve("tiny", T[:9], T[:9])], {}, "no curve can be back-tested: curve 'tiny' not tried at"),
        ([], {}, "no curve can be back-tested: there are no curves"),
    ],
)
def test_mistakes(given, keys, sentence):
    with pytest.raises(LosslawsError, match=sentence):
        backtest_curves(given, **keys)
