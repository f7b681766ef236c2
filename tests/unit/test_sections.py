"""Sections of the report, their figures and the settings of a page, on tables of a few rows."""

import numpy as np
import pytest
from builders import tiny_experiment
from losslaws.figures import forecast as forecast_figure
from losslaws.figures import forecasts as forecasts_figure
from losslaws.figures import replicates as replicates_figure

from losslaws.analyses.analysis import settings_of
from losslaws.analyses.calibration import section as calibration
from losslaws.analyses.calibration.compute import CRITERIA
from losslaws.analyses.evidence import section as evidence
from losslaws.analyses.forecast import section as forecast
from losslaws.analyses.forecast.compute import forecast_row
from losslaws.analyses.replicates import section as replicates
from losslaws.config.load import load_experiments
from losslaws.core.registry import ANALYSES
from losslaws.curves.curve import Curve
from losslaws.forecasting.forecast import forecast_curve
from losslaws.plotting.rows import MOST_ROWS
from losslaws.report.blocks import as_text
from losslaws.storage.csv_tables import write_csv
from losslaws.study.methods import methods
from losslaws.study.page import overview, settings
from losslaws.study.text import configuration

FORECAST = {
    "curve": "a",
    "problem": None,
    "t_seen": 100.0,
    "now": 0.5,
    "horizon": 200.0,
    "final": {"value": 0.4, "lower_50": 0.39, "upper_50": 0.41, "lower_90": 0.35, "upper_90": 0.45},
    "decrease": {"value": 0.1},
    "relative_decrease": 0.2,
    "target": 0.42,
    "reached": {"value": 150.0, "lower_90": 120.0, "upper_90": None},
    "laws": [{"law": "power_law", "weight": 0.7}, {"law": "exponential", "weight": 0.3}],
    "warnings": [],
    "seen": {"t": [1.0, 10.0, 100.0], "loss": [2.0, 1.0, 0.5]},
    "curve_ahead": {
        "t": [100.0, 200.0],
        "loss": [0.5, 0.4],
        **{"lower_50": [0.49, 0.39], "upper_50": [0.51, 0.41], "lower_90": [0.4, -0.1], "upper_90": [0.6, 0.5]},
    },
}
FAILED = {"curve": "b", "problem": "only 3 points"}


def forecast_text(tmp_path, *records):
    """Return the section on forecasts with these records."""
    write_csv(tmp_path / "tables" / "forecasts.csv", [forecast_row(record) for record in records])
    return as_text(forecast.section(tmp_path))


def line_of(text, word):
    """Return the first line of a text that begins with a word."""
    return next(line for line in text.splitlines() if line.split()[:1] == [word])


def test_a_forecast_is_a_row_and_one_that_failed_has_its_reason(tmp_path):
    text = forecast_text(tmp_path, {**FORECAST, "warnings": ["the loss rises"]}, FAILED)
    assert "0.35 – 0.45" in line_of(text, "a")
    assert "20%" in line_of(text, "a")
    assert line_of(text, "b").endswith("only 3 points")
    assert "keep in mind" in text
    assert "the loss rises" in text


def test_the_answer_names_the_first_forecasts(tmp_path):
    forecast_text(tmp_path, *({**FORECAST, "curve": name} for name in "acdef"), FAILED)
    told = as_text(forecast.answer(tmp_path)).replace("\n", " ")
    assert told.startswith("a: 0.4 expected at t = 200, now 0.5; c: ")
    assert "; and 2 more curves, in the table. No forecast of 1 of 6 curves." in told
    forecast_text(tmp_path, FAILED)
    assert as_text(forecast.answer(tmp_path)).strip() == "No forecast of 1 of 1 curves."


@pytest.mark.parametrize(
    ("reached", "told"),
    [
        ({"value": 150.0, "lower_90": 120.0, "upper_90": None}, "120 – not within the horizon"),
        ({"value": 0.0, "lower_90": 0.0, "upper_90": 0.0}, "already"),
        (None, "not within the horizon"),
    ],
)
def test_when_a_target_is_reached_is_told(tmp_path, reached, told):
    text = forecast_text(tmp_path, {**FORECAST, "reached": reached})
    assert "reaches 0.42 at" in text
    assert line_of(text, "a").rstrip().endswith(told)


