"""The criterion and the recorder of docs/extending.md, typed in as files of their folders."""

import re
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch
from trainings import settings

from losslaws.core.registry import TASKS, Registry
from losslaws.curves.table import read_curves, write_curves
from losslaws.tasks.dataset import write_data
from losslaws.training.group import train_group
from losslaws.training.loop import as_tensors
from losslaws.training.models import build_model

PAGE = Path(__file__).parents[3] / "docs/extending.md"
MODULE = r"`workflow/losslaws/([\w/]+)\.py`:\n\n```python\n(.*?)```"
MODULES = dict(re.findall(MODULE, PAGE.read_text(encoding="utf-8"), re.DOTALL))


@pytest.fixture
def typed_in(tmp_path, monkeypatch):
    """Type modules of the page into folders that count as the library's."""
    names, new = Registry.names, []

    def write(path):
        package, _, name = path.replace("/", ".").rpartition(".")
        folder = tmp_path / package
        folder.mkdir()
        (folder / f"{name}.py").write_text(MODULES[path], encoding="utf-8")
        found = import_module(f"losslaws.{package}")
        monkeypatch.setattr(found, "__path__", [*found.__path__, str(folder)])
        new.append((package, name))

    def with_new(registry):
        return sorted([*names(registry), *(name for package, name in new if package == registry.package)])

    monkeypatch.setattr(Registry, "names", with_new)
    yield write
    for package, name in new:
        sys.modules.pop(f"losslaws.{package}.{name}", None)


def trained(name, tmp_path, **keys):
    write_data(tmp_path / "data.parquet", name, TASKS.load(name), [5])
    curves = train_group(tmp_path / "data.parquet", name, TASKS.load(name), 8, [5], settings(**keys))
    write_curves(tmp_path / "curves.parquet", curves, {})
    return read_curves(tmp_path / "curves.parquet")


def test_the_criterion_is_minimised_by_the_task_that_names_it(typed_in, tmp_path):
    typed_in("training/criteria/huber")
    typed_in("tasks/catalogue/outliers")
    (curve,) = trained("outliers", tmp_path, epochs=5, batch_size="full")
    assert curve.loss[-1] < curve.loss[0]
    samples = TASKS.load("outliers").sample(5)
    torch.manual_seed(5)
    model = build_model(TASKS.load("outliers"), 10, 8, settings())
    with torch.no_grad():
        error = np.abs(model(as_tensors(samples).inputs).squeeze(1).numpy() - samples.target)
    # Nothing was learned before the first step.
    assert curve.loss[0] == pytest.approx(np.where(error < 1, error**2 / 2, error - 1 / 2).mean(), rel=1e-5)


def test_the_recorder_writes_a_column(typed_in, tmp_path):
    (before,) = trained("classification", tmp_path)
    typed_in("training/recorders/confidence")
    (curve,) = trained("classification", tmp_path)
    np.testing.assert_array_equal(curve.loss, before.loss)
    assert curve.series["confidence"].shape == curve.t.shape
    assert ((curve.series["confidence"] > 0.2) & (curve.series["confidence"] < 1)).all()
    (other,) = trained("regression", tmp_path)
    assert other.series == {}
