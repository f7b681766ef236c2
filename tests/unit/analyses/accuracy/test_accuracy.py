"""When classifiers get it right."""

import numpy as np
import pytest

from losslaws.analyses.accuracy.compute import accuracy_rows
from losslaws.analyses.accuracy.section import ANALYSIS
from losslaws.curves.curve import Curve
from losslaws.plotting.draw import make
from losslaws.storage.csv_tables import write_csv

T = np.array([10.0, 20.0, 30.0, 40.0])


def curve(split, accuracy, seed=1):
    about = {"task": "mod_add", "width": 8, "seed": seed, "split": split}
    name = f"mod_add_w8_s{seed}" + ("_test" if split == "test" else "")
    return Curve(
        name, T, np.geomspace(1.0, 0.1, 4), about, {} if accuracy is None else {"accuracy": np.array(accuracy)}
    )


CURVES = [
    curve("train", [0.1, 0.99, 0.98, 1.0]),
    curve("test", [0.0, 0.2, 0.6, 1.0]),
    curve("train", [0.5, 0.9, 1.0, 1.0], seed=2),
    curve("test", [0.0, 0.0, 0.0, 0.05], seed=2),
]


def test_first_epochs_and_how_late_test_data_are():
    first, test, _, never = accuracy_rows(CURVES)
    assert [first[name] for name in ("t_10", "t_50", "t_90", "t_99", "last", "late")] == [10, 20, 20, 20, 1.0, None]
    assert [test[name] for name in ("t_10", "t_50", "t_90", "t_99", "late")] == [20, 30, 40, 40, 2.0]
    assert [never[name] for name in ("t_10", "t_99", "late", "last")] == [None, None, None, 0.05]


def test_curves_without_an_accuracy_have_no_row():
    assert accuracy_rows([curve("train", None)]) == []


@pytest.mark.parametrize(
    ("curves", "sentence"),
    [
        (CURVES, "Test accuracy reaches 99% in 1 of 2 runs, at epoch 40. Test accuracy gets there 2 times as late"),
        (CURVES[2:], "Test accuracy reaches 99% in 0 of 1 runs; at the end it is 5%."),
        (CURVES[:1], "Train accuracy reaches 99% in 1 of 1 runs, at epoch 20."),
    ],
)
def test_answer(tmp_path, curves, sentence):
    write_csv(tmp_path / "tables/accuracy.csv", accuracy_rows(curves))
    (paragraph,) = ANALYSIS.answer(tmp_path)
    assert sentence in paragraph.text
    _, table = ANALYSIS.section(tmp_path)
    assert [row[0] for row in table.rows] == [each.name for each in curves]


def test_figure_shows_every_split_of_every_cell():
    figure = make("accuracy", CURVES)
    loss, accuracy = figure.axes
    assert len(loss.lines) == 4
    assert [len(line.get_xdata()) for line in accuracy.lines][:4] == [4, 4, 4, 4]
