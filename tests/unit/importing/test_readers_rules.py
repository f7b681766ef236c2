"""The rules of import: columns, names, parts, repeated t, thinning, attributes; on any data."""

import subprocess
import sys
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from log_files import STEPS, loss_at, write_csv
from pyarrow import parquet

from losslaws.config.sources import Import
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import check_curves
from losslaws.curves.vocabulary import SERIES, Series
from losslaws.importing import collect
from losslaws.importing.collect import grouped
from losslaws.importing.files import labels
from losslaws.importing.points import cumulative_rate, held, looks_mixed, standing, thinned
from losslaws.importing.source import Imported, import_curves, read_files

SHARED = Path(__file__).parents[4] / "shared/data"


def long_table(runs=("a", "b", "c"), points=5):
    """Rows of several runs in turn: all runs at step 1, all at step 2, …"""
    steps = np.repeat(np.arange(1, points + 1), len(runs))
    return {"step": steps, "run": list(runs) * points, "loss": loss_at(steps) + np.arange(len(steps))}


# --- curves and their names ---


def test_long_layout(tmp_path):
    table = long_table()
    found = read_files(str(write_csv(tmp_path / "a.csv", table)), name="x", curve="run")
    assert [curve.name for curve in found.curves] == ["x_a", "x_b", "x_c"]
    for number, curve in enumerate(found.curves):
        np.testing.assert_array_equal(curve.t, np.arange(1, 6))
        np.testing.assert_array_equal(curve.loss, table["loss"][number::3])
        assert curve.attributes == {"task": "x"}


@pytest.mark.parametrize("loss", [["a", "b"], "[ab]", ["a", "*"]])
def test_wide_layout(tmp_path, loss):
    path = write_csv(tmp_path / "a.csv", {"step": STEPS, "a": loss_at(STEPS), "b": 2 * loss_at(STEPS)})
    found = read_files(str(path), name="x", loss=loss)
    assert [curve.name for curve in found.curves] == ["x_a", "x_b"]
    np.testing.assert_array_equal(found.curves[1].loss, 2 * loss_at(STEPS))


def test_a_column_whose_name_is_a_pattern_is_that_column(tmp_path):
    path = write_csv(tmp_path / "a.csv", {"step": [1, 2], "loss[a]": [3.0, 2.0], "lossa": [4.0, 3.0]})
    (curve,) = read_files(str(path), loss="loss[a]").curves
    np.testing.assert_array_equal(curve.loss, [3.0, 2.0])


def test_attributes_come_from_columns_that_are_constant(tmp_path):
    table = {
        "step": [1, 2, 1, 2],
        "loss": [3.0, 2.0, 3.0, 2.0],
        "width": [8, 8, 16, 16],
        "seed": [1, 2, 3, 3],
        "split": ["train"] * 4,
        "n_params": [10.0, 10.0, None, None],
    }
    first, second = read_files(str(write_csv(tmp_path / "a.csv", table)), name="x", curve=["width"]).curves
    assert (first.name, second.name) == ("x_w8", "x_w16")
    assert first.attributes == {"task": "x", "width": 8, "split": "train", "n_params": 10}
    assert second.attributes == {"task": "x", "width": 16, "split": "train", "seed": 3}


def test_an_attribute_that_is_no_whole_number_is_counted(tmp_path):
    path = write_csv(tmp_path / "a.csv", {"step": [1, 2], "loss": [3.0, 2.0], "width": ["wide", "wide"]})
    found = read_files(str(path), name="x")
    assert found.curves[0].attributes == {"task": "x"}
    assert "1 attribute skipped that should be a whole number" in found.notes


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["a.csv"], ["a"]),
        (["logs/a.csv", "logs/b.1.csv"], ["a", "b.1"]),
        (["25M/cosine.csv", "100M/cosine.csv"], ["25M", "100M"]),
        (["25M/x/cosine.csv", "100M/x/cosine.csv", "25M/x/wsd.csv"], ["25M_x_cosine", "100M_x_cosine", "25M_x_wsd"]),
        (["r/version_0/metrics.csv", "r/version_1/metrics.csv"], ["version_0", "version_1"]),
        (["a.csv.gz", "b.jsonl"], ["a", "b"]),
        (["metrics.csv", "a/metrics.csv"], ["metrics", "a_metrics"]),
        (["a.csv", "a.jsonl"], ["a", "a"]),
    ],
)
def test_labels_of_files(paths, expected):
    assert list(labels([Path(path) for path in paths]).values()) == expected


def test_several_patterns_name_each_file_once(tmp_path):
    for name in ("b", "a"):
        write_csv(tmp_path / f"{name}.csv", {"step": [1, 2], "loss": [3.0, 2.0]})
    found = read_files([str(tmp_path / "b.csv"), str(tmp_path / "**/*.csv")], name="x")
    assert [curve.name for curve in found.curves] == ["x_b", "x_a"]


