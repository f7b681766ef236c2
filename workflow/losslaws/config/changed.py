"""What of a record of settings differs from its defaults, and the record again from that.

Snakemake makes a result again when the parameters of its job change. Parameters hold only what differs from the
defaults: a setting that is added with a default, or written out with its default, changes nothing. A default that
changes would not either; so a record whose defaults change raises its ``revision``, which is kept too.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, TypeVar

from losslaws.core.records import record_of

Changes = dict[str, object]
Record = TypeVar("Record")

REVISION = "defaults_revision"


def changed(record: Any) -> Changes:
    """Return the fields of a record of settings that differ from their defaults, records in it likewise."""
    found: Changes = {}
    for field in fields(record):
        value, default = getattr(record, field.name), _default(field)
        inner = changed(value) if is_dataclass(value) else value
        # The revision of a record in it counts even where all its values are the defaults.
        if value != default or (is_dataclass(value) and inner):
            found[field.name] = inner
    revision = getattr(record, "revision", 0)
    return found | ({REVISION: revision} if revision else {})


def _default(field: Field[Any]) -> object:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def restored(kind: type[Record], changes: Mapping[str, object]) -> Record:
    """Return the record of settings whose changes :func:`changed` gave."""
    return record_of(kind, _without_revision(changes))


def _without_revision(changes: Mapping[str, object]) -> dict[str, object]:
    return {
        key: _without_revision(value) if isinstance(value, Mapping) else value
        for key, value in changes.items()
        if key != REVISION
    }
