"""Laws of schedules: sums against plain loops, known laws found again, the published split, designs, mistakes."""

from dataclasses import astuple, replace

import numpy as np
import pytest
from known_schedules import LENGTH, PARAMETERS, PEAK, RISE, SCHEDULES, STEPS, run_under
from published_runs import DATA, FITTED, PUBLISHED, PUBLISHED_SCORES, TESTED, WARMUP, schedule_curves

from losslaws.analyses.schedule_law.design import (
    Plan,
    compare,
    design,
    extrapolations,
    final_loss,
    rate_range,
    references,
    table,
)
from losslaws.analyses.schedule_law.scores import average, hold_out, scores, scores_by_run
from losslaws.analyses.schedule_law.uncertainty import replicates, standard_errors
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.fitting.pooled import Problem, fit_schedule_law, huber, objective, refit
from losslaws.laws.schedule.catalogue import SCHEDULE_LAWS
from losslaws.laws.schedule.history import history, schedule_of
from losslaws.laws.schedule.references import cosine
from losslaws.laws.schedule.runs import run_of


def per_step(schedule):
    """The learning rate of every step, with that of step 0 first."""
    return schedule.at(np.arange(schedule.length + 1))


def plain_loss(name, parameters, schedule, t, first):
    """The law as it is written, with a loop over steps; changes up to step `first` do not count."""
    rate = per_step(schedule)
    fall = np.zeros(rate.size)
    fall[1:] = rate[:-1] - rate[1:]
    fall[: int(first) + 1] = 0.0
    total = np.cumsum(np.append(0.0, rate[1:]))
    p = parameters
    if name == "chinchilla_steps":
        return p["L0"] + p["A"] * t ** -p["alpha"]
    if name == "momentum":
        momentum, area = 0.0, 0.0
        for k in range(1, t + 1):
            momentum = p["lambda"] * momentum + fall[k]
            area += momentum
        return p["L0"] + p["A"] * total[t] ** -p["alpha"] - p["C"] * area
    loss = 0.0
    for k in range(1, t + 1):
        if name == "multi_power":
            x = p["C"] * rate[k] ** -p["gamma"] * (total[t] - total[k - 1])
            loss -= p["B"] * fall[k] * (1 - (1 + x) ** -p["beta"])
        elif fall[k] > 0:
            level = p["c23"] + p["c2"] * total[k] ** -p["s"]
            loss -= fall[k] * level * (1 - (1 + p["c4"] * (total[t] - total[k])) ** -p["g"])
    amplitude, exponent = (p["A"], p["alpha"]) if name == "multi_power" else (p["c1"], p["s"])
    return p["L0"] + amplitude * total[t] ** -exponent + loss


@pytest.mark.parametrize("drops", ["peak", "start"])
@pytest.mark.parametrize("kind", SCHEDULES)
@pytest.mark.parametrize("name", SCHEDULE_LAWS)
def test_sums_are_those_of_a_loop_over_steps(name, kind, drops):
    schedule, parameters = SCHEDULES[kind], PARAMETERS[name]
    computed = SCHEDULE_LAWS[name].loss(history(schedule, STEPS, drops), parameters)
    first = RISE if drops == "peak" else 0
    for index in (0, 30, 45, STEPS.size - 1):
        expected = plain_loss(name, parameters, schedule, int(STEPS[index]), first)
        assert computed[index] == pytest.approx(expected, abs=3e-6)


def test_a_jump_is_taken_where_it_was_recorded():
    assert SCHEDULES["jump"].at(np.array([980.0, 999.0, 1000.0])) == pytest.approx([PEAK, PEAK, 9e-5])
    ramp = schedule_of(np.array([10.0, 20.0, 30.0, 40.0]), np.array([4.0, 4.0, 3.0, 2.0]), 0, "ramp")
    assert ramp.at(np.array([25.0])) == pytest.approx([3.5])


def test_warmup_is_a_rise_from_zero():
    known = schedule_of(np.array([150.0, 200.0]), np.array([PEAK, PEAK]), RISE, "run")
    assert per_step(known)[:102] == pytest.approx(np.minimum(PEAK * np.arange(102) / RISE, PEAK))
    assert per_step(schedule_of(np.array([150.0, 200.0]), np.array([PEAK, PEAK]), 0, "run")) == pytest.approx(PEAK)


@pytest.mark.parametrize("name", SCHEDULE_LAWS)
def test_derivatives_are_those_of_the_law(name):
    law = SCHEDULE_LAWS[name]
    problem = Problem(law, [run_under(SCHEDULES[kind], law, kind, PARAMETERS[name]) for kind in ("cosine", "jump")])
    point = problem.point(PARAMETERS[name])
    jacobian = problem.jacobian(point)
    for index in range(point.size):
        step = np.zeros(point.size)
        step[index] = 1e-6 * max(1.0, abs(point[index]))
        slope = (problem.residuals(point + step) - problem.residuals(point - step)) / (2 * step[index])
        assert jacobian[:, index] == pytest.approx(slope, abs=1e-7 * max(1.0, np.abs(slope).max()), rel=1e-4)