# --- parts ---


@pytest.mark.parametrize("parts", [1, 2, 3, 5])
@pytest.mark.parametrize("layout", ["long", "wide", "files"])
def test_parts_are_disjoint_and_together_all(tmp_path, parts, layout):
    if layout == "long":
        write_csv(tmp_path / "a.csv", long_table("abcde"))
        keys = {"curve": "run"}
    elif layout == "wide":
        write_csv(tmp_path / "a.csv", {"step": [1, 2], **{name: [2.0, 1.0] for name in "abcde"}})
        keys = {"loss": "?"}
    else:
        for name in "abcde":
            write_csv(tmp_path / f"{name}.csv", {"step": [0, 1, 2], "loss": [3.0, 2.0, 1.0]})
        keys = {}
    source = Import(name="x", files=str(tmp_path / "*.csv"), chunks=parts, **keys)
    found = [import_curves(source, part) for part in range(1, parts + 1)]
    names = [[curve.name for curve in one.curves] for one in found]
    assert sorted(chain.from_iterable(names)) == [f"x_{name}" for name in "abcde"]
    assert max(map(len, names)) - min(map(len, names)) <= 1
    whole = import_curves(replace(source, chunks=1))
    assert sum((one.skipped for one in found), start=whole.skipped.__class__()) == +whole.skipped
    assert all(one.guesses == whole.guesses for one in found)


def test_more_chunks_than_curves(tmp_path):
    path = write_csv(tmp_path / "a.csv", long_table("ab"))
    with pytest.raises(LosslawsError, match=r"fewer curves \(2\) than chunks \(3\): lower chunks: to 2$"):
        import_curves(Import(name="x", files=str(path), curve="run", chunks=3), 3)


# --- series and attributes ---


def test_a_series_of_the_vocabulary_is_imported(tmp_path, monkeypatch):
    monkeypatch.setitem(SERIES, "grad_norm", Series("", "norm of the gradient", aliases=("grad_norm", "gnorm")))
    (tmp_path / "a.csv").write_text("step,loss,gnorm,run\n1,3,,a\n1,4,0.5,b\n2,2,7,a\n2,3,,b\n3,1,,a\n3,2,,c\n")
    found = read_files(str(tmp_path / "a.csv"), curve="run")
    assert "grad_norm: column 'gnorm' (guessed)" in found.notes
    first, second, third = found.curves
    # A measurement is not carried forward.
    np.testing.assert_array_equal(first.series["grad_norm"], [np.nan, 7.0, np.nan])
    np.testing.assert_array_equal(second.series["grad_norm"], [0.5, np.nan])
    assert third.series == {}


def test_each_run_has_series_of_its_own(tmp_path):
    columns = {"step": [1, 2], "a - loss": [3, 2], "a - noise_trace": [5, 6], "b - loss": [4, 3]}
    first, second = read_files(str(write_csv(tmp_path / "a.csv", columns)), format="wandb").curves
    np.testing.assert_array_equal(first.series["noise_trace"], [5.0, 6.0])
    assert second.series == {}


def test_attributes_have_the_types_of_the_vocabulary(tmp_path):
    columns = {
        "step": [1, 2], "loss": [3, 2], "batch_size": [64.0, 64.0], "dataset": ["007", "007"],
        "noise_rho": [0.5, 0.5], "signal_to_noise": ["high", "high"], "n_tokens": [1.5, 1.5], "seed": [1, 2],
    }  # fmt: skip
    found = read_files(str(write_csv(tmp_path / "a.csv", columns)), name="x")
    assert dict(found.curves[0].attributes) == {"task": "x", "batch_size": 64, "dataset": "007", "noise_rho": 0.5}
    assert "1 attribute skipped that should be a number" in found.notes
    assert "1 attribute skipped that should be a whole number" in found.notes


def test_gaps_are_filled_curve_by_curve():
    values, numbers = np.array([0.1, np.nan, np.nan, 0.3]), np.array([0, 0, 1, 0], np.int32)
    np.testing.assert_array_equal(held(values, numbers, np.array([np.nan, 0.2])), [0.1, 0.1, 0.2, 0.3])


# --- t ---


@pytest.mark.parametrize(
    ("t", "stand"),
    [
        ([1, 2, 3], [1, 1, 1]),
        ([1, 2, 3, 4, 3, 4, 5], [1, 1, 0, 0, 1, 1, 1]),
        ([1, 5, 9, 6, 7], [1, 1, 0, 1, 1]),
        ([1, 2, 2, 3], [1, 0, 1, 1]),
    ],
)
def test_which_rows_stand(t, stand):
    np.testing.assert_array_equal(standing(np.array(t, float)), np.array(stand, bool))


