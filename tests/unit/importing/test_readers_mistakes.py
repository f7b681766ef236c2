"""What cannot be imported, each told in one sentence with its file, line, key and the columns there are."""

import json
import re

import numpy as np
import pyarrow as pa
import pytest
from log_files import write_csv, write_events, write_jsonl
from pyarrow import parquet

from losslaws.core.errors import LosslawsError
from losslaws.importing.source import read_files

LONG = "step,loss\n" + "1,2\n"


def refused(files, **keys):
    """Return the sentence that importing ends with, with the folder shortened to …"""
    with pytest.raises(LosslawsError) as caught:
        read_files(files if isinstance(files, list) else str(files), **keys)
    sentence = str(caught.value)
    assert "\n" not in sentence
    return re.sub(r"\S*/pytest-of-\S*?/\w+\d/", "…/", sentence)


def file(tmp_path, name, content):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ("none.csv", "files: …/none.csv does not exist"),
        ("*.csv", "files: …/*.csv matches no file"),
        (
            "folder",
            "files: …/folder is a folder without TensorBoard event files; name files, for example …/folder/*.csv",
        ),
    ],
)
def test_missing_files(tmp_path, files, sentence):
    (tmp_path / "folder").mkdir()
    assert refused(tmp_path / files) == sentence


def test_no_files():
    assert refused([]) == "files: the list is empty; name at least one file or glob"


