"""Files are whole or absent; a damaged one is named, with what to delete."""

import errno
import json
import os

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from losslaws.core.errors import LosslawsError
from losslaws.storage import files as storage

pytestmark = pytest.mark.slow

TABLE = pa.table(
    {
        "name": ["é", "b", None],
        "x": [1.5, float("nan"), float("-inf")],
        "n": [1, None, 3],
        "marks": [["a"], [], None],
    }
)
REBUILD = "delete this file and run snakemake again to rebuild it"


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "made" / "table.parquet"
    storage.write_table(file, TABLE, {"task": "mod_add"})
    return file


def listed(folder):
    return sorted(entry.name for entry in folder.iterdir())


def test_a_table_comes_back_with_its_origin(path):
    table = storage.read_table(path)
    assert table.column_names == TABLE.column_names
    assert repr(table.to_pylist()) == repr(TABLE.to_pylist())
    assert storage.origin_of(table) == {"task": "mod_add"}
    assert listed(path.parent) == ["table.parquet"]


def test_equal_tables_make_equal_files(path, tmp_path):
    storage.write_table(tmp_path / "again.parquet", TABLE, {"task": "mod_add"})
    assert (tmp_path / "again.parquet").read_bytes() == path.read_bytes()


def test_the_versions_that_made_a_table_are_stored(path):
    stored = json.loads(pq.read_schema(path).metadata[b"losslaws"])
    assert sorted(stored["versions"]) == ["losslaws", "numpy", "pyarrow"]
    assert stored["versions"]["numpy"] == np.__version__


def test_a_missing_file_says_how_to_build_it(tmp_path):
    for read in (storage.read_table, storage.read_json):
        with pytest.raises(LosslawsError, match=r"nowhere does not exist: run snakemake to build it"):
            read(tmp_path / "nowhere")


def test_a_foreign_file_is_refused(tmp_path):
    path = tmp_path / "foreign.parquet"
    pq.write_table(TABLE, path)
    with pytest.raises(LosslawsError, match=r"foreign\.parquet was not written by losslaws .* move it away"):
        storage.read_table(path)


def test_a_table_changed_by_another_program_is_refused(path):
    table = pq.read_table(path)
    changed = table.rename_columns(["name", "y", "n", "marks"]).replace_schema_metadata(table.schema.metadata)
    pq.write_table(changed, path)
    with pytest.raises(LosslawsError, match=REBUILD):
        storage.read_table(path)


def test_every_truncation_is_named(path):
    whole = path.read_bytes()
    for length in range(0, len(whole), 5):
        path.write_bytes(whole[:length])
        with pytest.raises(LosslawsError) as caught:
            storage.read_table(path)
        assert str(path) in str(caught.value)
        assert str(caught.value).endswith(REBUILD)


@pytest.mark.parametrize("bit", range(8))
def test_every_flipped_bit_is_named_or_harmless(path, bit):
    whole, expected, refused = path.read_bytes(), repr(TABLE.to_pylist()), 0
    for position in range(bit, len(whole), 5):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 1 << bit]) + whole[position + 1 :])
        told = told_about(path, expected)
        refused += told is not None
        assert told is None or (str(path) in told and ("delete this file" in told or "move it away" in told))
    assert refused > len(whole) // 10


def told_about(path, expected):
    """Return what reading a table says; None if it comes back as expected, with its origin."""
    try:
        table = storage.read_table(path)
    except LosslawsError as error:
        return str(error)
    same = repr(table.to_pylist()) == expected and storage.origin_of(table) == {"task": "mod_add"}
    return None if same else "it differs"


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "value.json"
    storage.write_json(path, {"old": 1})
    for value in (float("nan"), float("inf"), {"set": {1}}, "\ud800"):
        with pytest.raises((ValueError, TypeError)):
            storage.write_json(path, {"new": value})

    def half(temporary):
        temporary.write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        storage.write_atomically(path, half)
    assert storage.read_json(path) == {"old": 1}
    assert listed(tmp_path) == ["value.json"]


def test_nobody_sees_a_file_before_it_is_whole(tmp_path):
    path = tmp_path / "slow.txt"

    def watched(temporary):
        temporary.write_text("half")
        assert not path.exists()
        assert temporary.parent == path.parent
        temporary.write_text("whole")

    storage.write_atomically(path, watched)
    assert path.read_text() == "whole"


def test_a_folder_that_cannot_be_written_to_is_left_alone(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LosslawsError, match=r"inside\.txt could not be written \(.+\): fix that and rerun the same"):
        storage.write_text(tmp_path / "file" / "inside.txt", "text")
    assert listed(tmp_path) == ["file"]


@pytest.mark.parametrize(
    ("error", "told"), [(OSError(errno.ENOSPC, "x"), "No space left on device"), (OSError("encoder"), "encoder")]
)
def test_what_the_system_refuses_is_told_with_the_file(tmp_path, error, told):
    path = tmp_path / "figure.png"

    def write(temporary):
        temporary.write_bytes(b"half")
        raise error

    with pytest.raises(LosslawsError, match=rf"figure\.png could not be written \({told}\): fix that"):
        storage.write_atomically(path, write)
    assert listed(tmp_path) == []


def test_a_lack_of_space_that_shows_late_costs_no_file(tmp_path, monkeypatch):
    path = tmp_path / "value.json"
    storage.write_json(path, {"old": 1})

    def refuse(file):
        raise OSError(errno.EDQUOT, "x")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(LosslawsError, match="could not be written"):
        storage.write_json(path, {"new": 1})
    assert storage.read_json(path) == {"old": 1}
    assert listed(tmp_path) == ["value.json"]


def test_what_a_killed_writer_left_goes_with_the_next_write_of_the_same_file(tmp_path):
    for name in (".a[1].txt.123.tmp", ".a[1].txt.45.tmp", ".a1.txt.123.tmp", ".b.txt.123.tmp", "a[1].txt.123.tmp"):
        (tmp_path / name).write_text("half", encoding="utf-8")
    storage.write_text(tmp_path / "a[1].txt", "whole")
    assert listed(tmp_path) == [".a1.txt.123.tmp", ".b.txt.123.tmp", "a[1].txt", "a[1].txt.123.tmp"]


def test_text_has_unix_line_ends_and_utf8(tmp_path):
    storage.write_text(tmp_path / "text.txt", "β → 0\nL∞\n")
    assert (tmp_path / "text.txt").read_bytes() == "β → 0\nL∞\n".encode()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(json_values.filter(lambda value: "\\ud" not in json.dumps(value)))
def test_json_comes_back(tmp_path, value):
    storage.write_json(tmp_path / "value.json", value)
    assert storage.read_json(tmp_path / "value.json") == value


@pytest.mark.parametrize("content", [b"", b"{", b'{"a": 1', b"\xff\xfe", b"[1, 2"])
def test_damaged_json_is_named(tmp_path, content):
    path = tmp_path / "results.json"
    path.write_bytes(content)
    with pytest.raises(LosslawsError) as caught:
        storage.read_json(path)
    assert str(caught.value).startswith(f"{path} is damaged")
    assert str(caught.value).endswith(REBUILD)


def test_numbers_that_json_cannot_hold_become_null(tmp_path):
    value = {"interval": [0.5, float("inf")], "rows": [{"p": float("nan"), "name": "a", "n": 3}]}
    storage.write_json(tmp_path / "a.json", storage.finite(value))
    assert storage.read_json(tmp_path / "a.json") == {
        "interval": [0.5, None],
        "rows": [{"p": None, "name": "a", "n": 3}],
    }
