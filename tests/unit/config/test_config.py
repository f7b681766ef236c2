"""The configuration: inheritance, defaults, and one sentence for every mistake."""

import copy
from dataclasses import FrozenInstanceError

import pytest
import yaml
from builders import PAPER_LAWS
from hypothesis import given
from hypothesis import strategies as st

from losslaws.analyses.evidence.settings import Settings as EvidenceSettings
from losslaws.config.fitting import Fitting
from losslaws.config.load import load_experiments
from losslaws.config.sources import Grid
from losslaws.config.training import Training
from losslaws.core.errors import LosslawsError

GRID = {"tasks": ["mod_add"], "widths": [8]}


def config(**entry):
    return {"run": ["mine"], "experiments": {"mine": {**GRID, **entry}}}


def load(text):
    return load_experiments(yaml.safe_load(text))


def test_defaults_of_the_schema_are_those_of_the_published_study():
    study = load_experiments(config())["mine"]
    assert (study.name, study.source) == ("mine", Grid(("mod_add",), (8,), (42,), Training()))
    assert (study.fitting, study.analyses) == (Fitting(10, PAPER_LAWS, "paper"), ("universality",))
    assert (study.grid.training.epochs, study.grid.training.batch_size) == (1500, 512)
    assert (study.grid.training.optimizer, study.grid.training.learning_rate) == ("adam", 0.001)


def test_groups_are_tasks_by_widths():
    study = load_experiments(config(tasks=["mod_mul", "regression"], widths=[16, 8], seeds=[1, 2]))["mine"]
    assert study.groups == ("mod_mul_w16", "mod_mul_w8", "regression_w16", "regression_w8")


INHERITING = """
run: [first, second]
defaults:
  widths: [4]
  training: {epochs: 7, batch_size: 16}
  fitting: {skip: 2}
experiments:
  first:
    tasks: [mod_add]
    training: {batch_size: 32}
  second:
    tasks: [regression]
    widths: [8, 16]
    fitting: {laws: [power_law, exponential]}
"""


def test_experiments_inherit_before_the_defaults_of_the_schema_are_filled_in():
    studies = load(INHERITING)
    first, second = studies["first"], studies["second"]
    assert first.grid.training == Training(epochs=7, batch_size=32)
    assert second.grid.training == Training(epochs=7, batch_size=16)
    assert (first.grid.widths, second.grid.widths) == ((4,), (8, 16))
    assert first.fitting == Fitting(skip=2)
    assert second.fitting == Fitting(skip=2, laws=("power_law", "exponential"))


def test_defaults_may_supply_the_whole_grid_or_none_of_it():
    (whole,) = load("{run: [a], defaults: {tasks: [mod_add], widths: [4]}, experiments: {a: {}}}").values()
    assert (whole.grid.tasks, whole.grid.widths) == (("mod_add",), (4,))
    (none,) = load("{run: [a], defaults: {seeds: [3]}, experiments: {a: {tasks: [mod_add], widths: [4]}}}").values()
    assert none.grid.seeds == (3,)


def test_lists_are_replaced_not_joined():
    text = "{run: [a], defaults: {seeds: [1, 2]}, experiments: {a: {tasks: [mod_add], widths: [4], seeds: [3]}}}"
    assert load(text)["a"].grid.seeds == (3,)


def test_the_configuration_is_left_as_it_was():
    given_one = yaml.safe_load(INHERITING)
    before = copy.deepcopy(given_one)
    load_experiments(given_one)
    assert given_one == before


def test_settings_cannot_be_changed():
    study = load_experiments(config())["mine"]
    for record in (study, study.source, study.grid.training, study.fitting):
        field = next(iter(vars(record)))
        with pytest.raises(FrozenInstanceError):
            setattr(record, field, None)


def test_settings_of_an_analysis_are_those_of_the_list_and_of_what_it_builds_on():
    assert load_experiments(config())["mine"].settings == {}
    assert load_experiments(config(analyses=["evidence"]))["mine"].settings == {"evidence": EvidenceSettings()}
    known = {"simulate": {}, "analyses": ["calibration"], "evidence": {"replicates": 0}}
    study = load_experiments({"run": ["mine"], "experiments": {"mine": known}})["mine"]
    assert study.settings == {"evidence": EvidenceSettings(replicates=0)}


