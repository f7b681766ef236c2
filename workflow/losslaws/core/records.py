"""Records from plain values."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import msgspec

Record = TypeVar("Record")


def record_of(kind: type[Record], values: Any) -> Record:
    """Return a dataclass, or a tuple of them, from mappings and lists; what is absent gets its default.

    Raises
    ------
    msgspec.ValidationError
        If a value has not the type of its field.
    """
    found: Record = _complete(msgspec.convert(values, kind))
    return found


def _complete(value: Any) -> Any:
    """Return a value with every field of its dataclasses in its own dictionary, where `vars` finds it.

    msgspec leaves fields with a plain default to the class. Records with slots, of which there are many, are as they
    should be; they hold plain values.
    """
    if isinstance(value, tuple):
        return tuple(map(_complete, value))
    if isinstance(value, Mapping):
        return {key: _complete(entry) for key, entry in value.items()}
    if not is_dataclass(value) or isinstance(value, type) or not hasattr(value, "__dict__"):
        return value
    return replace(value, **{field.name: _complete(getattr(value, field.name)) for field in fields(value)})
