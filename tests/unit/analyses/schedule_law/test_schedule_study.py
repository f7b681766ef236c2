"""The analysis `schedule_law`: what it finds, its files, figures, report and mistakes."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from known_schedules import LENGTH, PARAMETERS, PEAK, RISE, SCHEDULES, curve_under

from losslaws.analyses.schedule_law import figure_design, figure_law
from losslaws.analyses.schedule_law.compute import fit_laws, fitted_law, study
from losslaws.analyses.schedule_law.results import (
    Comparison,
    Design,
    LawFindings,
    NamedSchedule,
    Parameter,
    Plan,
    PredictedCurve,
    ScheduleFindings,
    Scores,
    score_rows,
)
from losslaws.analyses.schedule_law.section import SECTION
from losslaws.analyses.schedule_law.settings import Settings
from losslaws.analyses.work import Work
from losslaws.config.fitting import Fitting
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.curves.table import write_curves
from losslaws.fitting.pooled import fit_pooled
from losslaws.laws.schedule.catalogue import SCHEDULE_LAWS
from losslaws.plotting.draw import make_figure
from losslaws.report.blocks import as_text
from losslaws.storage.records import read_record, write_record

pytestmark = pytest.mark.slow

SETTINGS = Settings(laws=("chinchilla_steps", "momentum"), warmup=RISE, replicates=2)


def study_curves():
    law = SCHEDULE_LAWS["momentum"]
    runs = [curve_under(s, law, kind, PARAMETERS["momentum"], 1e-4) for kind, s in SCHEDULES.items()]
    return [Curve(run.name, run.steps, run.y, {}, {"lr": run.schedule.at(run.steps)}) for run in runs]


@pytest.fixture(scope="module")
def found():
    return study(study_curves(), SETTINGS)


def test_findings_are_what_their_file_says(found, tmp_path):
    write_record(tmp_path / "schedule_law.json", found)
    assert read_record(tmp_path / "schedule_law.json", ScheduleFindings) == found


def test_every_curve_is_held_out_and_the_best_law_designs(found):
    rows = score_rows(found)
    assert [row.curve for row in rows if (row.law, row.role) == ("momentum", "held_out")] == list(SCHEDULES)
    assert {row.role for row in rows} == {"fitted", "held_out"}
    error = {law: max(row.scores.worst_relative for row in rows if row.law == law) for law in SETTINGS.laws}
    assert error["momentum"] < 1e-3 < error["chinchilla_steps"]
    design = found.design
    assert (design.law, design.plan.length, design.plan.warmup) == ("momentum", LENGTH, RISE)
    assert [row.name for row in design.comparison] == ["designed", "cosine", "wsd_linear", "wsd_exponential"]
    assert [schedule.name for schedule in design.schedules] == [row.name for row in design.comparison]
    assert (np.array(design.low) <= np.array(design.high)).all()
    assert design.warnings[-1].startswith("The uncertainty is that of 4 runs")
    assert found.no_design is None


def test_named_curves_are_predicted_from_the_others():
    law = SCHEDULE_LAWS["momentum"]
    runs = [curve_under(s, law, kind, PARAMETERS["momentum"], 1e-4) for kind, s in SCHEDULES.items()]
    entry = fitted_law(fit_pooled(law, runs[:3]), runs[:3], runs[3:])
    assert [curve.fitted for curve in entry.curves] == [True, True, True, False]
    assert entry.held_out == ()
    assert entry.curves[3].scores.worst_relative < 1e-3


def test_the_step_writes_findings_scores_and_the_schedule(tmp_path):
    write_curves(tmp_path / "lm.parquet", study_curves(), {})
    names = {"found": "schedule_law.json", "scores": "scores.csv", "schedule": "schedule.csv"}
    outputs = {name: (tmp_path / file,) for name, file in names.items()}
    settings = replace(SETTINGS, predict=("jump",), length=3000, peak=2 * PEAK)
    fit_laws(Work("mine", {"curves": (tmp_path / "lm.parquet",)}, outputs, settings, Fitting(), None))
    found = read_record(tmp_path / "schedule_law.json", ScheduleFindings)
    assert len(found.design.warnings) >= 2
    rows = list(csv.DictReader((tmp_path / "scores.csv").open()))
    assert list(rows[0]) == ["law", "curve", "role", "r2", "mae", "rmse", "mean_relative", "worst_relative"]
    assert [row["curve"] for row in rows if row["role"] == "predicted"] == ["jump", "jump"]
    schedule = list(csv.DictReader((tmp_path / "schedule.csv").open()))
    assert [schedule[0]["step"], schedule[1]["step"], schedule[-1]["step"]] == ["0", "1", "3000"]
    assert tuple(float(row["lr"]) for row in schedule) == found.design.designed.lr


def test_there_may_be_no_schedule_to_choose(tmp_path):
    found = study(study_curves(), replace(SETTINGS, laws=("chinchilla_steps",)))
    assert (found.design, found.no_design) == (None, "none of the laws depends on the schedule")
    write_record(tmp_path / "schedule_law.json", found)
    assert "No schedule is chosen: none of the laws depends on the schedule." in as_text(SECTION.body(tmp_path))
    (reason,) = make_figure(figure_design.draw, found).texts
    assert reason.get_text() == "No schedule is chosen: none of the laws depends on the schedule."


# --- figures and report ---


def test_the_figure_of_many_curves_says_what_it_leaves_out(found):
    (curve, *_) = found.laws[1].curves
    figure = make_figure(figure_law.draw, [replace(curve, curve="a$b")] * 15)
    assert "3 more runs are not drawn" in [text.get_text() for text in figure.texts]
    assert len(figure.axes) == 2 * figure_law.MAX_PANELS
    assert r"a\$b" in figure.axes[0].get_title()


def test_the_chosen_schedule_is_drawn_with_its_warnings(found):
    figure = make_figure(figure_design.draw, found)
    assert [text.get_text() for text in figure.axes[1].get_yticklabels()][:2] == ["designed", "cosine"]
    assert "runs under random weights" in figure.get_supxlabel().replace("\n", " ")


REPORT = """\
momentum predicts unseen curves best (n = 1), with a mean relative error of 0.15%; chinchilla_steps 0.61%.