@pytest.mark.parametrize("records", [[{**FORECAST, "target": None}], [FAILED]])
def test_without_a_target_no_column_speaks_of_one(tmp_path, records):
    assert "reaches" not in forecast_text(tmp_path, *records)


def test_forecasts_are_drawn_one_panel_a_curve_and_the_rest_is_counted():
    below_zero = {**FORECAST, "target": None, "seen": {"t": [1.0, 100.0], "loss": [1.0, -0.5]}}
    figure = forecasts_figure.draw([FORECAST, FAILED, below_zero, *[FORECAST] * forecasts_figure.MOST_PANELS])
    drawn = [axes for axes in figure.axes if axes.axison]
    assert len(drawn) == forecasts_figure.MOST_PANELS
    assert [axes.get_yscale() for axes in drawn[:2]] == ["log", "linear"]
    assert "the first 24 panels; 2 more are not drawn" in [text.get_text() for text in figure.texts]


def test_unused_panels_are_empty_and_no_forecast_at_all_is_said():
    figure = forecasts_figure.draw([FORECAST] * 4)
    assert [axes.axison for axes in figure.axes] == [True] * 4 + [False] * 2
    (panel,) = forecasts_figure.draw([FAILED]).axes
    assert not panel.axison
    assert [text.get_text() for text in panel.texts] == ["no curve could be forecast"]


def forecast_from(start, target):
    """Return a forecast to twice the end of a curve that starts at a t and is 300 long, falling to 1."""
    t = np.arange(start, start + 300.0)
    return forecast_curve(Curve("a", t, 1.0 + (t - start + 1.0) ** -0.5), "2x", target)


@pytest.mark.slow
def test_the_axis_of_a_forecast_is_logarithmic_where_the_range_is_wide():
    for start, scale in ((1.0, "log"), (1000.0, "linear")):
        (axes,) = forecast_figure.draw(forecast_from(start, None)).axes
        assert axes.get_xscale() == scale


@pytest.mark.slow
def test_a_target_is_marked_where_it_is_reached_and_only_drawn_where_it_is_not():
    lines = {}
    for target in (1.05, 0.1):
        (axes,) = forecast_figure.draw(forecast_from(1.0, target)).axes
        lines[target] = [line for line in axes.get_lines() if set(line.get_ydata()) == {target}]
    assert [len(found) for found in lines.values()] == [3, 1]


def shares(cells, runs=2):
    """Return rows of ``tables/replicates.csv``: the first law wins every run."""
    return [
        {
            "task": task,
            "width": width,
            "law": law,
            "wins": wins,
            "runs": runs,
            "share": share,
            "lower": 0.3,
            "upper": 0.9,
        }
        for task, width in cells
        for law, wins, share in (("power_law", runs, 0.8), ("exponential", 0, 0.4))
    ]


def replicates_text(tmp_path, rows):
    """Return the section on replicates with these shares."""
    spread = {"law": "power_law", "exponent": "beta", "runs": 4, "at_bound": 1, "mean": 0.5, "sd_within": 0.1}
    write_csv(tmp_path / "tables" / "replicates.csv", rows)
    write_csv(
        tmp_path / "tables" / "replicate_exponents.csv",
        [{**spread, "sd_between": None, "p_task": 0.04, "p_width": 0.5}],
    )
    return as_text([*replicates.answer(tmp_path), *replicates.section(tmp_path)])


def test_replicates_count_seeds_by_cell_and_over_all(tmp_path):
    text = replicates_text(tmp_path, shares([("mod_add", 8), ("own", None)]))
    assert "Over all seeds power_law wins 4 of 4 runs" in text
    assert line_of(text, "mod_add").split()[:4] == ["mod_add", "8", "2", "80%"]
    assert line_of(text, "own").split()[1] == "–"
    assert line_of(text, "power_law").split() == ["power_law", "beta", "4", "1", "0.5", "0.1", "–", "0.04", "0.5"]
    assert "There is one seed per cell" not in text
    assert "There is one seed per cell" in replicates_text(tmp_path, shares([("mod_add", 8)], runs=1))


