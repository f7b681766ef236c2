"""The analysis `forecast`: its files, its table, its section and its figure, from a few records."""

import csv
from dataclasses import asdict, replace

import numpy as np
import pytest

from losslaws.analyses.forecast.compute import forecasts, join
from losslaws.analyses.forecast.figure import MAX_PANELS, draw
from losslaws.analyses.forecast.results import (
    CurveForecast,
    NoForecast,
    Points,
    read_results,
    row_of,
    write_results,
)
from losslaws.analyses.forecast.section import SECTION
from losslaws.analyses.forecast.settings import Settings
from losslaws.analyses.work import Work
from losslaws.config.fitting import Fitting
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.forecasting.attempts import make_attempts
from losslaws.forecasting.backtest import judge
from losslaws.forecasting.record import CurveAheadRecord, IntervalRecord, LawRecord
from losslaws.report.blocks import Table, as_text

FORECAST = CurveForecast(
    curve="a",
    n_seen=100,
    t_seen=100.0,
    horizon=200.0,
    now=0.5,
    final=IntervalRecord(0.4, 0.39, 0.41, 0.35, 0.45),
    decrease=IntervalRecord(0.1, 0.09, 0.11, 0.05, 0.15),
    relative_decrease=0.2,
    decrease_per_t=0.001,
    doublings=(),
    target=0.42,
    reached=IntervalRecord(150.0, 140.0, 160.0, 120.0, None),
    laws=(LawRecord("power_law", 0.7, 0.4), LawRecord("exponential", 0.3, None)),
    calibration="simulated curves",
    warnings=(),
    curve_ahead=CurveAheadRecord((100.0, 200.0), (0.5, 0.4), (0.49, 0.39), (0.51, 0.41), (0.4, -0.1), (0.6, 0.5)),
    problem=None,
    seen=Points((1.0, 10.0, 100.0), (2.0, 1.0, 0.5)),
)
FAILED = NoForecast("b", "only 3 points")

GOLDEN = """\
a: loss 0.4 expected at t = 200, currently 0.5; c: loss 0.4 expected at t = 200, currently 0.5; d: loss 0.4
expected at t = 200, currently 0.5; and 1 more in the table. No forecast for 1 of 5 curves.

Expected loss at the horizon if the learning rate stays as it is:

curve    t  current loss  horizon  loss there  90% interval  decrease  reaches 0.42 at t   90% interval of t
-----  ---  ------------  -------  ----------  ------------  --------  ------------------  ------------------------
a      100           0.5      200         0.4  0.35 – 0.45   20%       150                 120 – beyond the horizon
c      100           0.5      200         0.4  0.35 – 0.45   20%       already reached
d      100           0.5      200         0.4  0.35 – 0.45   20%       beyond the horizon
e      100           0.5      200         0.4  0.35 – 0.45   20%       150                 120 – beyond the horizon

curve  warnings
-----  ---------------------------
e      The loss rises. Be careful.

curve  why there is no forecast
-----  ------------------------
b      only 3 points

A combination of laws, weighted by how well each predicted later parts of the curve from earlier ones. The
intervals are for single recorded losses and are calibrated on the back-test."""


def tables(folder, *results):
    """Return the tables of the section on these results."""
    write_results(folder / "forecasts.json", results)
    return [block for block in SECTION.body(folder) if isinstance(block, Table)]


def test_the_section_as_text(tmp_path):
    write_results(
        tmp_path / "forecasts.json",
        [
            FORECAST,
            FAILED,
            replace(FORECAST, curve="c", reached=IntervalRecord(0.0, 0.0, 0.0, 0.0, 0.0)),
            replace(FORECAST, curve="d", reached=IntervalRecord(None, None, None, None, None)),
            replace(FORECAST, curve="e", warnings=("The loss rises.", "Be careful.")),
        ],
    )
    assert as_text([*SECTION.answer(tmp_path), *SECTION.body(tmp_path)]) == GOLDEN


def test_a_target_has_columns_only_where_there_is_one(tmp_path):
    (with_target,) = tables(tmp_path, FORECAST)
    (without,) = tables(tmp_path, replace(FORECAST, target=None, reached=None))
    none, problems = tables(tmp_path, FAILED)
    assert [len(table.columns) for table in (with_target, without, none, problems)] == [9, 7, 7, 2]
    (zero,) = tables(tmp_path, replace(FORECAST, target=0.0))
    assert len(zero.columns) == 9


def test_an_interval_that_is_not_reached_in_the_middle_has_its_earliest_time(tmp_path):
    (table,) = tables(tmp_path, replace(FORECAST, reached=IntervalRecord(None, None, None, 180.0, None)))
    assert table.rows[0][-2:] == ["beyond the horizon", "180 – beyond the horizon"]


