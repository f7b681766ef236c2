"""Variation over seeds: shares with intervals, components of variance, permutation tests; section and figure."""

import numpy as np
import pytest
from builders import law_fit, run_of
from scipy import stats

from losslaws.analyses.replicates.compute import ExponentSpread, Replicates, WinShare, exponent_spread, win_shares
from losslaws.analyses.replicates.figure import draw
from losslaws.analyses.replicates.section import SECTION
from losslaws.core.proportions import share
from losslaws.core.registry import LAWS
from losslaws.plotting.rows import MAX_ROWS
from losslaws.report.blocks import Paragraph, as_text
from losslaws.storage.records import write_record

LAW = LAWS.load("power_law")


def runs_of(exponents):
    """Return runs whose only fit has the given exponent, from {(task, width): values over seeds}."""
    return [
        run_of([law_fit("power_law", -1.0, params={"a": 1.0, "beta": beta, "L_inf": 0.0})], task=task, width=width)
        for (task, width), values in exponents.items()
        for beta in values
    ]


def drawn(stream, task_effect=0.0, width_effect=0.0, seeds=10):
    return {
        (task, width): stream.normal(1.0 + task_effect * number + width_effect * place, 0.1, seeds)
        for number, task in enumerate("ab")
        for place, width in enumerate((8, 16, 32))
    }


def test_wilsons_interval_is_the_published_one():
    # Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3: 81 of 263, and 0 of 20.
    assert share(81, 263)[1:] == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert share(0, 20)[1:] == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert str(share(8, 12)) == "67% (39–86%)"


def test_win_shares_count_every_law_of_every_cell():
    fits = {"power_law": law_fit("power_law", -9.0), "exponential": law_fit("exponential", -5.0)}
    both = [fits["power_law"], fits["exponential"]]
    runs = [run_of(both), run_of(both), run_of([law_fit("power_law", None, status="constant")])]
    rows = win_shares(runs, [LAW, LAWS.load("exponential")])
    assert [(row.law, row.wins, row.runs) for row in rows] == [("power_law", 2, 3), ("exponential", 0, 3)]
    assert rows[0].share == pytest.approx(2 / 3)
    assert rows[0].lower < 2 / 3 < rows[0].upper


def test_win_shares_are_in_the_order_of_tasks_and_widths():
    cells = [("digits", 16), ("digits (test)", 16), ("digits", 8), ("digits (test)", 8)]
    rows = win_shares(runs_of({cell: [1.0, 2.0] for cell in cells}), [LAW])
    expected = [("digits", 8), ("digits", 16), ("digits (test)", 8), ("digits (test)", 16)]
    assert [(row.task, row.width) for row in rows] == expected


@pytest.mark.slow
def test_components_of_variance_are_recovered():
    stream = np.random.default_rng(5)
    means = stream.normal(0.0, 0.5, 200)
    cells = {("task", width): mean + stream.normal(0.0, 0.2, 20) for width, mean in enumerate(means)}
    (row,) = exponent_spread(runs_of(cells), [LAW])
    assert row.sd_within == pytest.approx(0.2, rel=0.05)
    assert row.sd_between == pytest.approx(0.5, rel=0.15)


def test_an_effect_of_the_task_is_found_and_one_of_the_width_is_not_invented():
    (row,) = exponent_spread(runs_of(drawn(np.random.default_rng(1), task_effect=0.3)), [LAW])
    assert row.p_task == pytest.approx(1e-4)
    assert row.p_width > 0.05


def test_the_level_of_the_permutation_test_is_kept():
    p = [
        exponent_spread(runs_of(drawn(np.random.default_rng(seed), width_effect=0.5, seeds=4)), [LAW])[0].p_task
        for seed in range(60)
    ]
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_one_seed_and_one_task_leave_what_cannot_be_known_empty():
    (row,) = exponent_spread(runs_of({("a", 8): [1.0], ("a", 16): [2.0]}), [LAW])
    assert (row.sd_within, row.sd_between, row.p_task) == (None, None, None)
    (nothing,) = exponent_spread([run_of([law_fit("power_law", None, status="constant")])], [LAW])
    assert (nothing.runs, nothing.mean) == (0, None)


