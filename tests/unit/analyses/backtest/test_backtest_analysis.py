"""The analysis `backtest`: its files, its section and its figure, from a few scores."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from losslaws.analyses.backtest.compute import Found, score
from losslaws.analyses.backtest.figure import draw
from losslaws.analyses.backtest.section import SECTION
from losslaws.analyses.forecast.settings import Settings
from losslaws.analyses.work import Work
from losslaws.config.fitting import Fitting
from losslaws.curves.curve import Curve
from losslaws.forecasting.attempts import attempts_table, make_attempts
from losslaws.forecasting.backtest import BacktestSummary, ErrorQuartiles, judge
from losslaws.report.blocks import as_text
from losslaws.storage.files import write_table
from losslaws.storage.records import read_record, write_record

LAWS = {"combination": 0.01, "power_law": 0.02, "log_power": 0.03, "last_value": 0.5}


def summary(schedule="as before"):
    """Return scores of four forecasters from two fractions and both together."""
    row = BacktestSummary(schedule, None, "", 5, 0.2, 0.1, 0.3, 0.15, 0.48, 0.05, 0.93, 0.2)
    return [
        replace(row, fraction=fraction, forecaster=name, relative_error_end=error * (2 if fraction == 0.2 else 1))
        for fraction in (None, 0.2, 0.5)
        for name, error in LAWS.items()
    ]


QUARTILES = [ErrorQuartiles("as before", 0.2, 0.2, 0.4), ErrorQuartiles("as before", 0.5, 0.1, 0.35)]

GOLDEN = """\
Back-test: final losses of 5 curves are predicted with a median error of 1% (best single law, power_law: 2%;
last value: 50%); the 90% intervals cover 93% of the later points.

All fractions together, LR constant or unknown:

forecaster   curves  final error  later error  50% coverage  90% coverage  50% width  90% width
-----------  ------  -----------  -----------  ------------  ------------  ---------  ---------
combination       5  1%           15%          48%           93%                0.05        0.2
power_law         5  2%           15%          48%           93%                0.05        0.2
log_power         5  3%           15%          48%           93%                0.05        0.2
last_value        5  50%          15%          48%           93%                0.05        0.2

Errors are medians of the absolute error relative to the loss, at the last point and over all later points.
Coverage is the mean fraction of the later points inside an interval, width its median width in units of the
loss; the intervals of each curve are calibrated on the other curves. A single law is fitted to all seen
points.

Final error by the fraction of the curve that was seen:

forecaster   20% seen  50% seen
-----------  --------  --------
combination  2%        1%
power_law    4%        2%
log_power    6%        3%
last_value   100%      50%"""


def test_the_section_as_text(tmp_path):
    write_record(tmp_path / "backtest.json", Found(tuple(summary()), tuple(QUARTILES), ()))
    assert as_text([*SECTION.answer(tmp_path), *SECTION.body(tmp_path)]) == GOLDEN


def test_schedules_that_change_have_a_table_of_their_own(tmp_path):
    write_record(tmp_path / "backtest.json", Found((*summary(), *summary("changes")), (), ()))
    _, steady, changing, *_ = SECTION.body(tmp_path)
    assert changing.title == "All fractions together, LR changes:"
    assert len(steady.rows) == len(changing.rows) == 4
    write_record(tmp_path / "backtest.json", Found(tuple(summary("changes")), (), ()))
    (paragraph,) = SECTION.answer(tmp_path)
    assert "5 curves, whose learning rate changes after the seen points, are predicted" in paragraph.text


def test_the_best_single_law_is_one_with_a_known_error(tmp_path):
    rows = [replace(row, relative_error_end=None) if row.forecaster == "power_law" else row for row in summary()]
    write_record(tmp_path / "backtest.json", Found(tuple(rows), (), ()))
    (paragraph,) = SECTION.answer(tmp_path)
    assert "best single law, log_power: 3%" in paragraph.text


def test_scores_are_written_for_people_and_for_sections(tmp_path):
    t = np.arange(10.0, 110.0)
    curves = [Curve(name, t, number + 1 + t**-0.5) for number, name in enumerate(("1e5", "007"))]
    attempts, notes = make_attempts(curves, ["power_law"], (0.5,))
    write_table(tmp_path / "a.parquet", attempts_table(attempts), {"notes": ["one left out"]})
    outputs = {name: (tmp_path / name,) for name in ("found", "rows", "summary")}
    score(Work("ahead", {"attempts": (tmp_path / "a.parquet",)}, outputs, Settings(), Fitting(), None))
    tested = judge(attempts, notes)
    found = read_record(tmp_path / "found", Found)
    assert found == Found(tuple(tested.summary), tuple(tested.quartiles), ("one left out",))
    rows = list(csv.DictReader((tmp_path / "rows").read_text().splitlines()))
    assert [row["curve"] for row in rows] == ["1e5"] * 3 + ["007"] * 3
    assert [float(row["error_end"]) for row in rows] == [row.error_end for row in tested.rows]
    table = list(csv.DictReader((tmp_path / "summary").read_text().splitlines()))
    assert [row["forecaster"] for row in table] == ["combination", "power_law", "last_value"] * 2


def test_a_figure_has_a_row_of_panels_for_each_group():
    figure = draw([*summary(), *summary("changes")], QUARTILES)
    assert len(figure.axes) == 6
    titles = [axes.get_title(loc="left") for axes in figure.axes[::3]]
    assert titles == ["5 curves, LR constant or unknown", "5 curves, LR changes"]


def test_a_figure_shows_every_forecaster_and_the_quartiles():
    errors, coverage, widths = draw(summary(), QUARTILES).axes
    assert [line.get_label() for line in errors.lines[:4]] == list(LAWS)
    assert [tuple(line.get_ydata()) for line in errors.lines[4:]] == [(0.2, 0.4), (0.1, 0.35)]
    low, high = errors.get_ylim()
    assert low < 0.1
    assert high > 0.4
    assert [text.get_text() for text in coverage.get_legend().get_texts()] == ["90% interval", "50% interval"]
    assert [list(line.get_ydata()) for line in widths.lines] == [[0.2, 0.2], [0.05, 0.05]]


@pytest.mark.parametrize("missing", ["error_later", "width_90"])
def test_what_is_not_known_is_not_drawn(missing):
    rows = [replace(row, **{missing: None}) if row.fraction == 0.2 else row for row in summary()]
    assert len(draw(rows, []).axes) == 3