@pytest.mark.parametrize("kind", ["csv", "jsonl", "lightning", "parquet", "tensorboard", "trainer_state", "wandb"])
def test_empty_file(tmp_path, kind):
    sentence = refused(file(tmp_path, "a.csv", ""), format=kind)
    assert sentence.startswith("…/a.csv ")
    assert re.search("is empty|size is 0", sentence)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", "", "…/a.csv is empty"),
        ("a.csv", " \n\n", "…/a.csv is empty"),
        ("a.csv", "step,loss\n", "…/a.csv has no rows below its header"),
        ("a.csv", "step,loss", "…/a.csv has no rows below its header"),
        ("a.csv", "step,loss\n\n\n1,2\n2,abc\n", "…/a.csv, line 5: 'abc' in column 'loss' is not a number"),
        ("a.csv", "loss,step\n1,2\n2,abc\n", "…/a.csv, line 3: 'abc' in column 'step' is not a number"),
        ("a.csv", 'step,loss,note\n1,2,"a\nb"\n2,abc,\n', "…/a.csv, line 4: 'abc' in column 'loss' is not a number"),
        (
            "a.csv",
            "step,loss\n" + "1,2\n" * 9000 + "2,\n3,4,5\n",
            "…/a.csv, line 9003: the header has 2 columns, this line 3",
        ),
        ("a.csv", "step;loss\n1;2,5\n", "…/a.csv, line 2: '2,5' in column 'loss' is not a number"),
        ("a.csv", "step,loss,loss\n1,2,3\n", "…/a.csv has 2 columns 'loss' (loss:): give each a name of its own"),
        (
            "a.csv",
            "step,note\n1,2\n",
            "…/a.csv has no column that looks like a loss: name one with loss:; it has step, note",
        ),
        (
            "a.csv",
            "x,loss\n1,2\n",
            "…/a.csv has no column that looks like steps or epochs: name one with t:; it has x, loss",
        ),
        (
            "a.csv",
            "step,loss_a,loss_b\n1,2,3\n",
            "…/a.csv has several columns that may be the loss, loss_a, loss_b: name one with loss:",
        ),
        ("a.csv", b"step,loss\n1,\xff\n", "…/a.csv is not UTF-8 text (invalid start byte): convert it to UTF-8"),
        ("a.csv", "step,loss\n1,2\n".encode("utf-16"), "…/a.csv is not UTF-8 text: it has bytes that no text has"),
        ("a.csv", bytes(range(256)), "…/a.csv is not UTF-8 text: it has bytes that no text has"),
        (
            "a.bin",
            bytes(range(256)),
            "the format of …/a.bin cannot be told: name it with format:, one of csv, jsonl, lightning, parquet, "
            "tensorboard, trainer_state, wandb",
        ),
        ("a.csv.gz", b"not compressed", "…/a.csv.gz cannot be read (zlib inflate failed: incorrect header check)"),
        ("a.jsonl", '{"step": 1, "loss": 2}\n\n{"step": 2,\n', "…/a.jsonl, line 3 is not JSON"),
        ("a.jsonl", '{"step": 1, "loss": 2}\n[3]\n', "…/a.jsonl, line 2 is not an object"),
        (
            "a.jsonl",
            '{"step": 1, "loss": 2}\n{"step": 2, "loss": "low"}\n',
            "…/a.jsonl, line 2: 'low' in column 'loss'",
        ),
        ("a.jsonl", '{"step": 1, "loss": 2}\n{"step": 2, "loss": true}\n', "…/a.jsonl, line 2: True in column 'loss'"),
        ("a.jsonl", b'{"step": 1, "loss": 2}\n{"step": 2, "run": "\xff"}\n', "…/a.jsonl is not UTF-8 text"),
        ("trainer_state.json", '{\n"log_history": [\n', "…/trainer_state.json, line 3 is not JSON"),
        ("trainer_state.json", '{"epoch": 1}', "…/trainer_state.json has no list 'log_history' of objects"),
        ("trainer_state.json", '{"log_history": []}', "…/trainer_state.json: log_history has no entries"),
        (
            "trainer_state.json",
            json.dumps({"log_history": [{"step": 1, "loss": 2}, {"step": 2, "loss": [1]}]}),
            "…/trainer_state.json, entry 2 of log_history: [1] in column 'loss' is not a number",
        ),
        ("a.parquet", b"PAR1 and then nothing of the kind PAR1", "…/a.parquet cannot be read as Parquet"),
        ("events.tfevents", bytes(range(256)), "…/events.tfevents has no scalars"),
    ],
)
def test_content(tmp_path, name, content, sentence):
    assert refused(file(tmp_path, name, content)).startswith(sentence)


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"t": "epoch"}, "…/a.csv has no column 'epoch' (t:); it has step, loss, lr"),
        ({"loss": "val"}, "…/a.csv has no column 'val' (loss:); it has step, loss, lr"),
        ({"loss": ["loss", "val*"]}, "…/a.csv has no column 'val*' (loss:); it has step, loss, lr"),
        ({"curve": "run"}, "…/a.csv has no column 'run' (curve:); it has step, loss, lr"),
        ({"lr": "rate"}, "…/a.csv has no column 'rate' (lr:); it has step, loss, lr"),
        (
            {"t": "cumulative_lr", "lr": False},
            "t: cumulative_lr needs a learning rate: name its column with lr: instead of false",
        ),
        (
            {"format": "cvs"},
            "format 'cvs' is unknown (did you mean 'csv'?); choose from csv, jsonl, lightning, parquet, tensorboard, "
            "trainer_state, wandb",
        ),
    ],
)
def test_settings(tmp_path, keys, sentence):
    assert refused(write_csv(tmp_path / "a.csv", {"step": [1, 2], "loss": [2, 1], "lr": [1, 1]}), **keys) == sentence


def test_many_columns_are_not_all_listed(tmp_path):
    path = write_csv(tmp_path / "a.csv", {"step": [1], **{f"c{number}": [1] for number in range(50)}})
    assert refused(path).endswith("c17, c18, … (51 columns)")


def test_cumulative_learning_rate_without_a_column(tmp_path):
    path = write_csv(tmp_path / "a.csv", {"step": [1, 2], "loss": [2, 1]})
    assert refused(path, t="cumulative_lr") == (
        "…/a.csv has no column that looks like a learning rate, which t: cumulative_lr needs: name one with lr:; "
        "it has step, loss"
    )


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        (["2.5", "low", "1"], "…/a.parquet, row 2: 'low' in column 'loss' is not a number"),
        ([True, False, True], "…/a.parquet: column 'loss' holds bool, not numbers"),
        ([[1], [2], [3]], "…/a.parquet: column 'loss' holds list<element: int64>, not numbers"),
    ],
)
def test_parquet_columns(tmp_path, column, sentence):
    parquet.write_table(pa.table({"step": [1, 2, 3], "loss": column}), tmp_path / "a.parquet")
    assert refused(tmp_path / "a.parquet") == sentence
    assert refused(tmp_path / "a.parquet", t="epoch") == "…/a.parquet has no column 'epoch' (t:); it has step, loss"