How well each law follows the curves that it was fitted to and unseen curves, averaged over curves. Held out:
each curve predicted by a fit to all others.

law               subset     n      R2    MAE   RMSE  mean error  worst error
----------------  ---------  -  ------  -----  -----  ----------  -----------
chinchilla_steps  fitted     1  0.9990  0.004  0.005  0.12%       0.40%
chinchilla_steps  predicted  1  0.9000   0.02   0.03  0.61%       1.50%
momentum          fitted     1  0.9990  0.004  0.005  0.12%       0.40%
momentum          predicted  1  0.9900  0.005  0.006  0.15%       0.50%

Objective: the sum of Huber losses of log residuals. Standard errors allow for autocorrelated residuals; a
parameter with a star is on a bound.

law               objective  parameter  value  error
----------------  ---------  ---------  -----  -----
chinchilla_steps      0.002  L0           2.5   0.01
momentum            0.00015  L0           2.4   0.02
momentum            0.00015  C*             0      –

Final loss predicted by momentum over 1000 steps with a peak of 0.0003 and 100 steps of warm-up (drops: peak),
and the excess over the designed schedule; 5% and 95% quantiles over refits. The designed schedule is
tables/schedule.csv, linear between its steps.

schedule     loss  5–95%         excess loss  5–95% of the excess
----------  -----  ------------  -----------  -------------------
designed      2.5  2.49 – 2.51             0  0 – 0
wsd linear  2.505  2.495 – 2.52        0.005  0.004 – 0.008

It is long."""


def told(tmp_path):
    """The answer and the section on two laws and three curves, in numbers made up here."""
    fitted = PredictedCurve(
        "constant", True, Scores(0.999, 0.004, 0.005, 0.0012, 0.004), (1.0,), (0.1,), (3.0,), (3.0,)
    )
    unseen = replace(fitted, curve="cosine", fitted=False, scores=Scores(0.9, 0.02, 0.03, 0.0061, 0.015))
    flat = LawFindings("chinchilla_steps", "", 2e-3, (Parameter("L0", 2.5, 0.01),), (), (fitted, unseen), ())
    better = replace(unseen, scores=Scores(0.99, 0.005, 0.006, 0.0015, 0.005))
    parameters = (Parameter("L0", 2.4, 0.02), Parameter("C", 0.0, None))
    falling = LawFindings("momentum", "", 1.5e-4, parameters, ("C",), (fitted, better), ())
    comparison = (
        Comparison("designed", 2.5, 2.49, 2.51, 0.0, 0.0, 0.0),
        Comparison("wsd_linear", 2.505, 2.495, 2.52, 0.005, 0.004, 0.008),
    )
    schedule = NamedSchedule("designed", (0.0, 1000.0), (3e-4, 3e-6))
    plan = Plan(1000, 3e-4, 100)
    design = Design("momentum", plan, comparison, ("It is long.",), (schedule,), (1e-4, 1e-6), (3e-4, 3e-5))
    write_record(tmp_path / "schedule_law.json", ScheduleFindings((flat, falling), design, None))
    return as_text([*SECTION.answer(tmp_path), *SECTION.body(tmp_path)])


def test_the_report(tmp_path):
    assert told(tmp_path) == REPORT


# --- mistakes ---


def test_mistakes_in_what_to_predict():
    with pytest.raises(LosslawsError, match="there is no curve 'cosin'; expected names among cosine, linear"):
        study(study_curves(), replace(SETTINGS, predict=("cosin",)))
    with pytest.raises(LosslawsError, match="names all curves"):
        study(study_curves(), replace(SETTINGS, predict=tuple(SCHEDULES)))


def test_one_schedule_and_rates_that_never_fall_are_too_little():
    curves = study_curves()
    flat = [replace(c, series={"lr": np.full(c.t.size, PEAK)}) for c in curves[:2]]
    with pytest.raises(LosslawsError, match="is the only curve to fit, and one schedule does not show"):
        study(curves[:1], SETTINGS)
    with pytest.raises(LosslawsError, match="falls in none of the 2 curves to fit"):
        study(flat, SETTINGS)
    assert study(curves[:1], replace(SETTINGS, laws=("chinchilla_steps",))).design is None


def test_a_schedule_to_choose_is_longer_than_its_warmup():
    with pytest.raises(LosslawsError, match=f"schedule_law.length is {RISE}, and the warm-up of the curves alone"):
        study(study_curves(), replace(SETTINGS, length=RISE))
