"""What an experiment inherits, and whether it has exactly one source of curves."""

from collections.abc import Mapping
from typing import Any

from losslaws.core.errors import LosslawsError

KEYS: dict[str, tuple[str, ...]] = {
    "training": ("tasks", "widths", "seeds", "training"),
    "import": ("import",),
    "simulation": ("simulate",),
}
"""The keys of an experiment that belong to each source."""

DEFAULTS: dict[str, dict[str, Any]] = {
    "training": {},
    # The published bounds and the first points left out are choices of one study, made for its own curves.
    "import": {"fitting": {"bounds": "wide", "skip": 0}},
    "simulation": {"fitting": {"skip": 0}, "analyses": ["calibration"]},
}
"""What experiments with each source inherit before the schema's defaults."""


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` updated with `over`, mappings merged key by key, everything else replaced."""
    result = dict(base)
    for key, value in over.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = merge(result[key], value) if both else value
    return result


def source_of(entry: Mapping[str, Any]) -> str | None:
    """Name the source that an experiment asks for itself; None where it names none."""
    return next((source for source in ("import", "simulation") if KEYS[source][0] in entry), None) or (
        "training" if "tasks" in entry or "widths" in entry else None
    )


def inheritable(defaults: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return those defaults that make sense for an experiment: not another source than its own."""
    own = source_of(entry)
    foreign = {key for source, keys in KEYS.items() if own and source != own for key in keys}
    return {key: value for key, value in defaults.items() if key not in foreign}


def check_source(entry: Mapping[str, Any], where: str) -> None:
    """Raise a sentence unless `entry` has one source, completely described."""
    given = [source for source, keys in KEYS.items() if any(key in entry for key in keys)]
    if len(given) > 1:
        keys = [key for source in given for key in KEYS[source] if key in entry]
        raise LosslawsError(
            f"{where} has {' and '.join(keys)}; expected curves from one source: tasks and widths, import, or simulate"
        )
    if given in ([], ["training"]):
        for key in ("tasks", "widths"):
            if key not in entry:
                raise LosslawsError(f"{where} has no key {key!r}, which is required without import or simulate")
    check_imports(entry.get("import", []), where)


def check_imports(entries: list[dict[str, Any]], where: str) -> None:
    """Raise a sentence unless every import names files, with a name of its own, or an experiment."""
    names: set[str] = set()
    for number, entry in enumerate(entries):
        place = f"{where}.import[{number}]"
        sources = [key for key in ("files", "experiment") if key in entry]
        if len(sources) != 1:
            found = " and ".join(sources) or "neither files nor experiment"
            raise LosslawsError(f"{place} has {found}; expected one of files and experiment")
        if sources == ["experiment"]:
            if len(entry) > 1:
                other = next(key for key in entry if key != "experiment")
                raise LosslawsError(f"{place} has {other}, which has no effect together with experiment: remove it")
            continue
        if "name" not in entry:
            raise LosslawsError(f"{place} has no key 'name', which is required")
        if entry["name"] in names:
            raise LosslawsError(f"{place}.name: {entry['name']!r} appears twice; give each import its own name")
        names.add(entry["name"])
