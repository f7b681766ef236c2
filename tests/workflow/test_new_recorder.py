"""The criterion and the recorder of docs/extending.md, typed in, through to curve tables."""

import re

import pyarrow.parquet as pq
from tiny_study import ROOT

PAGE = (ROOT / "docs/extending.md").read_text(encoding="utf-8")


def type_in(study, heading):
    """Write the modules of a section, and its experiment at the end of the configuration."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    for path, text in re.findall(r"`(workflow/[\w/]+\.py)`:\n\n```python\n(.*?)```", section, re.DOTALL):
        study.write(path, text)
    (experiment,) = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    study.write("config.yaml", f"{study.text('config.yaml')}\n{experiment}")


def columns(study, path):
    """Build a curve table and return the names of its columns."""
    study.build(path)
    return pq.read_schema(study.folder / path).names


def test_a_criterion_makes_nothing_stale_and_is_minimized_by_the_task_that_names_it(study):
    type_in(study, "A criterion")
    assert study.planned() == set()
    path = "results/robust/curves/outliers_w8.parquet"
    assert "loss" in columns(study, path)
    assert study.planned(path) == set()
    study.comment("workflow/losslaws/training/criteria/huber.py")
    assert study.planned() == set()
    assert study.planned(path) == {"robust/curves/outliers_w8.parquet"}


def test_a_recorder_adds_a_column_to_every_curve_table_of_classes(study):
    path = "results/sure/curves/classification_w8.parquet"
    type_in(study, "A recorder")
    trained = {file for file in study.planned() if "/curves/" in file}
    assert trained >= {"other/curves/regression_w2.parquet"}
    assert columns(study, path) == ["curve", "t", "loss", "confidence", "task", "width", "seed", "split", "n_params"]
    assert study.planned(path) == set()
