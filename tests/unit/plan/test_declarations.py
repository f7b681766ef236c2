"""Declarations are checked before anything runs, and a step gets the settings that it declares."""

from dataclasses import replace

import pytest

from losslaws.analyses.analysis import Step
from losslaws.analyses.work import DeclaredSettings, make_work
from losslaws.core.errors import LosslawsError
from losslaws.plan import dependencies, steps
from losslaws.plan.plan import load

MISTAKES = {
    "no function": ({"collapse": Step("compute", {"found": "a.json"})}, {}, "runs 'compute'; expected a function as"),
    "no module": ({"collapse": Step("computed:find", {"found": "a.json"})}, {}, "runs 'computed:find'"),
    "an unknown product": (
        {"collapse": Step("compute:compare", {"found": "a.json"}, reads=("evidence.verdict",))},
        {},
        "reads 'evidence.verdict', which no step writes",
    ),
    "two products of one name": (
        {"collapse": Step("compute:compare", {}, reads=("universality.summary", "evidence.summary"))},
        {},
        "reads two products called 'summary'",
    ),
    "the name of a stage": ({"fit": Step("compute:compare", {})}, {}, "the step 'fit' is also one of the stages"),
    "the name of another step": ({"evidence": Step("compute:compare", {})}, {}, "the step 'evidence' is also one of"),
    "an unknown need": ({}, {"needs": ("universality.sumary",)}, "needs names 'universality.sumary'"),
    "no section": ({}, {"section": "sektion:SECTION"}, "there is no sektion.py beside the declaration"),
}


@pytest.mark.parametrize(("own", "keys", "sentence"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_a_declaration_is_one_sentence(monkeypatch, own, keys, sentence):
    wrong = replace(load("collapse"), steps=own or load("collapse").steps, **keys)
    monkeypatch.setattr(steps, "load", lambda name: wrong if name == "collapse" else load(name))
    with pytest.raises(LosslawsError) as caught:
        list(steps.planned_steps())
    assert sentence in str(caught.value)
    assert "analyses/" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_step_gets_the_settings_that_it_declares_and_no_others():
    work = make_work("paper", "forecast", ("laws",), {"settings": {"laws": ["hill"]}}, {}, {})
    assert work.settings.laws == ("hill",)
    with pytest.raises(AttributeError, match="reads the setting 'horizon', which its settings_read does not name"):
        work.settings.horizon  # noqa: B018
    assert make_work("paper", "forecast", None, {}, {}, {}).settings.horizon == "2x"
    assert make_work("paper", "accuracy", (), {}, {}, {}).settings is None
    assert isinstance(work.settings, DeclaredSettings)


def test_relative_imports_are_followed():
    inside = dependencies.ROOT / "losslaws/analyses/evidence/compute.py"
    assert dependencies._package(inside, 0) == ""
    assert dependencies._package(inside, 1) == "losslaws.analyses.evidence"
    assert dependencies._package(inside, 2) == "losslaws.analyses"


def test_a_module_that_is_imported_relatively_is_a_dependency(tmp_path, monkeypatch):
    package = tmp_path / "losslaws"
    package.mkdir()
    for name, text in {
        "__init__": "",
        "one": "from .two import X\nfrom . import three\n",
        "two": "X = 1",
        "three": "",
    }.items():
        (package / f"{name}.py").write_text(text)
    monkeypatch.setattr(dependencies, "ROOT", tmp_path)
    found = dependencies.source_files(package / "two.py", ["losslaws.one"])
    assert {path.stem for path in found} == {"__init__", "one", "two", "three"}
