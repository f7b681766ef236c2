"""Whatever stands in a log or a configuration, it is either read or refused in one sentence."""

import copy
import re
import warnings

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from log_files import (
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

from losslaws.config.load import load_experiments
from losslaws.config.sources import Import
from losslaws.core.errors import LosslawsError
from losslaws.importing.source import import_curves

pytestmark = pytest.mark.slow

EXAMPLES = 150

CONFIG = yaml.safe_load("""
run: [trained, own, known]
defaults: {fitting: {skip: 5}}
experiments:
  trained:
    tasks: [mod_add, regression]
    widths: [8, 16]
    seeds: [1, 2]
    training: {epochs: 60, optimizer: sgd, momentum: 0.9, schedule: wsd, warmup: 5, train_fraction: 0.5, depth: 2}
    fitting: {laws: [power_law, stretched_exp], bounds: wide}
    analyses: [universality, evidence, replicates]
    evidence: {replicates: 10, holdout: true}
  own:
    import:
      - {name: lm, files: "logs/*.csv", t: step, loss: loss, curve: run, format: csv, chunks: 2, thin: 100}
      - {experiment: trained}
    analyses: [universality, backtest, forecast]
    forecast: {horizon: 2x, target: 2.5, laws: [power_law, exponential], fractions: [0.2, 0.5]}
  known:
    simulate: {laws: [power_law], lengths: [500], rho: [0.5], signal_to_noise: [30], curves: 2}
    analyses: [calibration]
""")

ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just([]), st.just({}),
    st.sampled_from(["../out", "/etc/passwd", "a/b", ".", "..", "nan", "1e999", "x\n", "mod_add", "wsd", -1, 0]),
    st.lists(st.integers(-2, 99) | st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=5) | st.sampled_from(["epochs", "name", "laws"]), st.integers(), max_size=2),
)  # fmt: skip


def places(value, path=()):
    """Yield the path of everything in a nested value."""
    yield path
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield from places(entry, (*path, key))


@st.composite
def damaged_configs(draw):
    """Draw the configuration with up to three values replaced, removed, or added."""
    config = copy.deepcopy(CONFIG)
    for _ in range(draw(st.integers(1, 3))):
        *above, last = draw(st.sampled_from([path for path in places(config) if path]))
        parent = config
        for key in above:
            parent = parent[key]
        action = draw(st.sampled_from(["replace", "remove", "add"]))
        if action == "remove" and len(parent) > 1:
            del parent[last]
        elif action == "add" and isinstance(parent, dict):
            parent[draw(st.text(max_size=6) | st.integers())] = draw(ODD)
        else:
            parent[last] = draw(ODD)
    return config


def check_sentence(error, word=""):
    """Check that an error is one line that says something, with a word in it."""
    sentence = str(error)
    assert "\n" not in sentence
    assert len(sentence) > 20
    assert word in sentence


@settings(max_examples=1000)
@given(damaged_configs())
def test_any_configuration_is_accepted_or_refused_in_one_sentence(config):
    try:
        experiments = load_experiments(config)
    except LosslawsError as error:
        check_sentence(error)
    else:
        named = [name for study in experiments.values() for name in (study.name, *study.groups, *study.parts)]
        assert [name for name in named if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", name)] == []


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    """One whole file of each format, by format."""
    folder = tmp_path_factory.mktemp("logs")
    write_csv(folder / "runs.csv", {"run": ["a", "b"] * 20, "step": STEPS, "loss": loss_at(STEPS), "lr": [0.1] * 40})
    records = [{"step": int(step), "loss": float(loss_at(step)), "run": "a"} for step in STEPS]
    pq.write_table(pa.Table.from_pylist(records), folder / "runs.parquet")
    write_trainer_state(folder)
    write_wandb_panel(folder / "panel.csv")
    return {
        "csv": folder / "runs.csv",
        "jsonl": write_jsonl(folder / "runs.jsonl", records),
        "parquet": folder / "runs.parquet",
        "lightning": write_lightning(folder / "lightning"),
        "trainer_state": folder / "trainer_state.json",
        "wandb": write_jsonl(folder / "history.jsonl", wandb_history()),
        "wandb panel": folder / "panel.csv",
        "tensorboard": next(write_events(folder / "events").iterdir()),
    }


PIECES = [b"", b"nan", b"-inf", b"1e999", b"-0", b"9" * 30, b"null", b"true", b"[]", b"{}", b'"', b",", b"\n", b"\r",
          b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", "é💥".encode(), b"1,5", b"step", b"loss", b"\t", b"}{"]  # fmt: skip


@st.composite
def damage(draw):
    """Draw a function that damages bytes: pieces replaced, cut out, doubled or put in, the end cut off, or all new."""
    kind = draw(st.sampled_from(["pieces", "pieces", "pieces", "cut", "all"]))
    if kind == "all":
        content = draw(st.binary(max_size=200))
        return lambda data: content
    if kind == "cut":
        share = draw(st.floats(0, 1))
        return lambda data: data[: int(share * len(data))]
    edit = st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(PIECES) | st.binary(max_size=4))
    edits = draw(st.lists(edit, min_size=1, max_size=4))

    def apply(data):
        for share, length, piece in edits:
            place = int(share * len(data))
            data = data[:place] + piece + data[place + length :]
        return data

    return apply


@pytest.mark.parametrize(
    "kind", ["csv", "jsonl", "parquet", "lightning", "trainer_state", "wandb", "wandb panel", "tensorboard"]
)
@pytest.mark.parametrize("named", [True, False], ids=["format given", "format guessed"])
def test_any_log_is_read_or_refused_in_one_sentence(kind, named, logs, tmp_path):
    source = logs[kind]
    path = tmp_path / source.name
    entry = Import(name="x", files=str(path), format=kind.split()[0] if named else None)

    @settings(max_examples=EXAMPLES)
    @given(damage())
    def check(change):
        path.write_bytes(change(source.read_bytes()))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                found = import_curves(entry)
        except LosslawsError as error:
            check_sentence(error, source.name)
        else:
            assert all(curve.t.size == curve.loss.size > 0 for curve in found.curves)

    check()
