"""Where an experiment's curves come from: one source, with its own defaults."""

import pytest

from losslaws.config.fitting import Fitting
from losslaws.config.load import load_experiments
from losslaws.config.sources import Import, Simulation
from losslaws.core.errors import LosslawsError

GRID = {"tasks": ["mod_add", "regression"], "widths": [8, 16]}
FILES = {"import": [{"name": "lm", "files": "logs/*.csv"}]}


def load(entry, **others):
    return load_experiments({"run": ["mine"], "experiments": {"mine": entry, **others}})["mine"]


def test_an_import_is_a_group_and_a_part_for_itself():
    study = load(FILES)
    assert (study.groups, study.parts, study.grid) == (("lm",), {"lm": ("lm",)}, None)
    assert study.curve_table("lm") == "mine/curves/lm.parquet"
    assert study.source.entry_of("lm") == (Import(name="lm", files="logs/*.csv"), 1)


def test_recorded_curves_are_fitted_in_wide_bounds_from_their_first_point_unless_told_otherwise():
    assert load(FILES).fitting == Fitting(bounds="wide", skip=0)
    assert load({**FILES, "fitting": {"bounds": "paper"}}).fitting == Fitting(bounds="paper", skip=0)


def test_chunks_are_groups():
    study = load({"import": [{"name": "lm", "files": "a.csv", "chunks": 3}, {"name": "other", "files": "b.csv"}]})
    assert study.groups == ("lm_1", "lm_2", "lm_3", "other")
    entry, part = study.source.entry_of("lm_3")
    assert (entry.name, part) == ("lm", 3)


def test_curves_of_another_experiment_stay_where_they_are():
    study = load({"import": [{"experiment": "paper"}]}, paper=GRID)
    assert study.groups == ("mod_add_w8", "mod_add_w16", "regression_w8", "regression_w16")
    assert study.curve_table("regression_w8") == "paper/curves/regression_w8.parquet"


def test_a_table_of_another_experiment_is_not_imported_here():
    study = load({"import": [{"experiment": "paper"}]}, paper=GRID)
    with pytest.raises(LosslawsError, match="belongs to the experiment paper: ask for results/paper/curves/mod_add_w8"):
        study.source.entry_of("mod_add_w8")


def test_a_simulation_is_a_group_per_law_and_length():
    study = load({"simulate": {"laws": ["hill", "exponential"], "lengths": [50, 100]}})
    assert study.source == Simulation(laws=("hill", "exponential"), lengths=(50, 100))
    assert study.analyses == ("calibration",)
    assert study.groups == ("hill_n50", "hill_n100", "exponential_n50", "exponential_n100")
    assert study.parts["hill_n50"] == ("hill_n50",)


def test_an_import_does_not_inherit_a_grid():
    defaults = {**GRID, "seeds": [1], "training": {"epochs": 5}, "fitting": {"skip": 3}}
    study = load_experiments({"run": ["mine"], "defaults": defaults, "experiments": {"mine": FILES}})["mine"]
    assert study.fitting == Fitting(skip=3, bounds="wide")


MISTAKES = {
    "two sources": (
        {**GRID, **FILES},
        {},
        "mine has tasks and widths and import; expected curves from one",
    ),
    "no source": ({"fitting": {"skip": 1}}, {}, "experiments.mine has no key 'tasks', which is required without"),
    "no files": ({"import": [{"name": "lm"}]}, {}, "import[0] has neither files nor experiment"),
    "files and experiment": (
        {"import": [{"name": "lm", "files": "a", "experiment": "b"}]},
        {},
        "import[0] has files and experiment; expected one",
    ),
    "no name": ({"import": [{"files": "a.csv"}]}, {}, "import[0] has no key 'name', which is required"),
    "a name twice": ({"import": 2 * FILES["import"]}, {}, "import[1].name: 'lm' appears twice"),
    "a name for a folder": ({"import": [{"name": "../lm", "files": "a"}]}, {}, "import[0].name"),
    "a column of another experiment": (
        {"import": [{"experiment": "paper", "t": "step"}]},
        {"paper": GRID},
        "import[0] has t, which has no effect together with experiment",
    ),
    "an unknown experiment": ({"import": [{"experiment": "papr"}]}, {"paper": GRID}, "experiment 'papr' is unknown"),
    "curves at third hand": (
        {"import": [{"experiment": "second"}]},
        {"second": {"import": [{"experiment": "paper"}]}, "paper": GRID},
        "'second' itself takes its curves from another experiment",
    ),
    "the same table twice": (
        {"import": [{"experiment": "paper"}, {"experiment": "paper"}]},
        {"paper": GRID},
        "two sources have a curve table 'mod_add_w8'",
    ),
    "an unknown true law": ({"simulate": {"laws": ["hil"]}}, {}, "simulate.laws[0]: 'hil' is unknown"),
    "a correlation of one": ({"simulate": {"rho": [1.0]}}, {}, "simulate.rho[0]"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_sentence(name):
    entry, others, sentence = MISTAKES[name]
    with pytest.raises(LosslawsError) as caught:
        load(entry, **others)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("config: ")
    assert "\n" not in str(caught.value)
