"""The vocabulary of curve tables is what the reference says."""

import re
from pathlib import Path

from losslaws.curves.vocabulary import ATTRIBUTES, IDENTIFYING, RESERVED, SERIES

PAGE = Path(__file__).parents[3] / "docs/reference/files.md"
TYPES = {"double": "float64"}


def test_the_reference_is_the_vocabulary():
    section = PAGE.read_text(encoding="utf-8").split("## Curve table")[1].split("\n## ")[0]
    rows = [
        tuple(cell.strip() for cell in line.strip("|").split("|")) for line in section.splitlines() if "| `" in line
    ]
    types = dict.fromkeys(SERIES, "float64") | {name: str(entry.type) for name, entry in ATTRIBUTES.items()}
    expected = [
        (f"`{name}`", TYPES.get(types[name], types[name]), entry.unit, entry.meaning)
        for name, entry in {**SERIES, **ATTRIBUTES}.items()
    ]
    assert rows[len(RESERVED) :] == expected
    assert [re.sub("`", "", row[0]) for row in rows[: len(RESERVED)]] == list(RESERVED)


def test_no_name_is_two_things():
    assert not SERIES.keys() & ATTRIBUTES.keys()
    assert not set(RESERVED) & (SERIES.keys() | ATTRIBUTES.keys())
    aliases = [alias for series in SERIES.values() for alias in series.aliases]
    assert len(set(aliases)) == len(aliases)
    assert set(IDENTIFYING) <= set(ATTRIBUTES)