def test_replicates_are_drawn_one_row_a_cell_and_the_rest_is_counted():
    (axes,) = replicates_figure.draw(shares([("mod_add", 8), ("own", None)])).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["mod_add  8", "own"]
    figure = replicates_figure.draw(shares([("mod_add", width) for width in range(MOST_ROWS + 3)]))
    assert len(figure.axes[0].get_yticks()) == MOST_ROWS
    assert figure.get_supxlabel() == f"the first {MOST_ROWS} rows; 3 more are not drawn"


def test_calibration_gives_each_criterions_rates_by_cell(tmp_path):
    rows = [
        {
            **{"law": law, "n": 500, "rho": rho, "signal_to_noise": 30, "criterion": criterion},
            **{"curves": 10, "named": 8, "alone": 6, "falsely": 1 if rho else 0},
        }
        for law in ("power_law", "exponential")
        for rho in (0.0, 0.9)
        for criterion in CRITERIA
    ]
    write_csv(tmp_path / "tables" / "calibration.csv", rows)
    text = as_text([*calibration.answer(tmp_path), *calibration.section(tmp_path)])
    assert "Over 40 simulated curves, AIC with independent errors is certain of a wrong law in 5%" in text
    assert "at the strongest correlation, 0.9, in 10%" in text
    lines = [line.split() for line in text.splitlines() if line.split()[:1] == ["500"]]
    assert [line[2:5] for line in lines] == [["0", "20", "80.0%"], ["0.9", "20", "80.0%"],
                                             ["0", "20", "0.0%"], ["0.9", "20", "10.0%"],
                                             ["0", "20", "60.0%"], ["0.9", "20", "60.0%"]]  # fmt: skip


def test_without_any_fit_there_is_no_majority_to_put_to_the_test():
    result = {"universality": {"majority_form": None}}
    assert evidence._multiverse(result, []) == "No law could be fitted, so there is no majority to put to the test."


def _repeated(experiment):
    used = settings_of(experiment, [ANALYSES.load(name) for name in experiment.analyses])
    return settings(experiment, used)["experiments"][experiment.name]


def test_a_page_repeats_the_settings_of_every_source_of_curves():
    assert _repeated(tiny_experiment(analyses=["universality", "evidence"])).keys() == {
        "tasks", "widths", "seeds", "training", "analyses", "fitting", "evidence",
    }  # fmt: skip
    assert _repeated(tiny_experiment(analyses=["collapse"]))["collapse"] == {"frontier": False}
    ladder = tiny_experiment(analyses=["collapse", "forecast", "schedule_law"], collapse={"irreducible": 0})
    again = {"run": ["tiny"], "experiments": {"tiny": _repeated(ladder)}}
    assert load_experiments(again)["tiny"] == ladder
    config = {
        "run": ["mine"],
        "experiments": {
            "tiny": {"tasks": ["mod_add"], "widths": [8]},
            "mine": {"import": [{"name": "lm", "files": "logs/*.csv"}, {"experiment": "tiny"}]},
            "known": {"simulate": {"laws": ["power_law"], "lengths": [500], "curves": 2}, "analyses": ["calibration"]},
        },
    }
    studies = load_experiments(config)
    own = _repeated(studies["mine"])
    assert own["import"][1] == {"experiment": "tiny"}
    assert own["import"][0]["files"] == "logs/*.csv"
    assert _repeated(studies["known"])["simulate"]["lengths"] == [500]
    assert "import tiny: experiment" in configuration(studies["mine"], [])


def test_a_report_lists_the_settings_that_its_analyses_go_by(laws):
    analyses = [ANALYSES.load(name) for name in ("collapse", "schedule_law")]
    experiment = tiny_experiment(analyses=["collapse", "schedule_law"])
    table = configuration(experiment, analyses)
    assert "collapse: split" in table
    assert "schedule_law: warmup" in table
    assert "fitting: bounds" not in table
    told = as_text(methods(experiment, laws, analyses))
    assert "losses above L0, fitted to the final losses" in told.replace("\n", " ")
    assert "Levenberg" not in told


def test_an_experiment_that_counts_no_winners_has_no_picture_of_them():
    assert overview(None, ["power_law"], []) is None