def test_parquet_that_was_cut_off(tmp_path):
    parquet.write_table(pa.table({"step": np.arange(1.0, 1e4), "loss": np.arange(1.0, 1e4)}), tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    assert refused(file(tmp_path, "b.parquet", whole[:-200])).startswith("…/b.parquet cannot be read as Parquet")
    broken = whole[:40] + bytes(2000) + whole[2040:]
    assert refused(file(tmp_path, "c.parquet", broken)).startswith("…/c.parquet cannot be read as Parquet")


def test_tensorboard_without_scalars(tmp_path):
    write_events(tmp_path, tags=())
    assert re.search("tfevents.* has no scalars", refused(tmp_path))


@pytest.mark.parametrize("layout", ["one after the other", "in turn"])
def test_curves_that_are_mixed(tmp_path, layout):
    steps = [1, 2, 3, 1, 2, 3] if layout == "one after the other" else [1, 1, 2, 2, 3, 3]
    path = write_csv(tmp_path / "a.csv", {"step": steps, "loss": [6, 5, 4, 3, 2, 1]})
    assert refused(path, name="x") == (
        "import x from …/a.csv: curve 'x' looks like several curves in one, because t repeats, goes back or starts "
        "over in its 6 rows: name the columns that tell them apart with curve:, or another t:"
    )


def test_two_curves_of_one_name(tmp_path):
    path = write_csv(tmp_path / "a.csv", {"step": [1, 1], "loss": [2, 1], "a": ["1_2", "1"], "b": ["3", "2_3"]})
    assert refused(path, name="x", curve=["a", "b"]).startswith(
        "import x from …/a.csv: two curves would be named 'x_1_2_3', one of …/a.csv"
    )
    write_jsonl(tmp_path / "a.jsonl", [{"step": 1, "loss": 2}, {"step": 2, "loss": 1}])
    assert refused([str(tmp_path / "a.csv"), str(tmp_path / "a.jsonl")], name="x", loss="loss").startswith(
        "import x from …/a.csv and 1 more: two curves would be named 'x_a', one of …/a.csv and one of …/a.jsonl: "
    )


def test_units_that_differ_by_column(tmp_path):
    write_csv(tmp_path / "a.csv", {"step": [100, 200], "loss": [2, 1]})
    write_csv(tmp_path / "b.csv", {"epoch": [1, 2], "loss": [2, 1]})
    assert refused(tmp_path / "*.csv") == (
        "t seems to be column 'step' in …/a.csv but column 'epoch' in …/b.csv: name the one column with t:, "
        "or import the files as two sources"
    )


def test_units_that_differ_by_size(tmp_path):
    write_csv(tmp_path / "a.csv", {"t": [100, 20000], "loss": [2, 1]})
    write_csv(tmp_path / "b.csv", {"t": [0.5, 1.5], "loss": [2, 1]})
    assert refused(tmp_path / "*.csv", name="x") == (
        "import x from …/a.csv and 1 more: t seems to have several units, because curve 'x_a' has whole numbers "
        "up to 20000 and curve 'x_b' fractions up to 1.5: import them as two sources"
    )


def test_training_loss_in_one_file_and_validation_loss_in_another(tmp_path):
    write_csv(tmp_path / "a.csv", {"step": [1, 2], "train_loss": [2, 1]})
    write_csv(tmp_path / "b.csv", {"step": [1, 2], "val_loss": [2, 1]})
    assert refused(tmp_path / "*.csv").startswith(
        "loss seems to be column 'train_loss' in …/a.csv but column 'val_loss'"
    )


def test_no_point_is_left(tmp_path):
    path = write_csv(tmp_path / "a.csv", {"step": [0, 1], "loss": [2, ""]})
    assert refused(path, name="x") == (
        "import x from …/a.csv: no curve of part 1 has a point left: 1 row without a loss skipped; "
        "1 row with t ≤ 0 skipped; 1 curve without a point skipped"
    )
