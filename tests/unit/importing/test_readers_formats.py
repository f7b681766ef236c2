"""Every format that is read, from files as its own writer makes them."""

import gzip
import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_files import (
    RATE,
    STEPS,
    loss_at,
    wandb_history,
    write_csv,
    write_events,
    write_jsonl,
    write_lightning,
    write_trainer_state,
    write_wandb_panel,
)
from pyarrow import parquet

from losslaws.core.errors import LosslawsError
from losslaws.core.registry import READERS, Registry
from losslaws.curves.vocabulary import SERIES
from losslaws.importing.columns import LOSS_NAMES, T_NAMES
from losslaws.importing.source import guess_format, read_files

PLAIN = {"step": STEPS, "lr": np.full(40, RATE), "loss": loss_at(STEPS)}


def one_curve(found):
    (curve,) = found.curves
    return curve


def assert_is_plain(curve):
    np.testing.assert_array_equal(curve.t, STEPS)
    np.testing.assert_allclose(curve.loss, loss_at(STEPS), rtol=1e-12)
    np.testing.assert_array_equal(curve.series["lr"], PLAIN["lr"])


@pytest.mark.parametrize(("name", "delimiter"), [("a.csv", ","), ("a.tsv", "\t"), ("a.csv", ";"), ("a.txt", "|")])
def test_csv(tmp_path, name, delimiter):
    path = write_csv(tmp_path / name, PLAIN, delimiter)
    found = read_files(str(path))
    assert_is_plain(one_curve(found))
    assert found.notes == [
        "format: csv (guessed)",
        "t: column 'step' (guessed)",
        "loss: column 'loss' (guessed)",
        "lr: column 'lr' (guessed)",
    ]


def test_compressed_csv_with_a_byte_order_mark(tmp_path):
    text = write_csv(tmp_path / "a.csv", PLAIN).read_text(encoding="utf-8")
    path = tmp_path / "b.csv.gz"
    path.write_bytes(gzip.compress(text.encode("utf-8-sig")))
    assert_is_plain(one_curve(read_files(str(path))))


def test_json_lines(tmp_path):
    path = write_jsonl(
        tmp_path / "a.jsonl",
        [dict(zip(PLAIN, map(float, row), strict=True)) for row in zip(*PLAIN.values(), strict=True)],
    )
    assert guess_format(path) == "jsonl"
    assert_is_plain(one_curve(read_files(str(path))))


def test_json_lines_with_nan_as_numbers_and_as_text(tmp_path):
    losses = [3.0, float("nan"), "NaN", "Infinity", float("inf"), 2.0]
    path = write_jsonl(tmp_path / "a.jsonl", [{"step": step, "loss": loss} for step, loss in enumerate(losses, 1)])
    found = read_files(str(path))
    np.testing.assert_array_equal(one_curve(found).loss, [3.0, np.nan, np.nan, np.inf, np.inf, 2.0])
    assert "2 NaN losses kept" in found.notes
    assert "2 infinite losses kept" in found.notes


@pytest.mark.parametrize("runs", [["a", "b"], [3, 4], [3, "b"], [0.5, 1.0]])
def test_json_lines_with_curves_told_apart_by_any_kind_of_value(tmp_path, runs):
    records = [{"step": step, "loss": 1.0, "run": run, "other": [run]} for run in runs for step in (1, 2)]
    found = read_files(str(write_jsonl(tmp_path / "a.jsonl", records)), name="x", curve="run")
    assert [curve.name for curve in found.curves] == [
        f"x_{run:g}" if isinstance(run, float) else f"x_{run}" for run in runs
    ]


