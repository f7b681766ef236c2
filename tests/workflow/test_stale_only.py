"""After a change, only what is out of date is built again."""

import os
import shutil

import pytest

GROUPS = {
    "smoke": ("regression_w2", "regression_w3", "classification_w2", "classification_w3"),
    "other": ("regression_w2",),
}


def tables(stage, experiment, *groups):
    """Return the tables of a stage, of all groups of an experiment unless some are named."""
    return {f"{experiment}/{stage}/{group}.parquet" for group in groups or GROUPS[experiment]}


def everywhere(name):
    """Return one file of each experiment."""
    return {f"{experiment}/{name}" for experiment in GROUPS}


REPORTS = everywhere("report.txt") | everywhere("report.html")
"""What follows from every change."""


def every_aggregate(study):
    """Return all aggregates of both experiments."""
    return study.aggregates("smoke") | study.aggregates("other")


def every_table(stage):
    """Return all tables of a stage."""
    return tables(stage, "smoke") | tables(stage, "other")


def test_a_new_width_adds_its_own_jobs_and_the_aggregates(study):
    study.replace("config.yaml", "widths: [2, 3]", "widths: [2, 3, 4]")
    new = ("regression_w4", "classification_w4")
    expected = tables("curves", "smoke", *new) | tables("fits", "smoke", *new) | study.aggregates("smoke")
    assert study.planned() == expected


def test_another_skip_refits_without_training(study):
    study.replace("config.yaml", "widths: [2, 3]", "widths: [2, 3]\n    fitting: {skip: 5}")
    assert study.planned() == tables("fits", "smoke") | study.aggregates("smoke")


def test_an_edited_figure_is_drawn_again(study):
    study.comment("workflow/losslaws/analyses/universality/figure_aic.py")
    assert study.planned() == everywhere("figures/aic_comparison.png") | REPORTS


def test_an_edited_law_refits_the_experiments_that_name_it(study):
    study.comment("workflow/losslaws/laws/time/log_power.py")
    assert study.planned() == tables("fits", "smoke") | study.aggregates("smoke")


def test_an_edited_fitter_refits_everything(study):
    study.comment("workflow/losslaws/fitting/search.py")
    assert study.planned() == every_table("fits") | every_aggregate(study)


def test_an_edited_task_reruns_its_own_data_and_training(study):
    study.comment("workflow/losslaws/tasks/catalogue/classification.py")
    own = ("classification_w2", "classification_w3")
    expected = {"smoke/data/classification.parquet"} | tables("curves", "smoke", *own) | tables("fits", "smoke", *own)
    assert study.planned() == expected | study.aggregates("smoke")


def test_an_edited_model_trains_again_on_the_same_data(study):
    study.comment("workflow/losslaws/training/models.py")
    assert study.planned() == every_table("curves") | every_table("fits") | every_aggregate(study)


def test_an_edited_report_is_written_again(study):
    study.comment("workflow/losslaws/study/text.py")
    assert study.planned() == everywhere("report.txt")


def test_an_edited_computation_reruns_its_step(study):
    study.comment("workflow/losslaws/analyses/universality/checks.py")
    assert study.planned() == REPORTS
    study.comment("workflow/losslaws/analyses/universality/compute.py")
    assert study.planned() == everywhere("results.json") | REPORTS | {"compare.html"}


def test_touched_files_and_files_that_no_job_imports_rerun_nothing(study):
    study.comment("workflow/losslaws/cli/main.py")
    study.comment("workflow/losslaws/study/validation.py")
    for path in (study.folder / "workflow/losslaws").rglob("*.py"):
        os.utime(path)
    assert study.planned() == set()


def test_a_task_and_a_law_that_nobody_names_rerun_nothing(study):
    library = study.folder / "workflow/losslaws"
    shutil.copy(library / "tasks/catalogue/regression.py", library / "tasks/catalogue/spare.py")
    shutil.copy(library / "laws/time/power_law.py", library / "laws/time/spare.py")
    assert study.planned() == set()