def test_results_survive_their_file(tmp_path):
    results = [FORECAST, FAILED, replace(FORECAST, curve="1e5"), replace(FORECAST, curve="007")]
    write_results(tmp_path / "forecasts.json", results)
    assert read_results(tmp_path / "forecasts.json") == results


@pytest.mark.parametrize("text", ["{}", '[{"curve": "a"}]', '[{"curve": 1, "problem": "p"}]', "[1]", "[", "[{}]"])
def test_a_damaged_file_is_named(tmp_path, text):
    (tmp_path / "forecasts.json").write_text(text)
    with pytest.raises(LosslawsError, match=r"forecasts\.json is damaged .*: delete this file"):
        read_results(tmp_path / "forecasts.json")


def test_a_row_has_the_law_with_the_largest_weight():
    row = row_of(replace(FORECAST, laws=FORECAST.laws[::-1], warnings=("One.", "Two.")))
    assert (row.law, row.weight, row.warnings) == ("power_law", 0.7, "One. Two.")
    assert (row.final, row.final_lower_90, row.decrease) == (0.4, 0.35, 0.1)
    assert (row.reached, row.reached_earliest, row.reached_latest) == (150.0, 120.0, None)
    failed = asdict(row_of(FAILED))
    assert {name: value for name, value in failed.items() if value is not None} == asdict(FAILED)


def work(inputs, outputs):
    return Work("ahead", inputs, outputs, Settings(), Fitting(), None)


def test_parts_are_joined_in_order(tmp_path):
    parts = (tmp_path / "1.json", tmp_path / "2.json")
    write_results(parts[0], [FORECAST])
    write_results(parts[1], [FAILED, replace(FORECAST, curve="c")])
    outputs = {"found": (tmp_path / "forecasts.json",), "table": (tmp_path / "forecasts.csv",)}
    join(work({"forecasts": parts}, outputs))
    assert [result.curve for result in read_results(tmp_path / "forecasts.json")] == ["a", "b", "c"]
    rows = list(csv.DictReader((tmp_path / "forecasts.csv").read_text().splitlines()))
    assert [(row["curve"], row["problem"], row["final"]) for row in rows] == [
        ("a", "", "0.4"), ("b", "only 3 points", ""), ("c", "", "0.4")]  # fmt: skip


def test_forecasts_of_curves_say_what_calibrates_them():
    t = np.arange(10.0, 260.0)
    curves = [Curve(f"run_{number}", t, number + t**-0.5) for number in range(3)]
    settings = Settings(laws=("power_law",), fractions=(0.5,), target=1.05)
    tested = judge(*make_attempts(curves, settings.laws, settings.fractions))
    short = Curve("short", t[:5], t[:5])
    *found, failed = forecasts([*curves, short], tested, settings)
    assert {result.calibration for result in found} == {"the back-test of this experiment"}
    assert [result.final.value for result in found] == pytest.approx([n + 518.0**-0.5 for n in range(3)], abs=1e-4)
    assert len(found[0].seen.t) <= 200
    assert (found[0].seen.t[0], found[0].seen.t[-1]) == (10.0, 259.0)
    assert failed == NoForecast(
        "short", "curve 'short': has 5 points; a forecast needs 12 at least: record more often, or wait"
    )
    (alone,) = forecasts(curves[:1], judge([]), settings)
    assert alone.calibration == "simulated curves"


def test_a_figure_has_a_panel_for_each_forecast_up_to_a_limit():
    below_zero = replace(FORECAST, target=None, reached=None, seen=Points((1.0, 100.0), (1.0, -0.5)))
    figure = draw([FORECAST, FAILED, below_zero, *[FORECAST] * MAX_PANELS])
    drawn = [axes for axes in figure.axes if axes.axison]
    assert len(drawn) == MAX_PANELS
    assert [axes.get_yscale() for axes in drawn[:2]] == ["log", "linear"]
    assert f"the first {MAX_PANELS} panels; 2 more are not drawn" in [text.get_text() for text in figure.texts]


def test_the_figure_explains_its_lines_and_axes():
    figure = draw([FORECAST] * 4)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["observed", "forecast", "50% interval", "90% interval", "target loss 0.42"]
    assert [axes.axison for axes in figure.axes] == [True] * 4 + [False] * 2
    assert [axes.get_ylabel() for axes in figure.axes[:4]] == ["loss, log scale", "", "", "loss, log scale"]
    assert [axes.get_xlabel() for axes in figure.axes[:4]] == ["", "t, log scale", "t, log scale", "t, log scale"]


def test_a_figure_without_any_forecast_says_so():
    (panel,) = draw([FAILED]).axes
    assert not panel.axison
    assert [text.get_text() for text in panel.texts] == ["no curve could be forecast"]