@pytest.mark.parametrize("kind", [pa.float32(), pa.float64(), pa.int64(), pa.decimal128(20, 4), pa.string()])
def test_parquet(tmp_path, kind):
    values = pa.array([4.0, 2.0, 1.0]).cast(kind)
    path = tmp_path / "a.parquet"
    parquet.write_table(
        pa.table({"step": pa.array([1, 2, 3], pa.uint16()), "loss": values, "x.y": [[1], [2], [3]]}), path
    )
    curve = one_curve(read_files(str(path)))
    np.testing.assert_array_equal(curve.t, [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(curve.loss, [4.0, 2.0, 1.0])


def test_lightning(tmp_path):
    for version in (0, 1):
        write_lightning(tmp_path / f"version_{version}")
    found = read_files(str(tmp_path / "*/metrics.csv"), name="mnist")
    assert [curve.name for curve in found.curves] == ["mnist_version_0", "mnist_version_1"]
    curve = found.curves[0]
    np.testing.assert_array_equal(curve.t, np.arange(1, 40))
    np.testing.assert_allclose(curve.loss, loss_at(np.arange(2, 41)))
    np.testing.assert_allclose(curve.series["lr"], RATE * 0.5 ** (np.arange(1, 40) // 10))
    assert found.notes == [
        "format: lightning (guessed)",
        "t: column 'step' (guessed)",
        "loss: column 'train_loss' (guessed)",
        "lr: column 'lr-Adam' (guessed)",
        "88 rows without a loss skipped",
        "2 rows with t ≤ 0 skipped",
        "80 values of lr carried forward from earlier rows",
    ]


def test_validation_loss_where_it_is_asked_for(tmp_path):
    curve = one_curve(read_files(str(write_lightning(tmp_path)), loss="val_loss", t="epoch", lr=False))
    np.testing.assert_array_equal(curve.t, [1, 2, 3])
    assert "lr" not in curve.series


def test_trainer_state(tmp_path):
    found = read_files(str(write_trainer_state(tmp_path / "checkpoint-400")))
    curve = one_curve(found)
    np.testing.assert_array_equal(curve.t, np.arange(10, 401, 10))
    np.testing.assert_array_equal(curve.loss, loss_at(curve.t))
    np.testing.assert_array_equal(curve.series["lr"], RATE * (1 - curve.t / 400))
    assert found.notes[0] == "format: trainer_state (guessed)"
    assert found.notes[-1] == "5 rows without a loss skipped"


def test_wandb_panel(tmp_path):
    found = read_files(str(write_wandb_panel(tmp_path / "wandb_export.csv")), name="w")
    assert {curve.name: curve.t.size for curve in found.curves} == {"w_proud-sun-1": 40, "w_blue - sky": 30}
    np.testing.assert_array_equal(found.curves[1].loss, loss_at(STEPS[:30]))
    assert found.notes == [
        "format: wandb (guessed)",
        "t: column 'Step' (guessed)",
        "loss: metric 'train/loss' of each run (guessed)",
        "10 rows without a loss skipped",
    ]
    named = read_files(str(tmp_path / "wandb_export.csv"), name="w", loss="train/loss")
    assert [curve.name for curve in named.curves] == [curve.name for curve in found.curves]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_wandb_history(tmp_path, form):
    records = list(wandb_history())
    if form == "jsonl":
        path = write_jsonl(tmp_path / "history.jsonl", records)
    else:
        keys = dict.fromkeys(key for record in records for key in record)
        path = write_csv(tmp_path / "history.csv", {key: [record.get(key) for record in records] for key in keys})
    found = read_files(str(path))
    curve = one_curve(found)
    np.testing.assert_array_equal(curve.t, np.arange(1, 42))
    np.testing.assert_allclose(curve.loss, [*loss_at(np.arange(2, 42)), np.nan])
    np.testing.assert_array_equal(curve.series["lr"], np.full(41, RATE))
    assert found.notes[0] == "format: wandb (guessed)"
    assert {"5 rows without a loss skipped", "1 row with t ≤ 0 skipped", "1 NaN loss kept"} <= set(found.notes)


@pytest.mark.parametrize("new_style", [False, True])
def test_tensorboard(tmp_path, new_style):
    for run in ("base", "wide"):
        write_events(tmp_path / run, new_style=new_style)
    found = read_files(str(tmp_path), name="tb")
    assert [curve.name for curve in found.curves] == ["tb_base", "tb_wide"]
    np.testing.assert_array_equal(found.curves[0].t, STEPS)
    np.testing.assert_allclose(found.curves[0].loss, loss_at(STEPS), rtol=1e-6)
    np.testing.assert_allclose(found.curves[0].series["lr"], RATE, rtol=1e-6)
    assert "loss: column 'loss/train' (guessed)" in found.notes
    every_tag = read_files(str(tmp_path / "*/*tfevents*"), name="tb", loss="loss/*")
    assert [curve.name for curve in every_tag.curves] == [
        f"tb_{run}_loss/{split}" for run in ("base", "wide") for split in ("train", "val")
    ]


def test_tensorboard_run_that_was_resumed(tmp_path):
    write_events(tmp_path, steps=range(1, 31))
    (first,) = tmp_path.iterdir()
    first.rename(tmp_path / "events.out.tfevents.1")
    write_events(tmp_path, steps=range(26, 41))
    found = read_files(str(tmp_path))
    np.testing.assert_array_equal(one_curve(found).t, STEPS)
    assert "5 rows overwritten by later ones with the same or a smaller t skipped" in found.notes


def test_tensorboard_file_that_was_cut_off_and_one_that_is_damaged(tmp_path):
    write_events(tmp_path)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:-7])
    assert one_curve(read_files(str(path), lr=False)).t.size == 40
    path.write_bytes(whole[:1500] + b"\0" + whole[1501:])
    with pytest.raises(LosslawsError, match=r"is damaged after 1,4\d\d bytes"):
        read_files(str(path))


def test_tensorboard_without_the_package(tmp_path, monkeypatch):
    write_events(tmp_path)
    monkeypatch.setitem(sys.modules, "tensorboard.backend.event_processing.event_file_loader", None)
    with pytest.raises(LosslawsError, match=r"pip install 'losslaws\[tensorboard\]'"):
        read_files(str(tmp_path))


@pytest.mark.parametrize("name", READERS.names())
def test_garbage_is_told_in_a_sentence(tmp_path, name):
    path = tmp_path / "events.tfevents"

    @settings(max_examples=60)
    @given(st.binary(max_size=200) | st.text(max_size=60).map(str.encode) | st.sampled_from(SEEDS).flatmap(damaged))
    def check(content):
        path.write_bytes(content)
        try:
            assert read_files(str(path), format=name).curves
        except LosslawsError as error:
            told.append(str(error))

    told = []
    check()
    assert told
    assert not any("\n" in sentence for sentence in told)


SEEDS = (
    b"step,loss\n1,2\n2,1\n",
    b'{"_step": 1, "loss": 2}\n{"_step": 2, "loss": 1}\n',
    json.dumps({"log_history": [{"step": 1, "loss": 2}]}).encode(),
    b"PAR1" + bytes(40) + b"PAR1",
    b"Step,a - loss,a - loss__MIN\n1,2,3\n",
)


def damaged(content):
    """Draw the content with one byte replaced."""
    places = st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255))
    return places.map(lambda place: content[: place[0]] + bytes([place[1]]) + content[place[0] + 1 :])


