"""Hold-out by schedule, the schedule that a law chooses, and the published split."""

from dataclasses import astuple, replace

import numpy as np
import pytest
from known_schedules import LENGTH, PARAMETERS, PEAK, RISE, SCHEDULES, curve_under
from published_runs import DATA, FITTED, PUBLISHED, PUBLISHED_SCORES, TESTED, WARMUP, schedule_curves

from losslaws.analyses.schedule_law.design import compare, design, extrapolations, final_loss, rate_range, references
from losslaws.analyses.schedule_law.results import Plan, Scores, average
from losslaws.analyses.schedule_law.scores import hold_out, scores, scores_by_curve
from losslaws.core.errors import LosslawsError
from losslaws.fitting.pooled import fit_pooled, objective
from losslaws.fitting.pooled_uncertainty import replicates
from losslaws.laws.schedule.catalogue import SCHEDULE_LAWS
from losslaws.laws.schedule.curve import scheduled_curve
from losslaws.laws.schedule.references import cosine

pytestmark = pytest.mark.slow


def test_a_constant_loss_has_no_share_of_variance_explained():
    constant = scores(np.full(3, 2.0), np.array([2.0, 2.0, 2.2]))
    assert (constant.r2, constant.worst_relative) == (None, pytest.approx(0.1))
    assert average([constant, Scores(0.5, 0.0, 0.0, 0.0, 0.0)]).r2 == 0.5


def test_hold_out_leaves_every_schedule_out_once():
    law = SCHEDULE_LAWS["momentum"]
    runs = [curve_under(s, law, kind, PARAMETERS["momentum"], 1e-4, 3) for kind, s in SCHEDULES.items()]
    held = hold_out(law, runs)
    assert list(held) == list(SCHEDULES)
    assert all(entry.r2 > 0.999 for entry in held.values())
    with pytest.raises(LosslawsError, match="is the only curve"):
        hold_out(law, runs[:1])


# --- design ---


@pytest.fixture(scope="module")
def fitted():
    law, parameters = SCHEDULE_LAWS["multi_power"], PARAMETERS["multi_power"]
    runs = [curve_under(s, law, kind, parameters, 2e-4, n) for n, (kind, s) in enumerate(SCHEDULES.items())]
    return fit_pooled(law, runs), runs


def test_design_is_stable_then_decays_and_beats_what_people_use(fitted):
    fit, _ = fitted
    plan = Plan(LENGTH, PEAK, RISE)
    chosen = design(fit, plan)
    after = chosen.rates[chosen.steps >= RISE]
    assert (np.diff(after) <= 0).all()
    assert after[0] == PEAK
    assert chosen.length == LENGTH
    assert after[-1] < 0.15 * PEAK
    assert chosen.at(np.array([0.4 * LENGTH]))[0] > 0.95 * PEAK
    losses = [final_loss(fit, other) for other in references(plan).values()]
    assert final_loss(fit, chosen) < min(losses) - 1e-4
    again = design(fit, plan, cosine(LENGTH, PEAK, RISE, 3e-5))
    assert final_loss(fit, again) == pytest.approx(final_loss(fit, chosen), abs=1e-6)


def test_design_is_a_minimum_over_non_increasing_schedules(fitted):
    fit, _ = fitted
    chosen = design(fit, Plan(LENGTH, PEAK, RISE))
    best = final_loss(fit, chosen)
    random = np.random.default_rng(5)
    late = chosen.steps >= RISE
    for size in (1e-3, 1e-2, 1e-1):
        for _ in range(20):
            falls = -np.diff(np.log(chosen.rates[late]))
            changed = (
                falls * np.exp(size * random.standard_normal(falls.size)) + (random.random(falls.size) < 0.05) * size
            )
            rates = np.maximum(PEAK * np.exp(-np.append(0.0, np.cumsum(changed))), 1e-3 * PEAK)
            other = replace(chosen, rates=np.append(chosen.rates[~late], rates))
            assert final_loss(fit, other) >= best - 1e-7


@pytest.mark.slow
def test_design_has_uncertainty(fitted):
    fit, runs = fitted
    plan = Plan(LENGTH, PEAK, RISE)
    chosen = design(fit, plan)
    refits = replicates(fit, runs, 4)
    rows = {row.name: row for row in compare(fit, refits, plan, chosen)}
    assert set(rows) == {"designed", "cosine", "wsd_linear", "wsd_exponential"}
    assert all(row.low <= row.high and row.excess_low <= row.excess_high for row in rows.values())
    assert rows["cosine"].excess > 0 == rows["designed"].excess
    low, high = rate_range(refits, plan, chosen)
    assert (low <= high).all()
    assert replicates(fit, runs, 4)[3].parameters == refits[3].parameters


def test_extrapolation_is_said(fitted):
    _, runs = fitted
    assert extrapolations(runs, cosine(LENGTH, PEAK, RISE, 3e-5)) == []
    said = extrapolations(runs, cosine(3 * LENGTH, 2 * PEAK, RISE, 1e-6))
    assert len(said) == 3
    assert "longest run fitted has 2000" in said[0]


@pytest.mark.parametrize(
    ("plan", "message"),
    [(Plan(100, PEAK, 100), "does not fit into a schedule of 100 steps"), (Plan(100, 0.0, 10), "above 0, not 0")],
)
def test_impossible_plans(fitted, plan, message):
    with pytest.raises(LosslawsError, match=message):
        design(fitted[0], plan)


def test_a_law_whose_drops_gain_nothing_designs_none(fitted):
    fit = replace(fitted[0], parameters={**fitted[0].parameters, "B": 0.0})
    with pytest.raises(LosslawsError, match="no fall of the learning rate lowers the loss"):
        design(fit, Plan(LENGTH, PEAK, RISE))


def test_a_law_without_schedule_designs_none():
    law = SCHEDULE_LAWS["chinchilla_steps"]
    fit = fit_pooled(law, [curve_under(SCHEDULES["cosine"], law, "run", PARAMETERS["chinchilla_steps"])])
    with pytest.raises(LosslawsError, match="cannot choose a schedule"):
        design(fit, Plan(LENGTH, PEAK, RISE))


# --- the published split ---


@pytest.fixture(scope="module")
def published():
    if not (DATA / "llm_schedules").is_dir():
        pytest.skip(f"there is no folder of published curves at {DATA}")
    return {
        size: {name: scheduled_curve(curve, WARMUP, "start") for name, curve in schedule_curves(size).items()}
        for size in PUBLISHED
    }


@pytest.mark.parametrize("size", PUBLISHED)
def test_published_parameters_score_as_published(published, size):
    law, runs = SCHEDULE_LAWS["multi_power"], published[size]
    parameters = dict(zip(law.parameters, PUBLISHED[size], strict=True))
    tested = [scores(runs[name].y, law(runs[name].x, parameters)) for name in TESTED]
    assert astuple(average(tested)) == pytest.approx(PUBLISHED_SCORES[size], rel=0.02)


@pytest.mark.slow
@pytest.mark.parametrize(("size", "most"), [("25M", 1.39e-4), ("100M", 2.14e-5)])
def test_own_fit_is_below_the_published_objective_and_predicts(published, size, most):
    law, runs = SCHEDULE_LAWS["multi_power"], published[size]
    fitted = [runs[name] for name in FITTED]
    fit = fit_pooled(law, fitted)
    assert fit.objective < most < objective(law, fitted, dict(zip(law.parameters, PUBLISHED[size], strict=True)))
    assert average(list(scores_by_curve(fit, [runs[name] for name in TESTED]).values())).r2 >= 0.996
