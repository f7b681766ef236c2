"""Curve tables: what is valid comes back exactly, what is not is refused with its place."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.curves.table import read_curves, write_curves
from losslaws.curves.vocabulary import IDENTIFYING
from losslaws.storage import files as storage

SOUND = Curve(
    "mod_add_w8_s42", np.array([1.0, 2.0, 3.5]), np.array([3.0, 2.0, np.nan]), {"task": "mod_add", "width": 8}
)

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
integers = st.integers(-(2**63), 2**63 - 1)
attributes = st.fixed_dictionaries(
    {}, optional={name: names if kind == pa.string() else integers for name, kind in IDENTIFYING.items()}
)
rates = st.floats(0.0, 1e3)


@st.composite
def curves(draw, name):
    """Draw a valid curve."""
    steps = draw(st.lists(st.floats(1e-3, 1e12), min_size=1, max_size=12))
    t = np.unique(np.cumsum(steps))
    loss = draw(arrays(np.float64, t.size, elements=st.floats()))
    rate = draw(st.none() | arrays(np.float64, t.size, elements=rates))
    accuracy = draw(st.none() | arrays(np.float64, t.size, elements=st.floats(0.0, 1.0)))
    return Curve(name, t, loss, draw(attributes), rate, accuracy)


tables = st.lists(names, min_size=1, max_size=5, unique=True).flatmap(
    lambda chosen: st.tuples(*(curves(name) for name in chosen))
)


@settings(max_examples=200)
@given(tables)
def test_valid_curves_come_back_exactly(tmp_path, given_ones):
    path = tmp_path / "curves.parquet"
    write_curves(path, given_ones, {"source": "test"})
    found = read_curves(path)
    assert [curve.name for curve in found] == [curve.name for curve in given_ones]
    for one, other in zip(found, given_ones, strict=True):
        assert one.t.dtype == one.loss.dtype == np.float64
        np.testing.assert_array_equal(one.t, other.t)
        np.testing.assert_array_equal(one.loss, other.loss)
        np.testing.assert_array_equal(np.signbit(one.loss), np.signbit(other.loss))
        assert dict(one.attributes) == dict(other.attributes)
        for told, given_one in ((one.learning_rate, other.learning_rate), (one.accuracy, other.accuracy)):
            assert (told is None) == (given_one is None)
            if told is not None:
                np.testing.assert_array_equal(told, given_one)


def test_columns_are_there_only_where_something_is_known(tmp_path):
    path = tmp_path / "curves.parquet"
    write_curves(path, [SOUND, Curve("bare", np.array([1.0]), np.array([1.0]))], {})
    table = storage.read_table(path)
    assert table.column_names == ["curve", "t", "loss", "task", "width"]
    assert table["width"].to_pylist() == [8, 8, 8, None]


INVALID = {
    "no curves": ([], "there are no curves"),
    "an empty name": ([replace(SOUND, name="")], "curve '' has an empty name"),
    "a name twice": ([SOUND, SOUND], "curve 'mod_add_w8_s42' appears twice"),
    "no points": ([replace(SOUND, t=np.array([]), loss=np.array([]))], "has no points"),
    "unequal lengths": ([replace(SOUND, loss=np.array([1.0]))], "has 3 values of t for 1 losses"),
    "two axes": ([replace(SOUND, t=np.ones((1, 1)), loss=np.ones((1, 1)))], "values of t"),
    "t of zero": ([replace(SOUND, t=np.array([0.0, 1.0, 2.0]))], "above 0 and strictly increasing"),
    "negative t": ([replace(SOUND, t=np.array([-1.0, 1.0, 2.0]))], "above 0 and strictly increasing"),
    "t twice": ([replace(SOUND, t=np.array([1.0, 2.0, 2.0]))], "strictly increasing"),
    "falling t": ([replace(SOUND, t=np.array([3.0, 2.0, 1.0]))], "strictly increasing"),
    "t that is no number": ([replace(SOUND, t=np.array([1.0, np.nan, 3.0]))], "needs t that is finite"),
    "infinite t": ([replace(SOUND, t=np.array([1.0, 2.0, np.inf]))], "needs t that is finite"),
    "too few learning rates": ([replace(SOUND, learning_rate=np.ones(2))], "2 values of lr for 3 values of t"),
}


@pytest.mark.parametrize(("wrong", "what"), INVALID.values(), ids=INVALID.keys())
def test_invalid_curves_are_refused_and_nothing_is_written(tmp_path, wrong, what):
    path = tmp_path / "curves.parquet"
    with pytest.raises(LosslawsError) as caught:
        write_curves(path, wrong, {})
    assert str(caught.value).startswith(f"{path}: ")
    assert what in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def table_of(**columns):
    sound = {"curve": ["a", "a", "b"], "t": [1.0, 2.0, 1.0], "loss": [1.0, 2.0, 3.0]}
    return pa.table({name: column for name, column in {**sound, **columns}.items() if column is not None})


FOREIGN = {
    "a column is missing": (table_of(loss=None), "has no column loss; it has curve, t"),
    "no rows": (table_of().slice(0, 0), "there are no curves"),
    "the rows of a curve are apart": (table_of(curve=["a", "b", "a"]), "curve 'a' appears twice"),
    "t falls": (table_of(t=[2.0, 1.0, 1.0]), "curve 'a' needs t"),
    "t is missing": (table_of(t=[1.0, None, 1.0]), "curve 'a' needs t"),
    "a name is empty": (table_of(curve=["a", "a", ""]), "has an empty name"),
    "a name is missing": (table_of(curve=["a", "a", None]), "has an empty name"),
}


@pytest.mark.parametrize(("table", "what"), FOREIGN.values(), ids=FOREIGN.keys())
def test_tables_that_break_a_rule_are_refused(tmp_path, table, what):
    path = tmp_path / "curves.parquet"
    storage.write_table(path, table, {})
    with pytest.raises(LosslawsError) as caught:
        read_curves(path)
    assert str(path) in str(caught.value)
    assert what in str(caught.value)


def test_missing_losses_are_not_numbers(tmp_path):
    path = tmp_path / "curves.parquet"
    storage.write_table(path, table_of(loss=pa.array([1.0, None, 3.0])), {})
    first, _ = read_curves(path)
    np.testing.assert_array_equal(first.loss, [1.0, np.nan])


def test_several_row_groups_are_one_table(tmp_path):
    path = tmp_path / "curves.parquet"
    t = np.arange(1.0, 100_001.0)
    long = [Curve(f"c{number}", t, np.sqrt(t) + number, {"seed": number}) for number in range(12)]
    write_curves(path, long, {})
    found = read_curves(path)
    assert [dict(curve.attributes) for curve in found] == [{"seed": number} for number in range(12)]
    for one, other in zip(found, long, strict=True):
        np.testing.assert_array_equal(one.loss, other.loss)
