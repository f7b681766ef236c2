"""Plug-ins found by file name, and the library files that a script depends on."""

import pytest
from builders import PAPER_LAWS

from losslaws.core.errors import LosslawsError
from losslaws.core.registry import ANALYSES, LAWS, LIBRARY, TASKS, unknown
from losslaws.plan.dependencies import source_files

REGISTRIES = {"task": TASKS, "law": LAWS, "analysis": ANALYSES}


def test_what_there_is():
    assert TASKS.names() == [
        "classification",
        "digits",
        "fourier",
        "mod_add",
        "mod_div",
        "mod_mul",
        "mod_sub",
        "regression",
        "sparse_parity",
        "teacher",
    ]
    assert set(PAPER_LAWS) <= set(LAWS.names())
    assert "universality" in ANALYSES.names()


@pytest.mark.parametrize("kind", REGISTRIES)
def test_every_entry_loads(kind):
    registry = REGISTRIES[kind]
    assert registry.names() == sorted(registry.names())
    for name in registry.names():
        assert not name.startswith("_")
        entry = registry.load(name)
        assert getattr(entry, "name", name) == name
        assert registry.module(name).endswith(f".{name}")


@pytest.mark.parametrize("name", ["_law", "", "power-law", "../errors", "losslaws.core.errors"])
def test_what_is_not_an_entry_is_refused(name):
    with pytest.raises(LosslawsError, match=r"is unknown.*; choose from .*power_law"):
        LAWS.load(name)


def test_a_near_miss_is_suggested():
    assert unknown("mod_ad", ["mod_mul", "mod_add"]) == (
        "'mod_ad' is unknown (did you mean 'mod_add'?); choose from mod_mul, mod_add"
    )
    assert unknown(3, ["x"]) == "3 is unknown; choose from x"


@pytest.fixture
def script(tmp_path):
    def write(text):
        path = tmp_path / f"script_{len(list(tmp_path.iterdir()))}.py"
        path.write_text(text)
        return path

    return write


def found(script, modules=()):
    return {str(path.relative_to(LIBRARY)) for path in source_files(script, modules)}


def test_imports_are_followed(script):
    assert found(script("import os\nfrom losslaws.core import errors\n")) == {
        "__init__.py",
        "core/__init__.py",
        "core/errors.py",
    }
    assert found(script("def late():\n    from losslaws.core.registry import unknown\n")) == {
        "__init__.py",
        "core/__init__.py",
        "core/registry.py",
        "core/errors.py",
    }


def test_files_loaded_by_name_are_followed_too(script):
    nothing = script("import json\n")
    assert found(nothing) == set()
    assert found(nothing, ["losslaws.tasks.catalogue.mod_add"]) == {
        "__init__.py",
        "tasks/__init__.py",
        "tasks/task.py",
        "tasks/catalogue/__init__.py",
        "tasks/catalogue/_modular.py",
        "tasks/catalogue/mod_add.py",
    }


def test_one_task_or_law_does_not_bring_the_others(script):
    fitting = found(script("from losslaws.fitting.fit_table import fit_curves\n"), ["losslaws.laws.time.exponential"])
    assert {path for path in fitting if path.startswith("laws/")} == {
        "laws/__init__.py",
        "laws/law.py",
        "laws/time/__init__.py",
        "laws/time/exponential.py",
    }
    assert not {path for path in fitting if path.startswith(("tasks/", "training/", "plotting/", "analyses/"))}


def test_every_import_of_the_library_is_a_file():
    for path in LIBRARY.rglob("*.py"):
        assert all(file.is_file() for file in source_files(path))