@pytest.mark.parametrize(
    ("t", "mixed"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 6, 7, 8], False),
        ([1, 2, 2, 2, 2, 3], False),
        ([1, 1, 2, 2, 3, 3], True),
        ([*range(1, 200), *range(1, 500)], True),
        ([*range(1, 500), *range(2, 200)], True),
        ([9, 8, 7, 6, 5, 4], True),
        ([1, 1], False),
    ],
)
def test_which_t_looks_like_several_curves(t, mixed):
    assert looks_mixed(np.array(t, float)) is mixed


def test_rows_that_are_repeated_or_overwritten_are_counted(tmp_path):
    table = {"step": [1, 2, 3, 3, 4, 5, 6, 5, 6, 7, 8], "loss": np.arange(11.0)}
    found = read_files(str(write_csv(tmp_path / "a.csv", table)))
    np.testing.assert_array_equal(found.curves[0].t, np.arange(1, 9))
    np.testing.assert_array_equal(found.curves[0].loss, [0, 1, 3, 4, 7, 8, 9, 10])
    assert found.notes[-2:] == [
        "1 row followed by one with the same t skipped",
        "2 rows overwritten by later ones with the same or a smaller t skipped",
    ]


def test_what_is_skipped_is_counted_by_reason(tmp_path):
    table = {
        "step": [0, -1, 1, 2, "", "inf", 3, 4, 5],
        "loss": [1, 1, 1, "", 1, 1, "nan", "inf", 1],
        "run": ["a"] * 8 + [""],
    }
    found = read_files(str(write_csv(tmp_path / "a.csv", table)), curve="run")
    assert found.notes[3:] == [
        "1 row without a value in the columns of curve: skipped",
        "1 row without a loss skipped",
        "2 rows without a finite t skipped",
        "2 rows with t ≤ 0 skipped",
        "1 NaN loss kept",
        "1 infinite loss kept",
    ]
    np.testing.assert_array_equal(found.curves[0].t, [1, 3, 4])


def test_cumulative_learning_rate():
    steps, rate = np.array([10.0, 20.0, 40.0]), np.array([1.0, 0.5, 0.1])
    np.testing.assert_allclose(cumulative_rate(steps, rate), [10.0, 15.0, 17.0])


def test_cumulative_learning_rate_as_t(tmp_path):
    table = {"step": [0, 10, 20, 30, 40], "lr": [0.0, 0.1, 0.1, 0.0, ""], "loss": [5.0, 4.0, 3.0, 2.0, 1.0]}
    found = read_files(str(write_csv(tmp_path / "a.csv", table)), t="cumulative_lr")
    (curve,) = found.curves
    np.testing.assert_allclose(curve.t, [1.0, 2.0])
    np.testing.assert_array_equal(curve.loss, [4.0, 1.0])
    assert found.notes[-3:] == [
        "1 row with t ≤ 0 skipped",
        "2 rows followed by one with the same t skipped",
        "1 value of lr carried forward from earlier rows",
    ]


# --- thinning ---


@given(st.integers(1, 300), st.none() | st.integers(1, 50), st.none() | st.integers(1, 50))
def test_thinning_keeps_the_last_and_not_too_many(size, every, most):
    t = np.cumsum(np.random.default_rng(size).uniform(0.1, 2.0, size))
    kept = thinned(t, every, most)
    assert kept[-1] == size - 1
    assert (np.diff(kept) > 0).all()
    if most is not None:
        assert kept.size <= most
    if every is not None:
        assert ((kept % every == 0) | (kept == size - 1)).all()
    if most is None:
        assert kept.size == len({*range(0, size, every or 1), size - 1})


def test_thinning_is_even_in_the_logarithm():
    kept = thinned(np.arange(1.0, 10_001.0), None, 50)
    assert kept[0] == 0
    per_decade = np.histogram(np.log10(kept + 1.0), [0, 1, 2, 3, 4.1])[0]
    assert (per_decade[1:] >= 12).all()


# --- splitting ---


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["x", "y", None])), max_size=40),
)
def test_grouping_is_that_of_a_loop(rows):
    batch = pa.RecordBatch.from_pydict(
        {"number": pa.array([float(one) for one, _ in rows]), "word": pa.array([two for _, two in rows], pa.string())}
    )
    codes, values = grouped(batch, ["number", "word"])
    expected = [(str(one), two) for one, two in rows]
    assert values == list(dict.fromkeys(pair for pair in expected if None not in pair))
    assert [values[code] if code >= 0 else None for code in codes] == [
        pair if None not in pair else None for pair in expected
    ]


