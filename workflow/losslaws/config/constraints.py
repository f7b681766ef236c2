"""What settings may be, as annotations of the records that hold them.

A record of settings is a frozen dataclass whose fields have a type with its constraint, a default, and a docstring.
From these come the JSON schema of the configuration, its messages, its reference page, and the records themselves
(:mod:`losslaws.config.schema`).
"""

from typing import Annotated

from msgspec import Meta

NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?!\n)$"
"""Names that become file names: of experiments and imports."""

UNIQUE = Meta(extra_json_schema={"uniqueItems": True})
SOME = Meta(min_length=1)

FileName = Annotated[str, Meta(pattern=NAME)]
Names = Annotated[tuple[str, ...], UNIQUE]
SomeNames = Annotated[tuple[str, ...], SOME, UNIQUE]
TaskNames = Annotated[tuple[str, ...], SOME, Meta(extra_json_schema={"uniqueItems": True, "entriesOf": "task"})]
LawNames = Annotated[tuple[str, ...], SOME, Meta(extra_json_schema={"uniqueItems": True, "entriesOf": "law"})]
"""Names of entries of a registry, which are checked; laws may also be paths of files."""
Count = Annotated[int, Meta(ge=0)]
Positive = Annotated[int, Meta(ge=1)]
Above0 = Annotated[float, Meta(gt=0)]
AtLeast0 = Annotated[float, Meta(ge=0)]
UpTo1 = Annotated[float, Meta(gt=0, le=1)]
Between0And1 = Annotated[float, Meta(gt=0, lt=1)]
