"""What universality adds to a page: shares and panels on the first screen, a section per curve, the checklist."""

import re
from dataclasses import replace

import numpy as np
import pytest
from builders import law_fit, run_of, tiny_experiment

from losslaws.analyses.universality.checklist import checklist
from losslaws.analyses.universality.compute import describe, summary, write_results
from losslaws.analyses.universality.curve_details import MIN_POINTS, details
from losslaws.analyses.universality.overview import Winner, bars, colours, winner_grid
from losslaws.analyses.universality.overview import columns as panel_columns
from losslaws.analyses.universality.panels import HEIGHT, MARGIN, WIDTH, panel
from losslaws.config.fitting import Fitting
from losslaws.core.registry import LAWS


def test_many_curves_are_drawn_with_fewer_points():
    fit = law_fit("power_law", -1.0, params={"a": 1.0, "beta": 0.5, "L_inf": 0.0})
    runs = [run_of([fit], loss=[1.0 / (place + 1) for place in range(1000)])] * 2100
    sections = details(runs, 0, {})
    assert len(sections) == 2000
    chart = sections[0].chart
    assert 0.8 * MIN_POINTS <= len(chart.t) <= MIN_POINTS
    assert (chart.t[0], chart.t[-1]) == (1.0, 1000.0)
    assert chart.laws["power_law"] == pytest.approx([t**-0.5 for t in chart.t], rel=1e-4)


@pytest.fixture
def cell():
    """Four seeds of one cell, of which power_law wins two, exponential one, and none one."""
    wins = [law_fit("power_law", -1.0), law_fit("power_law", -1.0), law_fit("exponential", -1.0)]
    fits = [*wins, law_fit("power_law", None, status="constant")]
    return [run_of([fit], task="a", seed=seed) for seed, fit in enumerate(fits)]


def summary_of(runs, laws):
    return summary(describe("tiny", None, Fitting(), runs), runs, laws)


def test_bars_add_up(cell, laws):
    drawn = bars(summary_of(cell, laws))
    assert [(bar.law, bar.count, bar.start, bar.width) for bar in drawn] == [
        ("power_law", 2, 0.0, 50.0),
        ("exponential", 1, 50.0, 25.0),
        ("none", 1, 75.0, 25.0),
    ]
    assert [bar.formula for bar in drawn] == ["a·t^(−β) + L∞", "a·exp(−λt) + L∞", ""]


def test_the_grid_names_the_most_frequent_winner(cell, laws):
    found = summary_of(cell, laws)
    assert winner_grid(found).rows == [[Winner("power_law", "2 of 4")]]
    unknown = [replace(run, curve=replace(run.curve, attributes={})) for run in cell]
    assert winner_grid(summary_of(unknown, laws)) is None


@pytest.mark.parametrize(("widths", "columns"), [([8], 6), ([8, 16], 6), ([8, 16, 32, 64], 4), (range(1, 9), 6)])
def test_panels_of_a_task_stand_in_the_same_row(widths, columns, laws):
    runs = [run_of([law_fit("power_law", -1.0)], width=width) for width in widths]
    assert panel_columns(summary_of(runs, laws)) == columns


def test_a_panel_draws_positive_losses_and_the_best_law_where_it_was_fitted():
    fit = law_fit("power_law", -1.0, params={"a": 8.0, "beta": 1.0, "L_inf": 0.0})
    drawn = panel(run_of([fit], loss=[8.0, 4.0, -1.0, 2.0]), 3, 1, colours(["power_law"]))
    assert (drawn.anchor, drawn.title, drawn.law) == ("curve-3", "mod_add, width 8", "power_law")
    assert re.findall("[ML]", drawn.curve) == ["M", "L", "M"]
    assert re.findall("[ML]", drawn.fit) == ["M", "L", "L"]
    points = [tuple(map(float, point)) for point in re.findall(r"([\d.]+) ([\d.]+)", drawn.curve)]
    assert points[0] == (MARGIN, MARGIN)
    assert points[-1] == (WIDTH - MARGIN, HEIGHT - MARGIN)
    # Both axes are logarithmic: t = 2 and loss 4 lie half-way.
    assert points[1] == pytest.approx((WIDTH / 2, HEIGHT / 2), abs=0.05)


def test_a_curve_without_a_fit_has_a_panel_of_its_own():
    drawn = panel(run_of([law_fit("power_law", None, status="not_finite")], loss=[np.nan] * 3), 0, 0, {})
    assert (drawn.law, drawn.colour, drawn.curve, drawn.fit) == ("", "", "", "")


def checklist_of(folder, **keys):
    """Return the answers of the checklist of a study by their questions."""
    experiment = tiny_experiment(**keys)
    runs = [run_of([law_fit("power_law", -1.0)])]
    laws = [LAWS.load(name) for name in experiment.fitting.laws]
    write_results(folder, describe("tiny", experiment.grid, experiment.fitting, runs), runs, laws)
    return {item.question: item.answer for item in checklist(folder, experiment)}


def test_the_checklist_marks_what_one_seed_leaves_open(tmp_path):
    one, several = checklist_of(tmp_path), checklist_of(tmp_path, seeds=[1, 2])
    assert one["Is the result repeated over seeds?"] is None
    assert several["Is the result repeated over seeds?"] is not None
    assert "stretched_exp: a·exp(−(t/τ)^γ) + L∞" in one["Which forms are fitted?"]
    scaled = checklist_of(tmp_path, training={"parametrization": "mup", "horizon_exponent": 1.0})
    (told,) = (answer for question, answer in scaled.items() if question.startswith("How were hyperparameters chosen"))
    assert told.endswith("(maximal-update parametrisation) and epochs (a power of the number of parameters)")
