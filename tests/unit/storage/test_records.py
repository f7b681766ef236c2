"""Typed records as JSON: what is written comes back, names stay names, and damage is told."""

import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from losslaws.analyses.accuracy.compute import Accuracies
from losslaws.analyses.accuracy.section import SECTION as ACCURACY
from losslaws.analyses.replicates.compute import Replicates, WinShare
from losslaws.analyses.replicates.section import SECTION as REPLICATES
from losslaws.core.errors import LosslawsError
from losslaws.report.blocks import Table
from losslaws.storage.records import read_record, write_record

NAMES = ("1e5", "007", "nan", "1_000", " 3", "true", "")
"""Names that a table of text would take for numbers, or for nothing."""


@dataclass(frozen=True)
class Point:
    t: float
    loss: float | None = None


@dataclass(frozen=True)
class Found:
    name: str
    points: tuple[Point, ...] = ()
    shares: dict[str, float] | None = None


points = st.builds(Point, st.floats(allow_nan=False, allow_infinity=False), st.none() | st.floats(0, 1))
records = st.builds(
    Found, st.text(), st.lists(points).map(tuple), st.none() | st.dictionaries(st.text(), st.floats(0, 1))
)


@given(records)
def test_a_record_comes_back(tmp_path_factory, record):
    path = tmp_path_factory.mktemp("records") / "found.json"
    write_record(path, record)
    assert read_record(path, Found) == record
    write_record(path, [record, record])
    assert read_record(path, tuple[Found, ...]) == (record, record)


def test_every_field_is_there_for_vars(tmp_path):
    (tmp_path / "found.json").write_text('{"name": "a", "points": [{"t": 1}]}')
    found = read_record(tmp_path / "found.json", Found)
    assert vars(found) == {"name": "a", "points": (Point(1.0),), "shares": None}
    assert vars(found.points[0]) == {"t": 1.0, "loss": None}


def test_what_json_cannot_hold_is_null(tmp_path):
    write_record(tmp_path / "found.json", [Point(1.0, float("nan")), Point(2.0, float("inf"))])
    assert [row["loss"] for row in json.loads((tmp_path / "found.json").read_text())] == [None, None]


@pytest.mark.parametrize(
    "content", ["[]", '{"points": []}', '{"name": 3}', '{"name": "a", "points": [{"t": "1"}]}', "{"]
)
def test_damage_is_told_in_one_sentence(tmp_path, content):
    path = tmp_path / "found.json"
    path.write_text(content)
    with pytest.raises(LosslawsError) as caught:
        read_record(path, Found)
    assert str(caught.value).startswith(f"{path} is damaged (")
    assert str(caught.value).endswith("delete this file and run snakemake again to rebuild it")


def first_cells(blocks):
    """Return the first cell of every row of every table."""
    return [row[0] for block in blocks if isinstance(block, Table) for row in block.rows]


@pytest.mark.parametrize("name", NAMES)
def test_a_curve_whose_name_looks_like_a_number_keeps_it_in_the_report(tmp_path, name):
    row = Accuracies(name, "digits", 8, 1, "train", 0.5, 1.0, 2.0, None, None)
    write_record(tmp_path / "accuracy.json", [row])
    assert first_cells(ACCURACY.body(tmp_path)) == [name]


@pytest.mark.parametrize("name", NAMES)
def test_a_task_whose_name_looks_like_a_number_keeps_it_in_the_report(tmp_path, name):
    write_record(tmp_path / "replicates.json", Replicates((WinShare(name, None, "hill", 2, 1, 0.5, 0.1, 0.9),), ()))
    assert read_record(tmp_path / "replicates.json", Replicates).shares[0].task == name
    assert first_cells(REPLICATES.body(tmp_path)) == [name, "all"]
