"""A first run builds everything, quietly, and says truly what each job depends on."""

import json
from pathlib import Path

import pytest

from losslaws.core.registry import LIBRARY
from losslaws.plan.dependencies import is_declaration


def test_then_nothing_is_to_be_done(finished):
    assert finished.planned() == set()


def test_leaves_whole_files_only(finished):
    names = {path.name for path in finished.folder.glob("results/smoke/**/*") if path.is_file()}
    assert {"results.json", "full_curves.json", "report.txt", "regression_w2.parquet"} <= names
    assert not [name for name in names if name.endswith(".tmp")]


def test_shows_no_warning_and_no_traceback(first_run):
    _, shown = first_run
    assert "Warning" not in shown
    assert "Traceback" not in shown


def imports(study):
    """Return one record per job: its rule, its log, the library files it lists, and the modules it imported."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in (study.folder / "imports").iterdir()]


def test_every_job_imports_the_library_files_that_its_rule_lists(finished):
    records = imports(finished)
    rules = {record["rule"] for record in records}
    assert {"data", "train", "fit", "universality", "figure_aic_comparison", "report"} <= rules
    for record in records:
        modules = {name: path for name, path in record["imported"].items() if name.split(".")[0] == "losslaws"}
        script, *listed = [(finished.folder / path).resolve() for path in record["listed"]]
        assert script.parent.name == "scripts"
        imported = {Path(path).resolve() for path in modules.values()}
        assert {path for path in imported if not declares(path)} == set(listed), record["log"]


def declares(path):
    """Whether a file of the study's library holds nothing but declarations, which its rules need not list."""
    inside = path.parts[path.parts.index("losslaws") :]
    return is_declaration(Path(LIBRARY.parent, *inside))


@pytest.mark.parametrize(
    ("rule", "library"),
    [("data", "torch"), ("fit", "torch"), ("fit", "pandas"), ("fit", "matplotlib"), ("universality", "torch")],
)
def test_start_up_is_light(finished, rule, library):
    records = [record for record in imports(finished) if record["rule"] == rule]
    assert records
    assert not [record["log"] for record in records if library in record["imported"]]
