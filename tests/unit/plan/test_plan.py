"""What can be built, of what, and what is told of names that do not exist."""

from pathlib import Path

import pytest
import yaml

from losslaws.config.load import load_experiments
from losslaws.core.errors import LosslawsError
from losslaws.plan.params import experiment_params, restored_experiment
from losslaws.plan.plan import Plan, product_paths
from losslaws.plan.reports import report_params
from losslaws.plan.stages import training_modules
from losslaws.plan.steps import planned_steps
from losslaws.study.settings import as_configuration

CONFIG = yaml.safe_load((Path(__file__).parents[3] / "config.yaml").read_text(encoding="utf-8"))
EXPERIMENTS = load_experiments(CONFIG)
PLAN = Plan(EXPERIMENTS, tuple(CONFIG["run"]))
STEPS = {planned.name: planned for planned in planned_steps()}
PAPER = {"experiment": "paper"}


def test_a_step_per_part_reads_the_curves_of_its_part_and_one_of_the_experiment_all():
    part = STEPS["evidence"].inputs(PLAN, {**PAPER, "part": "mod_mul"})
    assert part == {"curves": [f"results/paper/curves/mod_mul_w{width}.parquet" for width in (32, 64, 128)]}
    joined = STEPS["evidence_summary"].inputs(PLAN, PAPER)
    tasks = ("mod_add", "mod_mul", "regression", "classification")
    assert joined["verdicts"] == [f"results/paper/evidence/{task}.parquet" for task in tasks]


def test_products_of_other_analyses_are_named():
    known = {"experiment": "calibration"}
    read = STEPS["calibration"].inputs(PLAN, known)
    assert read["verdicts"][0] == "results/calibration/evidence/power_law_n500.parquet"
    every = STEPS["forecast"].inputs(PLAN, {**PAPER, "part": "mod_add"})
    assert len(every["attempts"]) == 4
    assert len(every["curves"]) == 3


def test_curves_of_another_experiment_are_read_where_they_are():
    curves = PLAN.curves({"experiment": "replicates_wide", "group": "mod_add_w32"})
    assert curves == ["results/replicates/curves/mod_add_w32.parquet"]


def test_an_experiment_ends_in_what_its_analyses_make_and_their_sections_read():
    assert "summary.json" in product_paths(("evidence",))
    assert set(product_paths(("collapse",))) == {"collapse.json", "figures/collapse.png", "figures/collapse.svg"}
    assert PLAN.wanted_fits({"experiment": "ladder"}) == []
    assert PLAN.wanted_fits({"experiment": "calibration"}) == [], "it reads verdicts, which need no fits"
    assert len(PLAN.wanted_fits(PAPER)) == 12


def test_params_hold_only_what_a_step_reads_and_what_differs_from_the_defaults():
    assert STEPS["evidence"].params(PLAN, {**PAPER, "part": "mod_add"}) == {"settings": {}, "fitting": {}}
    assert STEPS["collapse"].params(PLAN, {"experiment": "ladder"}) == {
        "settings": {"split": "test", "irreducible": 0.0}
    }
    wide = STEPS["universality"].params(PLAN, {"experiment": "replicates_wide"})
    assert wide == {"fitting": {"bounds": "wide"}}
    assert STEPS["multiverse"].params(PLAN, {**PAPER, "part": "mod_add"}) == {"fitting": {}}
    assert "settings" not in STEPS["evidence_summary"].params(PLAN, {"experiment": "calibration"})


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_comes_back_from_the_parameters_of_its_report(name):
    params = report_params(PLAN, {"experiment": name})
    again = restored_experiment(params)
    study = EXPERIMENTS[name]
    assert (again.source, again.analyses, again.groups) == (study.source, study.analyses, study.groups)
    assert as_configuration(again) == as_configuration(study)
    assert again.settings.items() <= study.settings.items()


def test_settings_that_no_analysis_goes_by_are_no_parameters():
    entry = {"tasks": ["mod_add"], "widths": [8], "evidence": {"replicates": 7}}
    study = load_experiments({"run": ["a"], "experiments": {"a": entry}})["a"]
    assert "evidence" in study.settings
    assert report_params(Plan({"a": study}, ("a",)), {"experiment": "a"})["settings"] == {"fitting": {}}
    assert experiment_params(study, {})["settings"] == {}


MISTAKES = {
    "an experiment": ({"experiment": "papr"}, "results/papr: experiment 'papr' is unknown (did you mean 'paper'?)"),
    "a task": ({**PAPER, "task": "mod_ad"}, "results/paper: task 'mod_ad' is unknown (did you mean 'mod_add'?)"),
    "a width": ({**PAPER, "width": "31"}, "results/paper: width '31' is unknown"),
    "a part": ({**PAPER, "part": "mod_dd"}, "results/paper: part 'mod_dd' is unknown"),
}


@pytest.mark.parametrize(("wildcards", "sentence"), MISTAKES.values(), ids=MISTAKES)
def test_a_name_that_does_not_exist_is_told(wildcards, sentence):
    with pytest.raises(LosslawsError) as caught:
        PLAN.experiment(wildcards)
    assert str(caught.value).startswith(sentence)


def test_steps_have_their_rules_names_and_groups():
    assert len(STEPS) == sum(1 for _ in planned_steps())
    assert STEPS["evidence"].group == "evidence"
    assert {STEPS[name].group for name in ("universality", "figure_winner_map", "forecasts")} == {"summary"}
    assert STEPS["figure_winner_map"].place == "figure/winner_map"
    assert STEPS["attempts"].place == "attempts/{part}"


def test_training_depends_on_the_task_its_criterion_and_every_recorder():
    modules = training_modules(PLAN, {**PAPER, "task": "regression"})
    assert modules == [
        "losslaws.tasks.catalogue.regression",
        "losslaws.training.criteria.mse",
        "losslaws.training.recorders.accuracy",
        "losslaws.training.recorders.test_loss",
    ]
    assert "losslaws.training.criteria.cross_entropy" in training_modules(PLAN, {**PAPER, "task": "mod_add"})