@pytest.mark.parametrize("name", SCHEDULE_LAWS)
def test_a_known_law_is_found_again_and_predicts_another_schedule(name):
    law = SCHEDULE_LAWS[name]
    runs = [run_under(schedule, law, kind, PARAMETERS[name]) for kind, schedule in SCHEDULES.items()]
    fit = fit_schedule_law(law, runs[:1] + runs[2:])
    assert fit.objective < 1e-12
    assert scores(runs[1].loss, fit.predict(runs[1])).worst_relative < 2e-6
    assert fit.runs == ("cosine", "exponential", "jump")


def test_huber_is_quadratic_and_then_linear():
    assert huber(np.array([0.0, 5e-4, -1e-3, 3e-3])) == pytest.approx([0.0, 1.25e-7, 5e-7, 2.5e-6])


def test_fit_is_a_minimum_of_the_published_objective():
    law, parameters = SCHEDULE_LAWS["multi_power"], PARAMETERS["multi_power"]
    runs = [run_under(s, law, kind, parameters, 1e-3, number) for number, (kind, s) in enumerate(SCHEDULES.items())]
    fit = fit_schedule_law(law, runs)
    assert fit.objective == pytest.approx(objective(law, runs, fit.parameters), rel=1e-9)
    assert fit.objective <= objective(law, runs, parameters)
    for name, value in fit.parameters.items():
        for factor in (0.999, 1.001):
            assert objective(law, runs, {**fit.parameters, name: value * factor}) > fit.objective


def test_standard_errors_cover_what_they_should():
    law, parameters = SCHEDULE_LAWS["momentum"], PARAMETERS["momentum"]
    ratios = []
    truth = fit_schedule_law(law, [run_under(s, law, kind, parameters) for kind, s in SCHEDULES.items()])
    for seed in range(20):
        runs = [
            run_under(s, law, kind, parameters, 1e-3, 10 * seed + n) for n, (kind, s) in enumerate(SCHEDULES.items())
        ]
        fit = refit(truth, runs)
        errors = standard_errors(fit, runs)
        ratios.append([(fit.parameters[name] - parameters[name]) / errors[name] for name in law.parameters])
    spread = np.sqrt(np.mean(np.square(ratios), axis=0))
    assert (spread > 0.6).all()
    assert (spread < 1.8).all()


def test_a_term_that_is_not_there_is_on_its_bound():
    law = SCHEDULE_LAWS["multi_power"]
    flat = {**PARAMETERS["multi_power"], "B": 0.0}
    runs = [run_under(SCHEDULES[kind], law, kind, flat) for kind in ("cosine", "jump")]
    fit = fit_schedule_law(law, runs)
    assert "B" in fit.at_bound
    assert fit.parameters["B"] == 0.0
    errors = standard_errors(fit, runs)
    assert [name for name in law.parameters if errors[name] is None] == ["B", "C", "beta", "gamma"]
    with pytest.raises(LosslawsError, match="no fall of the learning rate lowers the loss"):
        design(fit, Plan(LENGTH, PEAK, RISE))


def test_weights_count_runs():
    law, parameters = SCHEDULE_LAWS["momentum"], PARAMETERS["momentum"]
    runs = [run_under(s, law, kind, parameters, 1e-3, n) for n, (kind, s) in enumerate(SCHEDULES.items())]
    doubled = fit_schedule_law(law, runs, np.array([2.0, 1.0, 1.0, 1.0]))
    twice = fit_schedule_law(law, [replace(runs[0], name="again"), *runs])
    assert doubled.objective == pytest.approx(twice.objective, rel=1e-6)
    assert doubled.parameters == pytest.approx(twice.parameters, rel=1e-3)


def test_hold_out_leaves_every_schedule_out_once():
    law = SCHEDULE_LAWS["momentum"]
    runs = [run_under(s, law, kind, PARAMETERS["momentum"], 1e-4, 3) for kind, s in SCHEDULES.items()]
    held = hold_out(law, runs)
    assert list(held) == list(SCHEDULES)
    assert all(entry.r2 > 0.999 for entry in held.values())
    with pytest.raises(LosslawsError, match="is the only curve"):
        hold_out(law, runs[:1])


# --- design ---


@pytest.fixture(scope="module")
def fitted():
    law, parameters = SCHEDULE_LAWS["multi_power"], PARAMETERS["multi_power"]
    runs = [run_under(s, law, kind, parameters, 2e-4, n) for n, (kind, s) in enumerate(SCHEDULES.items())]
    return fit_schedule_law(law, runs), runs


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


def test_design_has_uncertainty_and_a_table(fitted):
    fit, runs = fitted
    plan = Plan(LENGTH, PEAK, RISE)
    chosen = design(fit, plan)
    refits = replicates(fit, runs, 4)
    rows = {row.name: row for row in compare(fit, refits, plan, chosen)}
    assert set(rows) == {"designed", "cosine", "wsd_linear", "wsd_exponential"}
    assert all(row.low <= row.high and row.gain_low <= row.gain_high for row in rows.values())
    assert rows["cosine"].gain > 0 == rows["designed"].gain
    low, high = rate_range(refits, plan, chosen)
    assert (low <= high).all()
    assert [row["step"] for row in table(chosen)][:2] == [0, 1]
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


