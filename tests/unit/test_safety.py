"""Configurations and logs are data: nothing in them is run, and no name leads out of ``results/``."""

import ast
from pathlib import Path

import pytest

from losslaws.config.load import load_experiments
from losslaws.core.errors import LosslawsError

LIBRARY = Path(__file__).parents[2] / "workflow"
RUNS_DATA = {"eval", "exec", "compile", "__import__"}
UNSAFE = {
    ("yaml", "load"), ("yaml", "full_load"), ("yaml", "unsafe_load"), ("torch", "load"), ("os", "system"),
    ("pickle", "load"), ("pickle", "loads"), ("joblib", "load"), ("marshal", "loads"), ("pd", "read_pickle"),
}  # fmt: skip


def calls(path):
    """Yield every call in a file as the name of its module, or None, and of its function, with its keywords."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            words = {keyword.arg: keyword.value for keyword in node.keywords}
            if isinstance(node.func, ast.Name):
                yield None, node.func.id, words
            elif isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
                yield node.func.value.id, node.func.attr, words


def test_nothing_that_is_read_is_run_but_files_of_the_users_own():
    found = set()
    for path in sorted(LIBRARY.rglob("*.py")):
        for module, function, words in calls(path):
            if (module is None and function in RUNS_DATA) or (module, function) in UNSAFE:
                found.add((path.name, function))
            assert not {"shell", "allow_pickle"} & set(words), f"{path.name}: {function}"
    assert found == {("registry.py", "exec"), ("registry.py", "compile")}


@pytest.mark.parametrize("name", ["../out", "/tmp/out", "a/b", "..", ".hidden", "", "line\n", "x" * 101, "a b", "é"])
@pytest.mark.parametrize("source", ["experiment", "import"])
def test_no_name_leads_out_of_the_results(name, source):
    entry = {"import": [{"name": name, "files": "logs/*.csv"}]} if source == "import" else {}
    config = {"run": ["mine"], "experiments": {"mine": entry} if source == "import" else {name: {}, "mine": {}}}
    with pytest.raises(LosslawsError, match="may have only letters, digits"):
        load_experiments(config)


@pytest.mark.parametrize("key", ["tasks", "fitting", "analyses"])
def test_no_plug_in_is_sought_outside_its_folder(key):
    entry = {"tasks": ["mod_add"], "widths": [8]}
    entry |= {"fitting": {"laws": ["../secret"]}} if key == "fitting" else {key: ["../secret"]}
    with pytest.raises(LosslawsError, match="unknown"):
        load_experiments({"run": ["mine"], "experiments": {"mine": entry}})
