"""Curves of test loss go through fits, counts, results and figures beside those of training loss."""

import json

import numpy as np
import pytest
from builders import tiny_experiment
from matplotlib.text import Text

from losslaws.analyses.universality import figure_aic, figure_exponents
from losslaws.analyses.universality.compute import describe, write_results
from losslaws.config.training import Training
from losslaws.core.registry import TASKS
from losslaws.curves.curve import Curve
from losslaws.curves.table import read_curves, write_curves
from losslaws.fitting.fit_table import fit_curves
from losslaws.fitting.fitted import join_fits
from losslaws.plotting import fits
from losslaws.tasks.dataset import write_data
from losslaws.training.group import train_group

T = np.arange(1.0, 81.0)
FIGURES = {
    "loss_curves_with_fits": fits.draw,
    "aic_comparison": figure_aic.draw,
    "exponent_distributions": figure_exponents.draw,
}
GROUP = "mod_add_w8"


def grokking(seed, split):
    """A training loss that falls at once, or a test loss that rises and falls when all is over."""
    noise = 1e-3 * np.random.default_rng(seed).standard_normal(T.size)
    fall = np.exp(-T / 5) if split == "train" else 3 / (1 + np.exp((T - 60) / 2)) - np.exp(-T / 5)
    attributes = {"task": "mod_add", "width": 8, "seed": seed, "split": split, "n_params": 100}
    accuracy = (fall < 0.1).astype(np.float64)
    name = f"{GROUP}_s{seed}" if split == "train" else f"{GROUP}_s{seed}_test"
    return Curve(name, T, fall + noise + 0.1, attributes, {"accuracy": accuracy})


def rising(seed):
    """A test loss that only rises."""
    curve = grokking(seed, "test")
    return Curve(curve.name, T, np.log(T) + 1, curve.attributes, curve.series)


@pytest.fixture
def runs(tmp_path, laws):
    curves = [grokking(1, "train"), grokking(1, "test"), grokking(2, "train"), rising(2)]
    write_curves(tmp_path / "curves.parquet", curves, {})
    read = read_curves(tmp_path / "curves.parquet")
    return join_fits(read, fit_curves(read, laws, 10), laws)


def test_they_are_counted_as_a_task_of_their_own(runs, laws, tmp_path):
    study = tiny_experiment(tasks=["mod_add"], widths=[8], seeds=[1, 2], training={"train_fraction": 0.4})
    write_results(tmp_path, describe(study.name, study.grid, study.fitting, runs), runs, laws)
    result = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert result["metadata"]["tasks"] == ["mod_add", "mod_add (test)"]
    assert set(result["universality"]["best_form_by_task"]) == {"mod_add", "mod_add (test)"}
    assert sum(result["universality"]["support_by_task"]["mod_add"].values()) == 2
    statuses = {run["curve"]: {fit["status"] for fit in run["fits"]} for run in result["runs_summary"]}
    assert statuses[f"{GROUP}_s2_test"] == {"not_falling"}


@pytest.mark.parametrize("figure", [fits, figure_aic, figure_exponents])
def test_they_are_drawn(runs, laws, figure):
    drawn = figure.draw(runs, laws, 10)
    assert any("mod_add (test)" in text.get_text() for text in drawn.findobj(Text))


def test_accuracy_follows_the_loss(tmp_path):
    path, task = tmp_path / "data.parquet", TASKS.load("digits")
    write_data(path, "digits", task, [1], 0.5)
    settings = Training(epochs=25, train_fraction=0.5, learning_rate=0.01, batch_size=64)
    train, test = train_group(path, "digits", task, 16, [1], settings)
    assert train.series["accuracy"][-1] > 0.97
    assert 0.85 < test.series["accuracy"][-1] < train.series["accuracy"][-1]
    assert test.loss[-1] > train.loss[-1]
