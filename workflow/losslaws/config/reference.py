"""The reference of the configuration, made from the schema: a page for people, a file for editors.

``python -m losslaws.config.reference`` writes both, and so does ``make reference``.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from losslaws.config.schema import schema
from losslaws.storage.files import read_text, write_text

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "reference" / "config.md"
SCHEMA = ROOT / "workflow" / "schemas" / "config.schema.json"

KINDS = {
    "array": "list",
    "boolean": "true or false",
    "integer": "whole number",
    "number": "number",
    "object": "mapping",
    "string": "text",
}

Entry = Mapping[str, Any]


def top_rows() -> list[str]:
    """Return the rows of the table of keys at the top level."""
    root = schema()
    return list(_rows(root, root["required"]))


def experiment_rows() -> list[str]:
    """Return the rows of the table of keys of an experiment, nested keys with their path."""
    return list(_rows(schema()["$defs"]["experiment"]))


def _rows(entry: Entry, required: Sequence[str] = (), prefix: str = "") -> Iterator[str]:
    definitions = schema()["$defs"]
    for key, value in entry["properties"].items():
        resolved = definitions[value["$ref"].rsplit("/", 1)[1]] if "$ref" in value else value
        if "properties" in resolved and key != "defaults":
            yield from _rows(resolved, prefix=f"{prefix}{key}.")
            continue
        if "$ref" in resolved.get("items", {}):
            item = definitions[resolved["items"]["$ref"].rsplit("/", 1)[1]]
            yield from _rows(item, prefix=f"{prefix}{key}[].")
            continue
        default = f"`{json.dumps(resolved['default'])}`".replace('"', "") if "default" in resolved else "none"
        meaning = value.get("description", resolved.get("description"))
        yield f"| `{prefix}{key}` | {_allowed(resolved)} | {'required' if key in required else default} | {meaning} |"


def _allowed(entry: Entry) -> str:
    """Say what the value of a key may be."""
    if "enum" in entry:
        return " or ".join(f"`{choice}`" for choice in entry["enum"])
    if "anyOf" in entry:
        return " or ".join(map(_allowed, entry["anyOf"]))
    if isinstance(entry["type"], list):
        return " or ".join(_allowed({**entry, "type": kind}) for kind in entry["type"])
    if entry["type"] == "array":
        return f"list of {_allowed(entry['items']).replace('number', 'numbers', 1).replace('text', 'texts', 1)}"
    rules = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    bounds = [f"{sign} {entry[rule]:g}" for rule, sign in rules.items() if rule in entry]
    return " ".join([KINDS[entry["type"]], ", ".join(bounds)]).strip()


def page(text: str) -> str:
    """Return the page with its two tables as they are now."""
    tables = iter((top_rows(), experiment_rows()))
    head = "| key | value | default | meaning |\n|---|---|---|---|\n"
    return re.sub(
        rf"{re.escape(head)}(?:\| `.*\n)*", lambda _: head + "".join(f"{row}\n" for row in next(tables)), text
    )


def write_reference() -> None:
    """Write the page and the schema of the checkout."""
    write_text(PAGE, page(read_text(PAGE)))
    write_text(SCHEMA, json.dumps(schema(), indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write_reference()