def test_the_reader_of_the_documentation(tmp_path, monkeypatch):
    page = (Path(__file__).parents[3] / "docs/own-curves.md").read_text(encoding="utf-8")
    (body,) = re.findall(r"formats/npz.py`:\n\n```python\n(.*?)```", page, re.DOTALL)
    namespace = {}
    exec(compile(body, "npz.py", "exec"), namespace)
    monkeypatch.setitem(sys.modules, "losslaws.importing.formats.npz", SimpleNamespace(READER=namespace["READER"]))
    monkeypatch.setattr(Registry, "names", lambda registry: ["csv", "npz"])
    np.savez(tmp_path / "a.npz", **PLAIN, run=["a"] * 20 + ["b"] * 20)
    found = read_files(str(tmp_path / "a.npz"), name="x", curve="run")
    assert [curve.name for curve in found.curves] == ["x_a", "x_b"]
    np.testing.assert_array_equal(found.curves[1].loss, PLAIN["loss"][20:])
    (tmp_path / "b.npz").write_bytes(b"PK")
    with pytest.raises(LosslawsError, match=r"b\.npz cannot be read as a NumPy archive"):
        read_files(str(tmp_path / "b.npz"))


def test_the_documentation_names_what_is_guessed():
    page = (Path(__file__).parents[3] / "docs/own-curves.md").read_text(encoding="utf-8")
    listed = {
        name: re.findall(r"`(\w+)`", text)
        for name, text in re.findall(r"^- \*\*(\w+)\*\*: (.*?)\.\n(?=-|\n)", page, re.M | re.S)
    }
    assert listed["t"] == list(T_NAMES)
    assert {name: tuple(listed[name]) for name in SERIES if name in listed} == {
        name: series.aliases for name, series in SERIES.items() if series.aliases
    }
    assert listed["loss"][-len(LOSS_NAMES) :] == list(LOSS_NAMES)
    formats = re.findall(r"^\| `(\w+)` \| .* \| .* \|$", page.split("## Keys")[0], re.M)
    assert sorted(formats) == sorted(["format", *READERS.names()])
