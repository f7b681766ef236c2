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
from losslaws.curves.vocabulary import ATTRIBUTES, SERIES
from losslaws.storage import files as storage

SOUND = Curve(
    "mod_add_w8_s42", np.array([1.0, 2.0, 3.5]), np.array([3.0, 2.0, np.nan]), {"task": "mod_add", "width": 8}
)

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
integers = st.integers(-(2**63), 2**63 - 1)
values_of = {pa.string(): names, pa.int64(): integers, pa.float64(): st.floats(allow_nan=False)}
attributes = st.fixed_dictionaries(
    {},
    optional={
        **{name: values_of[entry.type] for name, entry in ATTRIBUTES.items()},
        "commit": names,
        "depth": integers,
        "dropout": st.floats(allow_nan=False),
        "tied": st.booleans(),
    },
)
numbers = st.floats(-1e3, 1e3)
recorded = (*SERIES, "grad_norm", "effective rank")


@st.composite
def curves(draw, name):
    """Draw a valid curve."""
    steps = draw(st.lists(st.floats(1e-3, 1e12), min_size=1, max_size=12))
    t = np.unique(np.cumsum(steps))
    loss = draw(arrays(np.float64, t.size, elements=st.floats()))
    series = {key: draw(arrays(np.float64, t.size, elements=numbers)) for key in recorded if draw(st.booleans())}
    return Curve(name, t, loss, draw(attributes), series)


tables = st.lists(names, min_size=1, max_size=5, unique=True).flatmap(
    lambda chosen: st.tuples(*(curves(name) for name in chosen))
)


@pytest.mark.slow
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
        assert {key: type(value) for key, value in one.attributes.items()} == {
            key: type(value) for key, value in other.attributes.items()
        }
        assert one.series.keys() == other.series.keys()
        for key, values in one.series.items():
            np.testing.assert_array_equal(values, other.series[key])


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
    "too few learning rates": ([replace(SOUND, series={"lr": np.ones(2)})], "2 values of lr for 3 values of t"),
}

INVALID |= {
    "too few values of any series": ([replace(SOUND, series={"norm": np.ones(4)})], "4 values of norm for 3 values"),
    "a series of a reserved name": (
        [replace(SOUND, series={"t": np.ones(3)})],
        "has a series 't', which is the name of a column of the curve table; rename it",
    ),
    "an attribute of a reserved name": ([replace(SOUND, attributes={"loss": 1.0})], "has an attribute 'loss'"),
    "an attribute as a series": (
        [replace(SOUND, series={"n_tokens": np.ones(3)})],
        "has a series 'n_tokens', which is the name of an attribute",
    ),
    "a series as an attribute": ([replace(SOUND, attributes={"lr": 0.1})], "has an attribute 'lr', which is the name"),
    "a name for both": (
        [replace(SOUND, series={"rank": np.ones(3)}), replace(SOUND, name="b", attributes={"rank": 3})],
        "'rank' is a series and an attribute; rename one of them",
    ),
    "a width that is not whole": (
        [replace(SOUND, attributes={"width": 8.5})],
        "has the attribute width 8.5; expected a whole number",
    ),
    "a list as an attribute": (
        [replace(SOUND, attributes={"sizes": [8, 8]})],
        "has the attribute sizes [8, 8]; expected text, a number, true or false",
    ),
    "text in one curve and a number in another": (
        [replace(SOUND, attributes={"a": "x"}), replace(SOUND, name="b", attributes={"a": 1})],
        "the attribute 'a' is text in one curve and a whole number in another; expected values of one type",
    ),
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
    "a column of no kind": (table_of(norm=[1.0, 2.0, 3.0]), "a column 'norm' that is not marked as a series or an"),
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


def test_known_columns_need_no_mark(tmp_path):
    path = tmp_path / "curves.parquet"
    storage.write_table(path, table_of(lr=[0.1, 0.2, 0.1], width=[8, 8, 16], noise_rho=[0.5, 0.5, None]), {})
    first, second = read_curves(path)
    np.testing.assert_array_equal(first.series["lr"], [0.1, 0.2])
    assert dict(first.attributes) == {"width": 8, "noise_rho": 0.5}
    assert dict(second.attributes) == {"width": 16}


def test_only_unknown_columns_are_marked(tmp_path):
    path = tmp_path / "curves.parquet"
    series = {"norm": np.ones(3), "lr": np.ones(3)}
    write_curves(path, [replace(SOUND, attributes={"tied": True, "width": 8}, series=series)], {})
    marks = {field.name: (field.metadata or {}).get(b"losslaws") for field in storage.read_table(path).schema}
    known = dict.fromkeys(["curve", "t", "loss", "lr", "width"])
    assert marks == known | {"norm": b"series", "tied": b"attribute"}
    assert list(marks) == ["curve", "t", "loss", "lr", "norm", "width", "tied"]


def test_whole_numbers_among_others_are_numbers(tmp_path):
    path = tmp_path / "curves.parquet"
    write_curves(path, [replace(SOUND, attributes={"a": 1}), replace(SOUND, name="b", attributes={"a": 0.5})], {})
    assert [curve.attributes["a"] for curve in read_curves(path)] == [1.0, 0.5]
