"""The engine of separable laws: known laws found again, the objective, errors, weights, hold-out, scaling laws."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from known_schedules import PARAMETERS, SCHEDULES, curve_under
from scipy.stats import linregress

from losslaws.core.arrays import Array
from losslaws.core.errors import LosslawsError
from losslaws.fitting.pooled import Problem, fit_pooled, leave_one_out, objective, refit
from losslaws.fitting.pooled_uncertainty import standard_errors
from losslaws.fitting.robust import huber
from losslaws.laws.scaling import compute, horizon
from losslaws.laws.schedule.catalogue import SCHEDULE_LAWS
from losslaws.laws.separable import Observations, SeparableLaw, ShapeParameter


@pytest.mark.parametrize("name", SCHEDULE_LAWS)
def test_derivatives_are_those_of_the_law(name):
    law = SCHEDULE_LAWS[name]
    problem = Problem(law, [curve_under(SCHEDULES[kind], law, kind, PARAMETERS[name]) for kind in ("cosine", "jump")])
    point = problem.point(PARAMETERS[name])
    jacobian = problem.jacobian(point)
    for index in range(point.size):
        step = np.zeros(point.size)
        step[index] = 1e-6 * max(1.0, abs(point[index]))
        slope = (problem.residuals(point + step) - problem.residuals(point - step)) / (2 * step[index])
        assert jacobian[:, index] == pytest.approx(slope, abs=1e-7 * max(1.0, np.abs(slope).max()), rel=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("name", SCHEDULE_LAWS)
def test_a_known_law_is_found_again_and_predicts_another_schedule(name):
    law = SCHEDULE_LAWS[name]
    runs = [curve_under(schedule, law, kind, PARAMETERS[name]) for kind, schedule in SCHEDULES.items()]
    fit = fit_pooled(law, runs[:1] + runs[2:])
    assert fit.objective < 1e-12
    assert fit.predict(runs[1].x) == pytest.approx(runs[1].y, rel=2e-6)
    assert fit.runs == ("cosine", "exponential", "jump")


def test_huber_is_quadratic_and_then_linear():
    assert huber(np.array([0.0, 5e-4, -1e-3, 3e-3])) == pytest.approx([0.0, 1.25e-7, 5e-7, 2.5e-6])
    assert huber(np.array([0.0, -3.0]), np.inf) == pytest.approx([0.0, 4.5])


@pytest.mark.slow
def test_fit_is_a_minimum_of_the_published_objective():
    law, parameters = SCHEDULE_LAWS["multi_power"], PARAMETERS["multi_power"]
    runs = [curve_under(s, law, kind, parameters, 1e-3, number) for number, (kind, s) in enumerate(SCHEDULES.items())]
    fit = fit_pooled(law, runs)
    assert fit.objective == pytest.approx(objective(law, runs, fit.parameters), rel=1e-9)
    assert fit.objective <= objective(law, runs, parameters)
    for name, value in fit.parameters.items():
        for factor in (0.999, 1.001):
            assert objective(law, runs, {**fit.parameters, name: value * factor}) > fit.objective


@pytest.mark.slow
def test_standard_errors_cover_what_they_should():
    law, parameters = SCHEDULE_LAWS["momentum"], PARAMETERS["momentum"]
    ratios = []
    truth = fit_pooled(law, [curve_under(s, law, kind, parameters) for kind, s in SCHEDULES.items()])
    for seed in range(20):
        runs = [
            curve_under(s, law, kind, parameters, 1e-3, 10 * seed + n) for n, (kind, s) in enumerate(SCHEDULES.items())
        ]
        fit = refit(truth, runs)
        errors = standard_errors(fit, runs)
        ratios.append([(fit.parameters[name] - parameters[name]) / errors[name] for name in law.parameters])
    spread = np.sqrt(np.mean(np.square(ratios), axis=0))
    assert (spread > 0.6).all()
    assert (spread < 1.8).all()


@pytest.mark.slow
def test_a_term_that_is_not_there_is_on_its_bound():
    law = SCHEDULE_LAWS["multi_power"]
    flat = {**PARAMETERS["multi_power"], "B": 0.0}
    runs = [curve_under(SCHEDULES[kind], law, kind, flat) for kind in ("cosine", "jump")]
    fit = fit_pooled(law, runs)
    assert "B" in fit.at_bound
    assert fit.parameters["B"] == 0.0
    errors = standard_errors(fit, runs)
    assert [name for name in law.parameters if errors[name] is None] == ["B", "C", "beta", "gamma"]


def test_weights_count_runs():
    law, parameters = SCHEDULE_LAWS["momentum"], PARAMETERS["momentum"]
    runs = [curve_under(s, law, kind, parameters, 1e-3, n) for n, (kind, s) in enumerate(SCHEDULES.items())]
    doubled = fit_pooled(law, runs, np.array([2.0, 1.0, 1.0, 1.0]))
    twice = fit_pooled(law, [replace(runs[0], name="again"), *runs])
    assert doubled.objective == pytest.approx(twice.objective, rel=1e-6)
    assert doubled.parameters == pytest.approx(twice.parameters, rel=1e-3)


def test_each_run_is_left_out_once():
    law = SCHEDULE_LAWS["momentum"]
    runs = [curve_under(s, law, kind, PARAMETERS["momentum"]) for kind, s in SCHEDULES.items()]
    assert [fit.runs for fit in leave_one_out(law, runs[:3])] == [
        ("linear", "exponential"),
        ("cosine", "exponential"),
        ("cosine", "linear"),
    ]
    with pytest.raises(LosslawsError, match="'cosine' is the only curve"):
        next(leave_one_out(law, runs[:1]))


def test_too_few_records_and_names_twice():
    law = SCHEDULE_LAWS["multi_power"]
    run = curve_under(SCHEDULES["cosine"], law, "mine", PARAMETERS["multi_power"])
    few = Observations("mine", run.x, run.y[:6])
    with pytest.raises(LosslawsError, match="6 records in 1 curves are too few for a law of 7"):
        fit_pooled(law, [few])
    with pytest.raises(LosslawsError, match="'mine' is among the curves twice"):
        fit_pooled(law, [run, run])


# --- scaling laws ---


@dataclass(frozen=True)
class Scale:
    """Numbers of parameters and of training tokens."""

    n: Array
    d: Array


def chinchilla_columns(x, shapes):
    return np.stack([np.ones_like(x.n), x.n ** -shapes[0], x.d ** -shapes[1]])


def chinchilla_derivatives(x, shapes):
    derivatives = np.zeros((3, 2, x.n.size))
    derivatives[1, 0] = -np.log(x.n) * x.n ** -shapes[0]
    derivatives[2, 1] = -np.log(x.d) * x.d ** -shapes[1]
    return derivatives


CHINCHILLA = SeparableLaw(
    name="chinchilla",
    formula="E + A·N^(−α) + B·D^(−β)",
    source="Hoffmann et al. 2022",
    amplitudes=("E", "A", "B"),
    shapes=(ShapeParameter("alpha", (1e-3, 3.0)), ShapeParameter("beta", (1e-3, 3.0))),
    columns=chinchilla_columns,
    derivatives=chinchilla_derivatives,
    starts=lambda xs: ((0.1, 0.3, 0.6), (0.1, 0.3, 0.6)),
)
HOFFMANN = {"E": 1.69, "A": 406.4, "B": 410.7, "alpha": 0.34, "beta": 0.28}


def chinchilla_runs(noise=0.0):
    random, tokens = np.random.default_rng(3), np.geomspace(1e9, 1e12, 12)
    runs = []
    for size in (5e7, 2e8, 1e9, 5e9, 1.6e10):
        x = Scale(np.full(tokens.size, size), tokens)
        loss = CHINCHILLA(x, HOFFMANN) * np.exp(noise * random.standard_normal(tokens.size))
        runs.append(Observations(f"{size:g}", x, loss))
    return runs


def test_a_law_of_size_and_data_is_twenty_lines_and_its_parameters_are_found():
    fit = fit_pooled(CHINCHILLA, chinchilla_runs())
    assert fit.parameters == pytest.approx(HOFFMANN, rel=1e-6)
    assert fit.at_bound == ()


@pytest.mark.slow
def test_a_law_of_size_and_data_has_errors_and_predicts_sizes_that_it_did_not_see():
    runs = chinchilla_runs(1e-3)
    fit = fit_pooled(CHINCHILLA, runs)
    errors = standard_errors(fit, runs)
    for name, truth in HOFFMANN.items():
        assert abs(fit.parameters[name] - truth) < 4 * errors[name] < truth
    *_, largest_left_out = leave_one_out(CHINCHILLA, runs)
    assert largest_left_out.predict(runs[-1].x) == pytest.approx(runs[-1].y, rel=0.01)


def test_a_law_of_compute_reaches_the_lowest_objective():
    random = np.random.default_rng(0)
    for level, exponent in ((3.0, 0.2), (0.5, 0.9), (0.0, 0.05)):
        x = np.geomspace(0.01, 100.0, 30)
        loss = (level + x**-exponent) * np.exp(2e-3 * random.standard_normal(x.size))
        runs = [Observations("all", x, loss)]
        fit = fit_pooled(compute.LAW, runs)
        assert fit.objective <= objective(compute.LAW, runs, {"L0": level, "A": 1.0, "b": exponent})
        for name, value in fit.parameters.items():
            for factor in (0.9999, 1.0001):
                moved = objective(compute.LAW, runs, {**fit.parameters, name: value * factor})
                assert moved >= fit.objective * (1 - 1e-12)


def test_a_law_of_horizons_is_the_line_of_least_squares():
    size = np.array([1e4, 5e4, 2e5, 1e6, 7e6])
    runs = [Observations("sizes", size, np.array([120.0, 400.0, 900.0, 3100.0, 10500.0]))]
    line = linregress(np.log(size), np.log(runs[0].y))
    fit = fit_pooled(horizon.LAW, runs, delta=np.inf)
    assert fit.parameters["gamma"] == pytest.approx(line.slope, rel=1e-9)
    assert np.log(fit.parameters["A"]) == pytest.approx(line.intercept, rel=1e-9)
    errors = standard_errors(fit, runs, "classical")
    assert errors["gamma"] == pytest.approx(line.stderr, rel=1e-7)
    assert errors["A"] / fit.parameters["A"] == pytest.approx(line.intercept_stderr, rel=1e-7)
    exact = [Observations("two", size[:2], runs[0].y[:2])]
    two = fit_pooled(horizon.LAW, exact, delta=np.inf)
    assert standard_errors(two, exact, "classical") == {"A": None, "gamma": None}
    falling = fit_pooled(horizon.LAW, [Observations("sizes", size, 1 / runs[0].y)], delta=np.inf)
    assert falling.parameters["gamma"] == pytest.approx(-line.slope, rel=1e-9)