def test_deleted_files_are_rebuilt_by_name_and_make_nothing_stale(study):
    paths = ["results/smoke/data/regression.parquet", "results/smoke/curves/classification_w2.parquet"]
    before = {path: (study.folder / path).read_bytes() for path in paths}
    for path in paths:
        (study.folder / path).unlink()
    study.build(*paths)
    assert {path: (study.folder / path).read_bytes() for path in paths} == before
    assert study.planned() == set()


def test_a_deleted_picture_reruns_its_figure_and_the_report(study):
    (study.folder / "results/smoke/figures/aic_comparison.svg").unlink()
    assert study.planned() == {"smoke/figures/aic_comparison.png", "smoke/report.txt", "smoke/report.html"}


SETTINGS_THAT_CHANGE_NOTHING = {
    "settings of an analysis that the experiment does not have": "evidence: {replicates: 7}",
    "a default that is written out": "training: {learning_rate: 0.001, schedule: constant}\n    fitting: {skip: 10}",
}


@pytest.mark.parametrize("name", SETTINGS_THAT_CHANGE_NOTHING)
def test_a_setting_that_changes_nothing_reruns_nothing(study, name):
    study.replace("config.yaml", "widths: [2, 3]", f"widths: [2, 3]\n    {SETTINGS_THAT_CHANGE_NOTHING[name]}")
    assert study.planned() == set()


SETTINGS = "workflow/losslaws/config/training.py"
WARMUP = "    warmup: Count = 0\n"


def test_a_new_setting_with_a_default_reruns_nothing(study):
    study.replace(SETTINGS, WARMUP, f'    label_smoothing: float = 0.1\n    """Smoothing of the labels."""\n{WARMUP}')
    assert study.planned() == set()


def test_a_default_that_changes_is_made_known_by_its_revision(study):
    study.replace(SETTINGS, "learning_rate: Above0 = 0.001", "learning_rate: Above0 = 0.002")
    study.replace(SETTINGS, "revision: ClassVar[int] = 0", "revision: ClassVar[int] = 1")
    assert study.planned() == every_table("curves") | every_table("fits") | every_aggregate(study)


def test_a_new_analysis_that_nobody_names_reruns_nothing(study):
    library = study.folder / "workflow/losslaws/analyses"
    shutil.copytree(library / "accuracy", library / "spare")
    for path in (library / "spare").glob("*.py"):
        text = path.read_text(encoding="utf-8").replace("analyses.accuracy", "analyses.spare")
        path.write_text(text.replace('"accuracy', '"spare').replace("figures/accuracy", "figures/spare"))
    assert study.planned() == set()


def test_an_edited_declaration_reruns_only_what_it_changes(study):
    study.comment("workflow/losslaws/analyses/universality/__init__.py")
    assert study.planned() == set()
    study.replace("workflow/losslaws/analyses/universality/__init__.py", '"""How much worse', '"""By how much worse')
    assert study.planned() == everywhere("figures/aic_comparison.png") | REPORTS


def test_a_setting_reruns_only_the_steps_that_read_it(study):
    study.replace("config.yaml", "widths: [2, 3]", "widths: [2, 3]\n    analyses: [universality, evidence, forecast]")
    before = study.planned()
    study.replace("config.yaml", "evidence, forecast]", "evidence, forecast]\n    evidence: {replicates: 5}")
    study.build()
    study.replace("config.yaml", "replicates: 5}", "replicates: 6}\n    forecast: {target: 0.01}")
    stale = study.planned()
    assert "smoke/multiverse/regression.parquet" in before
    assert {name for name in stale if name.startswith(("smoke/evidence/", "smoke/forecasts/"))}
    assert not {name for name in stale if name.startswith(("smoke/multiverse/", "smoke/attempts/", "smoke/fits/"))}
