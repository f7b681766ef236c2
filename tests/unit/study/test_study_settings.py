"""The settings that a report lists and a page repeats, and what was done in words."""

from builders import tiny_experiment

from losslaws.analyses.section import reported
from losslaws.config.load import load_experiments
from losslaws.report.blocks import as_text
from losslaws.study.methods import methods
from losslaws.study.settings import as_configuration
from losslaws.study.text import configuration


def _repeated(experiment):
    return as_configuration(experiment)["experiments"][experiment.name]


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
    assert "import tiny: experiment" in configuration(studies["mine"])


def test_a_report_lists_the_settings_that_its_analyses_go_by(laws):
    experiment = tiny_experiment(analyses=["collapse", "schedule_law"])
    table = configuration(experiment)
    assert "collapse: split" in table
    assert "schedule_law: warmup" in table
    assert "fitting: bounds" not in table
    told = as_text(methods(experiment, laws, reported(experiment)))
    assert "losses above L0, fitted to the final losses" in told.replace("\n", " ")
    assert "Levenberg" not in told


def test_an_experiment_that_counts_no_winners_has_no_first_screen_of_them():
    entries = reported(tiny_experiment(analyses=["collapse"]))
    assert [entry.section.overview(None, None) for entry in entries] == [""]