@given(st.data())
def test_any_order_of_rows_over_any_batches_gives_the_same_curves(tmp_path_factory, data):
    lengths = data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=5))
    owners = data.draw(st.permutations([run for run, length in enumerate(lengths) for _ in range(length)]))
    seen = dict.fromkeys(range(len(lengths)), 0)
    steps = []
    for run in owners:
        seen[run] += 1
        steps.append(seen[run])
    loss = np.arange(len(owners)) / 8
    rate = [step / 4 if data.draw(st.booleans()) else None for step in steps]
    path = tmp_path_factory.mktemp("any") / "a.parquet"
    parquet.write_table(
        pa.table({"step": steps, "loss": loss, "run": owners, "lr": pa.array(rate, pa.float64())}), path
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("losslaws.importing.formats.parquet.BATCH_ROWS", data.draw(st.integers(1, 8)))
        found = read_files(str(path), name="x", curve="run")
    check_curves(found.curves, path)
    order = list(dict.fromkeys(owners))
    assert [curve.name for curve in found.curves] == (["x"] if len(order) == 1 else [f"x_{run}" for run in order])
    for run, curve in zip(order, found.curves, strict=True):
        rows = [row for row, owner in enumerate(owners) if owner == run]
        np.testing.assert_array_equal(curve.loss, loss[rows])
        carried, last = [], np.nan
        for row in rows:
            last = last if rate[row] is None else rate[row]
            carried.append(last)
        assert np.array_equal(curve.series.get("lr", np.full(len(carried), np.nan)), carried, equal_nan=True)
        assert ("lr" not in curve.series) == bool(np.isnan(carried).all())


def test_points_of_other_parts_are_not_kept(tmp_path, monkeypatch):
    path = write_csv(tmp_path / "a.csv", long_table("abcd", 50))
    kept = []
    monkeypatch.setattr(collect, "_joined", lambda chunks: kept.append(sum(map(len, chunks))) or np.concatenate(chunks))
    import_curves(Import(name="x", files=str(path), curve="run", chunks=4), 2)
    assert set(kept) == {50}


PEAK = """
import sys, tracemalloc
import pyarrow as pa
from losslaws.config.sources import Import
from losslaws.importing.source import import_curves
tracemalloc.start()
found = import_curves(Import(name="x", files=sys.argv[1], curve="run", chunks=8), 1)
points = sum(curve.t.size for curve in found.curves)
print(points, len(found.curves), tracemalloc.get_traced_memory()[1] + pa.default_memory_pool().max_memory())
"""


@pytest.mark.slow
def test_a_file_of_200_megabytes_is_read_in_the_documented_memory(tmp_path):
    path = tmp_path / "a.csv"
    rows = "".join(f"@,{step},{loss:.6f},0.001\n" for step, loss in enumerate(loss_at(np.arange(1, 501)), 1))
    with path.open("w") as stream:
        stream.write("run,step,loss,lr\n")
        for run in range(14_000):
            stream.write(rows.replace("@", f"run{run:06d}"))
    assert path.stat().st_size > 200e6
    done = subprocess.run([sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True)
    points, curves, peak = map(int, done.stdout.split())
    path.unlink()
    assert points == 500 * curves == 500 * 14_000 / 8
    assert peak < 64 * 2**20 + 84 * points + 2048 * curves + 400 * 8 * curves


# --- published curves ---


@pytest.fixture(scope="module")
def shared():
    if not SHARED.is_dir():
        pytest.skip(f"there is no folder of published curves at {SHARED}")
    return SHARED


def test_published_language_models(shared):
    found = read_files(str(shared / "llm_schedules/*/*.csv"), name="lm")
    assert len(found.curves) == 18
    assert found.curves[1].name == "lm_100M_constant_72000"
    assert len(found.notes) == 4
    assert all("lr" in curve.series for curve in found.curves)


def test_published_compute_ladder(shared):
    keys = {"name": "c5m", "curve": ["width", "seed"], "t": "compute_pflop", "loss": "test_loss"}
    found = read_files(str(shared / "compute_ladder/c5m.parquet"), **keys)
    assert isinstance(found, Imported)
    assert len(found.curves) == 40
    assert found.curves[0].name == "c5m_w768_s0"
    assert found.curves[0].attributes == {"task": "c5m", "width": 768, "seed": 0, "n_params": 11803008}
    assert "8,193 rows followed by one with the same t skipped" in found.notes


def test_a_column_per_curve_for_many_curves(tmp_path):
    columns = {"step": [1, 2, 3], **{f"run{number} - train/loss": [3.0, 2.0, number] for number in range(6_000)}}
    files = str(write_csv(tmp_path / "a.csv", columns))
    found = import_curves(Import(name="x", files=files, format="wandb", chunks=4), 2)
    assert len(found.curves) == 1500
    assert [curve.name for curve in found.curves[:2]] == ["x_run1", "x_run5"]
    assert found.curves[-1].loss[-1] == 5_997