def test_optima_at_infinity_have_no_exponent():
    limit = run_of([law_fit("power_law", -1.0, status="limit", params={"a": 1.0, "beta": 0.0, "L_inf": 0.0})])
    (row,) = exponent_spread([limit, *runs_of({("a", 8): [1.0]})], [LAW])
    assert (row.runs, row.mean) == (1, 1.0)


# --- section and figure ---


def shares(cells, runs=2):
    """Return the shares of two laws, of which the first wins every run."""
    return tuple(
        WinShare(task, width, law, runs, wins, share, 0.3, 0.9)
        for task, width in cells
        for law, wins, share in (("power_law", runs, 0.8), ("exponential", 0, 0.4))
    )


SPREAD = (ExponentSpread("power_law", "beta", 4, 1, 0.5, 0.1, None, 0.04, 0.5),)

GOLDEN = """\
Over all seeds power_law wins 4 of 4 runs: 100% (51–100%), 95% Wilson interval.

Share of the seeds of each (task, width) that each law wins by AIC, with 95% Wilson intervals. The last row
treats all runs as independent, although the seeds of one task and width are alike.

task     width  seeds  power_law       exponential
-------  -----  -----  --------------  ------------
mod_add      8      2  80% (30–90%)    40% (30–90%)
own          –      2  80% (30–90%)    40% (30–90%)
all                 4  100% (51–100%)  0% (0–49%)

Exponents: standard deviations over the seeds of one (task, width) and between those (components of variance),
and p-values of no dependence on the task (given the width) or on the width (given the task), by permutation
of ranks. Optima at infinity have no exponent.

law        exponent  runs  at bound  mean  SD within  SD between  p task  p width
---------  --------  ----  --------  ----  ---------  ----------  ------  -------
power_law  beta         4         1   0.5        0.1           –    0.04      0.5"""


def test_the_section_as_text(tmp_path):
    write_record(tmp_path / "replicates.json", Replicates(shares([("mod_add", 8), ("own", None)]), SPREAD))
    assert as_text([*SECTION.answer(tmp_path), *SECTION.body(tmp_path)]) == GOLDEN


@pytest.mark.parametrize(("runs", "notes"), [(1, 1), (2, 0)])
def test_a_single_seed_is_noted(tmp_path, runs, notes):
    write_record(tmp_path / "replicates.json", Replicates(shares([("mod_add", 8)], runs), SPREAD))
    assert sum(isinstance(block, Paragraph) for block in SECTION.body(tmp_path)) == notes


def test_the_heat_map_has_a_row_for_each_cell_with_shares_and_intervals():
    (axes,) = draw(shares([("mod_add", 8), ("own", None)])).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["mod_add  8", "own"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["power_law", "exponential"]
    assert [text.get_text() for text in axes.texts] == ["80 (30–90)", "40 (30–90)"] * 2
    assert axes.collections[0].get_array().tolist() == [[0.8, 0.4], [0.8, 0.4]]


def test_the_heat_map_of_many_laws_has_shares_alone():
    rows = [WinShare("mod_add", 8, f"law_{number}", 2, 1, 0.5, 0.1, 0.9) for number in range(20)]
    (axes,) = draw(rows).axes
    assert {text.get_text() for text in axes.texts} == {"50"}


def test_rows_that_are_not_drawn_are_counted():
    figure = draw(shares([("mod_add", width) for width in range(MAX_ROWS + 3)]))
    assert len(figure.axes[0].get_yticks()) == MAX_ROWS
    assert figure.get_supxlabel() == f"the first {MAX_ROWS} rows; 3 more are not drawn"