def test_a_law_without_schedule_designs_none():
    law = SCHEDULE_LAWS["chinchilla_steps"]
    fit = fit_schedule_law(law, [run_under(SCHEDULES["cosine"], law, "run", PARAMETERS["chinchilla_steps"])])
    with pytest.raises(LosslawsError, match="cannot choose a schedule"):
        design(fit, Plan(LENGTH, PEAK, RISE))


# --- mistakes ---


def curve_with(rates=None, t=None, loss=None):
    t = np.arange(100.0, 1100.0, 100.0) if t is None else t
    loss = 3 + 1 / t if loss is None else loss
    return Curve("mine", t, loss, {}, np.full(t.size, PEAK) if rates is None else rates)


FALLING = np.array([4.0, 4, 4, 3, 3, 2, 2, 1, 1, 1])


@pytest.mark.parametrize(
    ("curve", "warmup", "message"),
    [
        (replace(curve_with(), learning_rate=None), 0, "'mine' has no learning rates"),
        (curve_with(np.where(np.arange(10) == 7, 2.5, FALLING)), 0, "rises from 2 at step 700 to 2.5 at step 800"),
        (curve_with(np.where(np.arange(10) > 7, 5.0, FALLING)), 0, "rises from 1 at step 800 to 5 at step 900"),
        (curve_with(np.where(np.arange(10) == 9, 0.0, FALLING)), 0, "the learning rate is 0 at step 1000"),
        (curve_with(np.where(np.arange(10) == 4, np.nan, FALLING)), 0, "the learning rate is nan at step 500"),
        (curve_with(t=np.arange(0.5, 10.5)), 0, "t = 0.5 is no whole number"),
        (curve_with(), 200, "warm-up of 200 steps ends after the first recorded step 100"),
        (curve_with(loss=np.append(np.full(9, 3.0), np.nan)), 0, "the loss nan at step 1000"),
        (curve_with(np.arange(1.0, 11.0)), 0, "1 records from the peak"),
    ],
)
def test_mistakes_are_one_sentence(curve, warmup, message):
    with pytest.raises(LosslawsError, match=message) as raised:
        run_of(curve, warmup)
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith("curve 'mine'")


def test_records_of_a_warmup_make_the_schedule_and_are_not_fitted():
    rates = np.array([1.0, 2, 3, 4, 4, 4, 3, 2, 1, 1])
    run = run_of(curve_with(rates))
    assert run.in_warmup == 3
    assert run.steps[0] == 400
    assert run.schedule.at(np.array([150.0, 200.0])) == pytest.approx([1.5, 2.0])


def test_records_after_the_last_wanted_step_are_left_out():
    assert run_of(curve_with(), most=750).steps[-1] == 700
    with pytest.raises(LosslawsError, match="no record up to step 50"):
        run_of(curve_with(), most=50)


def test_too_few_records_and_names_twice():
    law = SCHEDULE_LAWS["multi_power"]
    run = run_of(curve_with(t=np.arange(100.0, 700.0, 100.0)))
    with pytest.raises(LosslawsError, match="6 records in 1 curves are too few for a law of 7"):
        fit_schedule_law(law, [run])
    with pytest.raises(LosslawsError, match="'mine' is among the curves twice"):
        fit_schedule_law(law, [run, run])


# --- the published split ---


@pytest.fixture(scope="module")
def published():
    if not (DATA / "llm_schedules").is_dir():
        pytest.skip(f"there is no folder of published curves at {DATA}")
    return {
        size: {name: run_of(curve, WARMUP, "start") for name, curve in schedule_curves(size).items()}
        for size in PUBLISHED
    }


@pytest.mark.parametrize("size", PUBLISHED)
def test_published_parameters_score_as_published(published, size):
    law, runs = SCHEDULE_LAWS["multi_power"], published[size]
    parameters = dict(zip(law.parameters, PUBLISHED[size], strict=True))
    tested = [scores(runs[name].loss, law.loss(runs[name].past, parameters)) for name in TESTED]
    assert astuple(average(tested)) == pytest.approx(PUBLISHED_SCORES[size], rel=0.02)


@pytest.mark.parametrize(("size", "most"), [("25M", 1.39e-4), ("100M", 2.14e-5)])
def test_own_fit_is_below_the_published_objective_and_predicts(published, size, most):
    law, runs = SCHEDULE_LAWS["multi_power"], published[size]
    fitted = [runs[name] for name in FITTED]
    fit = fit_schedule_law(law, fitted)
    assert fit.objective < most < objective(law, fitted, dict(zip(law.parameters, PUBLISHED[size], strict=True)))
    assert average(list(scores_by_run(fit, [runs[name] for name in TESTED]).values())).r2 >= 0.996
