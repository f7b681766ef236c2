"""The analysis `schedule_law`: its summary, figures, hold-out, answer and mistakes."""

import json
from dataclasses import replace

import numpy as np
import pytest
from known_schedules import LENGTH, PARAMETERS, PEAK, RISE, SCHEDULES, run_under

from losslaws.analyses.schedule_law import figure_law as schedule_law
from losslaws.analyses.schedule_law.compute import score_rows, study
from losslaws.analyses.schedule_law.section import ANALYSIS
from losslaws.analyses.schedule_law.summary import summarise
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.laws.schedule.catalogue import SCHEDULE_LAWS
from losslaws.plotting.draw import draw, make
from losslaws.report.blocks import as_text
from losslaws.storage.csv_tables import write_csv
from losslaws.storage.files import write_json


def test_summary_is_json_and_drawn(tmp_path):
    law = SCHEDULE_LAWS["momentum"]
    runs = [run_under(s, law, kind, PARAMETERS["momentum"], 1e-4) for kind, s in SCHEDULES.items()]
    entry = summarise([law], runs[:3], runs[3:])[0]
    assert json.loads(json.dumps(entry, allow_nan=False)) == entry
    assert [row["fitted"] for row in entry["curves"]] == [True, True, True, False]
    assert entry["test"]["r2"] == pytest.approx(entry["curves"][3]["r2"])
    assert summarise([law], runs, [])[0]["test"] is None
    draw("schedule_law", [tmp_path / "figure.png"], entry["curves"])
    assert (tmp_path / "figure.png").stat().st_size > 20_000


def test_figure_of_many_runs_says_what_it_leaves_out():
    law = SCHEDULE_LAWS["chinchilla_steps"]
    row = summarise([law], [run_under(SCHEDULES["cosine"], law, "a$b", PARAMETERS["chinchilla_steps"])], [])[0]
    figure = schedule_law.draw(row["curves"] * 15)
    assert "3 more runs are not drawn" in [text.get_text() for text in figure.texts]
    assert len(figure.axes) == 2 * schedule_law.MOST_PANELS
    assert r"a\$b" in figure.axes[0].get_title()


SETTINGS = {
    "laws": ["chinchilla_steps", "momentum"],
    "warmup": RISE,
    "drops": "peak",
    "predict": [],
    "length": 0,
    "peak": 0,
    "replicates": 2,
}


def study_curves():
    law = SCHEDULE_LAWS["momentum"]
    runs = [run_under(s, law, kind, PARAMETERS["momentum"], 1e-4) for kind, s in SCHEDULES.items()]
    return [Curve(run.name, run.steps, run.loss, {}, run.schedule.at(run.steps)) for run in runs]


def write_study(folder, settings):
    found = study(study_curves(), settings)
    write_json(folder / "schedule_law.json", found)
    write_csv(folder / "tables" / "schedule_law.csv", score_rows(found))
    return found


def test_study_holds_every_curve_out_and_designs_by_the_best_law(tmp_path):
    found = write_study(tmp_path, SETTINGS)
    assert found["design"]["law"] == "momentum"
    assert found["design"]["plan"]["length"] == LENGTH
    assert found["design"]["plan"]["warmup"] == RISE
    assert found["design"]["warnings"][-1].startswith("The uncertainty is that of 4 runs")
    rows = score_rows(found)
    assert [row["curve"] for row in rows if row["law"] == "momentum" and row["role"] == "held_out"] == list(SCHEDULES)
    text = as_text(ANALYSIS.section(tmp_path))
    assert "held out" in text
    assert "wsd linear" in text
    assert "(drops: peak)" in text
    told = as_text(ANALYSIS.answer(tmp_path)).replace("\n", " ")
    assert told.startswith("momentum foretells 4 curves it did not see best, and is off by 0.0")
    assert "chinchilla_steps by " in told


def test_the_chosen_schedule_is_drawn_with_its_warnings(tmp_path):
    chosen = study(study_curves(), SETTINGS)["design"]
    assert list(chosen["schedules"]) == ["designed", "cosine", "wsd_linear", "wsd_exponential"]
    assert chosen["schedules"]["designed"]["lr"] == [row["lr"] for row in chosen["table"]]
    assert (np.array(chosen["band"]["low"]) <= np.array(chosen["band"]["high"])).all()
    figure = make("schedule_design", chosen)
    assert [text.get_text() for text in figure.axes[1].get_yticklabels()][:2] == ["designed", "cosine"]
    assert "runs under random weights" in figure.get_supxlabel().replace("\n", " ")
    draw("schedule_design", [tmp_path / "figure.png"], chosen)
    assert (tmp_path / "figure.png").stat().st_size > 20_000
    (said,) = make("schedule_design", {"problem": "there is no law"}).texts
    assert said.get_text() == "No schedule is chosen: there is no law."


def test_study_predicts_what_is_named(tmp_path):
    found = write_study(tmp_path, SETTINGS | {"predict": ["jump"], "length": 3000, "peak": 2 * PEAK})
    assert found["held_out"] == {}
    assert [row["curve"] for row in score_rows(found) if row["role"] == "predicted"] == ["jump", "jump"]
    assert len(found["design"]["warnings"]) >= 2
    assert found["design"]["table"][-1]["step"] == 3000


def test_study_says_why_there_is_no_design(tmp_path):
    write_study(tmp_path, SETTINGS | {"laws": ["chinchilla_steps"]})
    assert "No schedule is chosen: none of the laws depends on the schedule." in as_text(ANALYSIS.section(tmp_path))
    assert as_text(ANALYSIS.answer(tmp_path)).rstrip().endswith("% on average.")


def test_mistakes_in_what_to_predict():
    with pytest.raises(LosslawsError, match="there is no curve 'cosin'; expected names among cosine, linear"):
        study(study_curves(), SETTINGS | {"predict": ["cosin"]})
    with pytest.raises(LosslawsError, match="names all curves"):
        study(study_curves(), SETTINGS | {"predict": list(SCHEDULES)})


def test_one_schedule_and_rates_that_never_fall_are_too_little():
    curves = study_curves()
    flat = [replace(c, learning_rate=np.full(c.t.size, PEAK)) for c in curves[:2]]
    with pytest.raises(LosslawsError, match="is the only curve to fit, and one schedule does not show"):
        study(curves[:1], SETTINGS)
    with pytest.raises(LosslawsError, match="falls in none of the 2 curves to fit"):
        study(flat, SETTINGS)
    assert study(curves[:1], SETTINGS | {"laws": ["chinchilla_steps"]})["design"].keys() == {"problem"}


def test_a_schedule_to_choose_is_longer_than_its_warmup():
    with pytest.raises(LosslawsError, match=f"schedule_law.length is {RISE}, and the warm-up of the curves alone"):
        study(study_curves(), SETTINGS | {"length": RISE})
