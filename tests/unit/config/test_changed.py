"""What differs from the defaults, and the record again from that."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from losslaws.config.changed import REVISION, changed, restored
from losslaws.config.fitting import Fitting
from losslaws.config.schema import settings_records
from losslaws.config.sources import Grid
from losslaws.config.training import Training

DEFAULTS = Path(__file__).with_name("defaults.json")


@dataclass(frozen=True)
class Inner:
    revision: ClassVar[int] = 3
    size: int = 1


@dataclass(frozen=True)
class Outer:
    name: str
    inner: Inner = field(default_factory=Inner)


def test_defaults_are_left_out_and_what_has_none_is_kept():
    assert changed(Training()) == {}
    assert changed(Training(epochs=1500, learning_rate=0.01)) == {"learning_rate": 0.01}
    assert changed(Grid(("mod_add",), (8,))) == {"tasks": ("mod_add",), "widths": (8,)}
    assert changed(Grid(("mod_add",), (8,), training=Training(depth=3)))["training"] == {"depth": 3}


def test_a_revision_is_kept_wherever_defaults_may_be_used():
    assert changed(Inner()) == {REVISION: 3}
    assert changed(Outer("a")) == {"name": "a", "inner": {REVISION: 3}}
    assert changed(Outer("a", Inner(2))) == {"name": "a", "inner": {"size": 2, REVISION: 3}}
    assert restored(Outer, {"name": "a", "inner": {"size": 2, REVISION: 3}}) == Outer("a", Inner(2))


@given(st.integers(0, 99), st.lists(st.sampled_from(["power_law", "hill"]), min_size=1, unique=True))
def test_a_record_comes_back(skip, laws):
    fitting = Fitting(skip=skip, laws=tuple(laws))
    found = restored(Fitting, json.loads(json.dumps(changed(fitting))))
    assert found == fitting
    assert vars(found) == vars(fitting)


@pytest.mark.parametrize("section", settings_records())
def test_a_default_that_changes_raises_the_revision(section):
    """Results made with an old default would be taken for those of the new one."""
    kept = json.loads(DEFAULTS.read_text(encoding="utf-8"))[section]
    kind = settings_records()[section]
    if kind.revision == kept["revision"]:
        now = json.loads(json.dumps(vars(kind()), default=vars))
        for key, default in kept["defaults"].items():
            assert now.get(key) == default, (
                f"the default of {section}.{key} changed from {default!r}: raise the revision of its record, and write "
                f"both into {DEFAULTS.name}"
            )
