"""What settings may be, as annotations of the records that hold them.

A record of settings is a frozen dataclass whose fields have a type, a constraint, a default, and a docstring. From these
come the JSON schema of the configuration, its messages, its reference page, and the record itself
(:mod:`losslaws.config.schema`). Nothing here imports more than the standard library and `annotated_types`, as jobs
import the records too.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from annotated_types import Ge, Gt, MinLen

RECORD: dict[str, Any] = {"extra": "forbid", "use_attribute_docstrings": True, "strict": True}
"""``__pydantic_config__`` of a record of settings: no other keys, descriptions from docstrings, no conversions."""


@dataclass(frozen=True)
class Unique:
    """The entries of a list differ."""

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        """Add ``uniqueItems`` to the JSON schema of a list."""
        return {**handler(schema), "uniqueItems": True}


@dataclass(frozen=True)
class Pattern:
    """A text matches a regular expression."""

    pattern: str

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        """Add ``pattern`` to the JSON schema of a text."""
        return {**handler(schema), "pattern": self.pattern}


NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?!\n)$"
"""Names that are also names of files: of experiments and of imports."""

FileName = Annotated[str, Pattern(NAME)]
Names = Annotated[tuple[str, ...], Unique()]
SomeNames = Annotated[tuple[str, ...], MinLen(1), Unique()]
Count = Annotated[int, Ge(0)]
Positive = Annotated[int, Ge(1)]
Above0 = Annotated[float, Gt(0)]
AtLeast0 = Annotated[float, Ge(0)]
