"""When classifiers reach which accuracy."""

import csv

import numpy as np
import pytest

from losslaws.analyses.accuracy.compute import accuracies, find_accuracies
from losslaws.analyses.accuracy.figure import draw
from losslaws.analyses.accuracy.section import SECTION
from losslaws.analyses.work import Work
from losslaws.config.fitting import Fitting
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.curves.table import write_curves
from losslaws.report.blocks import as_text
from losslaws.storage.records import write_record

T = np.array([10.0, 20.0, 30.0, 40.0])


def curve(split, accuracy, seed=1):
    about = {"task": "mod_add", "width": 8, "seed": seed, "split": split}
    name = f"mod_add_w8_s{seed}" + ("_test" if split == "test" else "")
    series = {} if accuracy is None else {"accuracy": np.array(accuracy)}
    return Curve(name, T, np.geomspace(1.0, 0.1, 4), about, series)


CURVES = [
    curve("train", [0.1, 0.99, 0.98, 1.0]),
    curve("test", [0.0, 0.2, 0.6, 1.0]),
    curve("train", [0.5, 0.9, 1.0, 1.0], seed=2),
    curve("test", [0.0, 0.0, 0.0, 0.05], seed=2),
]

GOLDEN = """\
Training accuracy reaches 99% in 2 of 2 runs, at epoch 20–30. Test accuracy reaches 99% in 1 of 2 runs, at
epoch 40. Test accuracy reaches 99% 2× later than training accuracy of the same run.

First epoch at each accuracy; delay = test epoch / training epoch at 99%.

curve               10%  50%  90%  99%  last accuracy  delay
------------------  ---  ---  ---  ---  -------------  -----
mod_add_w8_s1        10   20   20   20  100.00%            –
mod_add_w8_s1_test   20   30   40   40  100.00%            2
mod_add_w8_s2        10   10   20   30  100.00%            –
mod_add_w8_s2_test    –    –    –    –  5.00%              –"""


def test_first_epochs_and_the_delay_of_test_data():
    first, test, _, never = accuracies(CURVES)
    assert (first.t_10, first.t_50, first.t_90, first.t_99) == (10, 20, 20, 20)
    assert (first.last, first.delay_ratio) == (1.0, None)
    assert (test.t_10, test.t_50, test.t_90, test.t_99, test.delay_ratio) == (20, 30, 40, 40, 2.0)
    assert (never.t_10, never.t_99, never.delay_ratio, never.last) == (None, None, None, 0.05)


def work(folder, curves):
    write_curves(folder / "curves.parquet", curves, {})
    outputs = {"found": (folder / "accuracy.json",), "table": (folder / "accuracy.csv",)}
    return Work("digits", {"curves": (folder / "curves.parquet",)}, outputs, None, Fitting(), None)


def test_the_table_has_the_documented_columns(tmp_path):
    find_accuracies(work(tmp_path, CURVES))
    rows = list(csv.DictReader((tmp_path / "accuracy.csv").read_text().splitlines()))
    assert list(rows[0]) == [
        *("curve", "task", "width", "seed", "split", "last"),
        *("t_10", "t_50", "t_90", "t_99", "late"),
    ]
    assert [row["late"] for row in rows] == ["", "2.0", "", ""]


def test_curves_without_an_accuracy_are_a_mistake(tmp_path):
    assert accuracies([curve("train", None)]) == []
    with pytest.raises(LosslawsError, match=r"experiments\.digits\.analyses: accuracy needs curves with an accuracy"):
        find_accuracies(work(tmp_path, [curve("train", None)]))


def answer(folder, curves):
    write_record(folder / "accuracy.json", accuracies(curves))
    (paragraph,) = SECTION.answer(folder)
    return paragraph.text


def test_the_section_as_text(tmp_path):
    write_record(tmp_path / "accuracy.json", accuracies(CURVES))
    assert as_text([*SECTION.answer(tmp_path), *SECTION.body(tmp_path)]) == GOLDEN


def test_the_answer_without_a_delay(tmp_path):
    assert answer(tmp_path, CURVES[:1]) == "Training accuracy reaches 99% in 1 of 1 runs, at epoch 20."
    assert answer(tmp_path, CURVES[3:]) == "Test accuracy reaches 99% in 0 of 1 runs; the last one is 5%."


def test_figure_shows_every_split_of_every_cell():
    figure = draw([*CURVES, curve("train", None, seed=3)])
    loss, accuracy = figure.axes
    assert len(loss.lines) == 4
    assert [len(line.get_xdata()) for line in accuracy.lines][:4] == [4, 4, 4, 4]
    assert [line.get_linestyle() for line in loss.lines] == ["-", "--", "-", "--"]
