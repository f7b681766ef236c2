"""The documents say what the code does: tables, examples, links and pins are compared with their sources."""

import json
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import yaml

from losslaws.analyses.evidence.results import CurveEvidence, CurveOutcome
from losslaws.analyses.evidence.tables import columns_of
from losslaws.analyses.forecast.results import ForecastRow
from losslaws.analyses.universality.compute import describe, write_results
from losslaws.config.load import load_experiments
from losslaws.config.reference import SCHEMA, experiment_rows, page, top_rows
from losslaws.config.schema import descriptions, schema
from losslaws.core.registry import LAWS
from losslaws.curves.curve import Curve
from losslaws.fitting.fit_table import fit_curves
from losslaws.fitting.fitted import join_fits
from losslaws.fitting.status import STATUS_TEXT
from losslaws.forecasting.backtest import BacktestRow, BacktestSummary

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SNIPPET = re.compile(r"`([\w./]+)`:\n\n```(\w+)\n(.*?)```", re.DOTALL)


def document(name):
    return (ROOT / name).read_text(encoding="utf-8")


def first_column(text, heading):
    """Return the code-formatted first cells of the table below a heading."""
    section = re.split(r"^#+ ", text, flags=re.MULTILINE)
    body = next(part for part in section if part.startswith(heading + "\n"))
    return [name for line in body.splitlines() for name in re.findall(r"^\| (`[^|]+`) \|", line)]


def names(cells):
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


def anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    prose = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\((?!https?://)([^)\s]+)\)", prose):
        file, _, section = target.partition("#")
        linked = path.parent / file if file else path
        assert linked.exists(), f"{path.name} links to {target}"
        if section:
            headings = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            assert section in map(anchor, headings), f"{path.name} links to {target}"


# --- docs/reference/config.md ---


def test_config_reference_is_made_from_the_records():
    text = document("docs/reference/config.md")
    assert page(text) == text
    for row in (*top_rows(), *experiment_rows()):
        assert f"\n{row}\n" in text


def test_the_schema_for_editors_is_made_from_the_records():
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == schema()


def test_config_examples_are_accepted():
    for block in re.findall(r"```yaml\n(.*?)```", document("docs/reference/config.md"), re.DOTALL):
        assert load_experiments(yaml.safe_load(block))


# --- docs/reference/files.md and results.md ---


@pytest.fixture(scope="module")
def laws():
    return [LAWS.load(name) for name in ("power_law", "exponential", "stretched_exp", "log_power")]


@pytest.fixture(scope="module")
def curve():
    t = np.arange(1.0, 81.0)
    attributes = {"task": "regression", "width": 8, "seed": 42, "split": "train", "n_params": 249}
    return Curve("regression_w8_s42", t, 2.0 * np.exp(-((t / 20.0) ** 0.7)) + 0.1, attributes)


@pytest.fixture(scope="module")
def results_folder(tmp_path_factory, laws, curve):
    study = {"tasks": ["regression"], "widths": [8], "training": {"epochs": 80}}
    study = load_experiments({"run": ["tiny"], "experiments": {"tiny": study}})["tiny"]
    folder = tmp_path_factory.mktemp("tiny")
    runs = join_fits([curve], fit_curves([curve], laws, 10), laws)
    write_results(folder, describe(study.name, study.grid, study.fitting, runs), runs, laws)
    return folder


def test_fit_table_columns(laws, curve):
    columns = fit_curves([curve], laws, 10).column_names
    documented = names(first_column(document("docs/reference/files.md"), "Fit table"))
    assert sorted(documented) == sorted(columns)


@pytest.mark.parametrize(("heading", "kind"), [("Evidence table", CurveEvidence), ("Multiverse table", CurveOutcome)])
def test_evidence_columns(heading, kind):
    assert names(first_column(document("docs/reference/files.md"), heading)) == list(columns_of(kind))


def test_forecast_columns():
    text = document("docs/reference/files.md")
    section = text.split("## Back-test\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", section, re.MULTILINE)
    assert rows == [*descriptions(BacktestRow).items(), *descriptions(BacktestSummary).items()]
    documented = re.search(r"^`tables/forecasts.csv`: (.+)$", text, re.MULTILINE)[1]
    assert re.findall(r"`([^`]+)`", documented) == [field.name for field in fields(ForecastRow)]


def test_statuses():
    section = document("docs/reference/files.md").split("## Status")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", section, re.MULTILINE)
    assert dict(rows) == STATUS_TEXT


def test_tables_of_results(results_folder):
    text = document("docs/reference/files.md")
    for path in (results_folder / "tables").iterdir():
        documented = re.search(rf"^`tables/{path.name}`: (.+)$", text, re.MULTILINE)
        assert documented, path.name
        columns = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        assert re.findall(r"`([^`]+)`", documented[1]) == columns


def test_results_keys(results_folder):
    result = json.loads((results_folder / "results.json").read_text(encoding="utf-8"))
    curves = json.loads((results_folder / "full_curves.json").read_text(encoding="utf-8"))
    parts = {
        "metadata": result["metadata"],
        "metadata.provenance": result["metadata"]["provenance"],
        "runs_summary": result["runs_summary"][0],
        "fit_support": result["runs_summary"][0]["fit_support"],
        "fits": result["runs_summary"][0]["fits"][0],
        "universality": result["universality"],
        "full_curves.json": curves[0],
    }
    text = document("docs/reference/results.md")
    for heading, value in parts.items():
        assert sorted(names(first_column(text, heading))) == sorted(value), heading


# --- docs/method.md ---


def interval(bounds):
    return " – ".join(f"{bound:g}" for bound in bounds)


def test_laws_of_the_method_are_those_of_the_library(laws):
    epochs = np.arange(1.0, 1501.0)
    studied = [
        f"| `{law.name}` | {law.formula} | `{shape.name}` | {interval(shape.bounds_on('paper', epochs))} | "
        f"{interval(shape.bounds_on('wide', epochs))} | `{law.exponent}` |"
        for law in laws
        for shape in law.shapes
    ]
    others = [f"| `{law.name}` | {law.formula} | {law.source} |" for law in map(LAWS.load, LAWS.names())]
    section = document("docs/method.md").split("## Laws")[1].split("\n## ")[0]
    written = [line for line in section.splitlines() if line.startswith("| `")]
    assert set(studied) <= set(written) <= {*studied, *others}


# --- docs/experiments.md, config.yaml ---


def test_experiments_beyond_the_published_study_are_explained():
    studies = load_experiments(yaml.safe_load(document("config.yaml")))
    text = document("docs/experiments.md")
    explained = [name for name in studies if name not in ("paper", "smoke", "calibration")]
    assert [name for name in explained if f"`{name}`" not in text and f"`{name.split('_')[0]}_…`" not in text] == []


# --- docs/extending.md ---


def snippets():
    return SNIPPET.findall(document("docs/extending.md"))


@pytest.mark.parametrize(("path", "body"), [(path, body) for path, kind, body in snippets() if kind == "diff"])
def test_changes_apply(path, body):
    old = "".join(f"{line[1:]}\n" for line in body.splitlines() if line[:1] in ("", " ", "-"))
    assert old
    assert document(path).count(old) == 1


def example(path):
    """Run an example module of the documentation and return its names."""
    body = next(body for target, _, body in snippets() if target == path)
    namespace = {}
    exec(compile(body, path, "exec"), namespace)
    return namespace


def test_example_task_draws_the_same_data_again():
    task = example("workflow/losslaws/tasks/catalogue/majority.py")["TASK"]
    first, again = task.sample(3), task.sample(3)
    assert set(np.unique(first.target)) == {0, 1}
    assert np.array_equal(first.target, again.target)
    assert all(column.dtype == np.float32 for column in first.features.values())


def test_example_law_finds_its_own_parameters(curve):
    law = example("workflow/losslaws/laws/time/truncated_power_law.py")["LAW"]
    truth = {"a": 3.0, "beta": 0.5, "lambda": 0.02, "L_inf": 0.2}
    row = fit_curves([Curve("one", curve.t, law(curve.t, truth))], [law]).to_pylist()[0]
    assert {name: row[name] for name in truth} == pytest.approx(truth, rel=1e-4)


# --- docs/dependencies.md, CITATION.cff ---


def test_every_pin_has_a_reason():
    files = ("requirements.txt", "slurm.txt", "docs.txt")
    lines = [line for file in files for line in document(f"envs/{file}").splitlines()]
    pinned = [re.split(r"[=\[]", line)[0] for line in lines if line and not line.startswith("#")]
    documented = re.findall(r"^\| `([\w-]+)` \|", document("docs/dependencies.md"), re.MULTILINE)
    assert sorted(documented) == sorted(pinned)


def test_citation_is_of_this_version():
    citation = yaml.safe_load(document("CITATION.cff"))
    settings = tomllib.loads(document("pyproject.toml"))
    assert citation["version"] == settings["tool"]["setuptools_scm"]["fallback_version"]
    assert citation["license"] == settings["project"]["license"]