MISTAKES = {
    "no analyses": (config(analyses=[]), "experiments.mine.analyses is empty", "at least 1 entry"),
    "a momentum of one": (
        config(training={"optimizer": "sgd", "momentum": 1}),
        "experiments.mine.training.momentum is 1",
        "expected a number below 1",
    ),
    "typo in a key": (config(width=[8]), "experiments.mine: the key 'width' is unknown", "'widths'"),
    "typo in a nested key": (
        config(training={"epoch": 3}),
        "experiments.mine.training: the key 'epoch'",
        "'epochs'",
    ),
    "typo at the top": ({**config(), "runs": []}, "the key 'runs' is unknown", "run, defaults, experiments"),
    "typo in defaults": ({**config(), "defaults": {"sed": [1]}}, "defaults: the key 'sed'", "'seeds'"),
    "unknown task": (config(tasks=["mod_ad"]), "experiments.mine.tasks: task 'mod_ad' is unknown", "'mod_add'"),
    "unknown law": (config(fitting={"laws": ["power"]}), "experiments.mine.fitting.laws: law 'power'", "'power_law'"),
    "unknown analysis": (config(analyses=["universe"]), "experiments.mine.analyses: analysis", "universality"),
    "unknown choice": (config(fitting={"bounds": "papr"}), "experiments.mine.fitting.bounds: 'papr'", "paper, wide"),
    "unknown experiment": ({**config(), "run": ["mien"]}, "run: experiment 'mien' is unknown", "'mine'"),
    "no tasks": (
        {"run": ["mine"], "experiments": {"mine": {"widths": [8]}}},
        "experiments.mine has no key 'tasks'",
        "",
    ),
    "no experiments": ({"run": ["mine"]}, "the top level has no key 'experiments'", ""),
    "no run": ({"experiments": {"mine": GRID}}, "the top level has no key 'run'", ""),
    "empty experiments": ({"run": ["mine"], "experiments": {}}, "experiments is empty", "at least 1 entry"),
    "empty run": ({**config(), "run": []}, "run is empty", "at least 1 entry"),
    "empty grid": (config(tasks=[]), "experiments.mine.tasks is empty", "at least 1 entry"),
    "no seeds": (config(seeds=[]), "experiments.mine.seeds is empty", "at least 1 entry"),
    "no laws": (config(fitting={"laws": []}), "experiments.mine.fitting.laws is empty", "at least 1 entry"),
    "width of zero": (config(widths=[8, 0]), "experiments.mine.widths[1] is 0", "at least 1"),
    "negative seed": (config(seeds=[-1]), "experiments.mine.seeds[0] is -1", "at least 0"),
    "no epochs": (config(training={"epochs": 0}), "experiments.mine.training.epochs is 0", "at least 1"),
    "negative skip": (config(fitting={"skip": -1}), "experiments.mine.fitting.skip is -1", "at least 0"),
    "rate of zero": (config(training={"learning_rate": 0}), "training.learning_rate is 0", "above 0"),
    "a width twice": (config(widths=[8, 8]), "experiments.mine.widths is [8, 8]", "distinct"),
    "text for a number": (config(training={"epochs": "many"}), "training.epochs is 'many'", "a whole number"),
    "a number that YAML takes for text": (config(training={"learning_rate": "1e-3"}), "'1e-3'", "YAML reads 1e-3"),
    "a fraction": (config(training={"epochs": 2.5}), "training.epochs is 2.5", "a whole number"),
    "a whole number with a point": (config(widths=[8.0]), "experiments.mine.widths[0] is 8.0", "a whole number"),
    "a truth value": (config(widths=[True]), "experiments.mine.widths[0] is True", "a whole number"),
    "text for a list": (config(tasks="mod_add"), "experiments.mine.tasks is 'mod_add'", "a list"),
    "a list for a mapping": (config(training=[]), "experiments.mine.training is []", "a mapping"),
    "nothing for an experiment": (
        {"run": ["mine"], "experiments": {"mine": None}},
        "experiments.mine is None",
        "mapping",
    ),
    "nothing for the defaults": ({**config(), "defaults": None}, "defaults is None", "a mapping"),
    "nothing at all": (None, "the top level is None", "a mapping"),
    "not a number": (config(training={"learning_rate": float("nan")}), "learning_rate is nan", "a finite number"),
    "infinite": (config(training={"learning_rate": float("inf")}), "learning_rate is inf", "a finite number"),
    "a name with a space": ({"run": ["a b"], "experiments": {"a b": GRID}}, "experiments: the name 'a b'", "letters"),
    "a name with a slash": ({"run": ["a/b"], "experiments": {"a/b": GRID}}, "experiments: the name 'a/b'", "letters"),
    "a name that is a number": ({"run": ["1"], "experiments": {1: GRID}}, "experiments: the key 1", "quotes"),
}


@pytest.mark.parametrize(("wrong", "where", "what"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_one_sentence_with_its_key(wrong, where, what):
    with pytest.raises(LosslawsError) as caught:
        load_experiments(wrong)
    sentence = str(caught.value)
    assert sentence.startswith("config: ")
    assert where in sentence
    assert what in sentence
    assert "\n" not in sentence


def test_every_experiment_is_checked_also_those_that_are_not_run():
    studies = {"mine": GRID, "other": {**GRID, "tasks": ["nope"]}}
    with pytest.raises(LosslawsError, match=r"experiments\.other\.tasks"):
        load_experiments({"run": ["mine"], "experiments": studies})


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
GRID_KEYS, SETTINGS = ["tasks", "widths", "seeds"], ["training", "fitting", "laws", "epochs", "bounds"]
keys = st.sampled_from(["run", "defaults", "experiments", "mine", *GRID_KEYS, *SETTINGS])
anything = st.recursive(
    scalars | st.just(GRID) | st.just(["mine"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys | scalars, inner, max_size=4),
    max_leaves=12,
)


@given(anything | st.builds(lambda entry: {"run": ["mine"], "experiments": {"mine": entry}}, anything))
def test_anything_is_either_accepted_or_told_in_one_sentence(anything):
    told = None
    try:
        load_experiments(anything)
    except LosslawsError as error:
        told = str(error)
    assert told is None or (told.startswith("config: ") and len(told.splitlines()) == 1)
