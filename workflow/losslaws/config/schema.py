"""The JSON schema of the configuration, and records from checked values: both from the records of settings."""

import ast
import inspect
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import msgspec

from losslaws.config.constraints import NAME
from losslaws.config.fitting import Fitting
from losslaws.config.sources import Grid, Import, Simulation
from losslaws.config.training import Training
from losslaws.core.registry import ANALYSES

Json = dict[str, Any]
Record = TypeVar("Record")

REFERENCED = {"training": Training, "import": Import, "simulate": Simulation, "fitting": Fitting}
"""Records of settings by the key of an experiment that holds them; those of analyses come besides."""


@dataclass(frozen=True)
class Top:
    """What is studied. Thread counts belong on the command line, output paths are fixed."""

    run: tuple[str, ...]
    """Experiments that a bare `snakemake` builds."""
    defaults: Mapping[str, object]
    """Keys that every experiment inherits unless it sets them itself."""
    experiments: Mapping[str, object]
    """Experiments by name; the name is the folder under results/."""


@cache
def settings_records() -> dict[str, type]:
    """Return the records of settings by their section of an experiment, those of analyses last."""
    declared = {name: ANALYSES.load(name).settings for name in ANALYSES.names()}
    return REFERENCED | {name: kind for name, kind in declared.items() if kind is not None}


@cache
def schema() -> Json:
    """Return the JSON schema of the whole configuration."""
    about = _descriptions(Top)
    sections = settings_records()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "losslaws configuration",
        "description": _summary(Top),
        "type": "object",
        "additionalProperties": False,
        "required": ["run", "experiments"],
        "properties": {
            "run": {
                "description": about["run"],
                "type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True,
            },
            "defaults": {"description": about["defaults"], "$ref": "#/$defs/experiment"},
            "experiments": {
                "description": about["experiments"],
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"pattern": NAME},
                "additionalProperties": {"$ref": "#/$defs/experiment"},
            },
        },
        "$defs": {"experiment": _experiment(sections)} | {name: object_schema(kind) for name, kind in sections.items()},
    }  # fmt: skip


def _experiment(sections: Mapping[str, type]) -> Json:
    grid = object_schema(Grid)["properties"]
    properties = {
        **{key: grid[key] for key in ("tasks", "widths", "seeds")},
        "import": {
            "description": "Recorded curves, instead of `tasks` and `widths`.",
            "type": "array", "items": {"$ref": "#/$defs/import"}, "minItems": 1,
        },
        "simulate": {"$ref": "#/$defs/simulate"},
        "training": {"$ref": "#/$defs/training"},
        "fitting": {"$ref": "#/$defs/fitting"},
        "analyses": {
            "description": "Names of folders in workflow/losslaws/analyses.",
            "type": "array", "items": {"type": "string"}, "uniqueItems": True, "entriesOf": "analysis",
            "default": ["universality"],
        },
    }  # fmt: skip
    own = {name: {"$ref": f"#/$defs/{name}"} for name in sections if name not in REFERENCED}
    return {"type": "object", "additionalProperties": False, "properties": properties | own}


def object_schema(kind: type) -> Json:
    """Return the JSON schema of one record of settings, with the docstrings of its fields as descriptions."""
    made = msgspec.json.schema(kind)["$defs"][kind.__name__]
    about = _descriptions(kind)
    properties = {
        key: {"description": about.get(key, ""), **_plain(entry)} for key, entry in made["properties"].items()
    }
    whole: Json = {"description": _summary(kind), "type": "object", "additionalProperties": False}
    return whole | ({} if made.get("required") else {"default": {}}) | {"properties": properties}


def _plain(entry: Json) -> Json:
    """Return the schema of a field without null, which stands for a key that is absent, and unions as short as can be."""
    entry = dict(entry)
    if "default" in entry and entry["default"] is None:
        del entry["default"]
    if "anyOf" not in entry:
        return entry
    choices = [choice for choice in entry.pop("anyOf") if choice.get("type") != "null"]
    if len(choices) == 1:
        return choices[0] | entry
    if all(set(choice) <= {"type"} or choice.get("type") == "array" for choice in choices):
        # Rules of a list say nothing of a text, so one schema with two types will do.
        merged: Json = {}
        for choice in choices:
            merged |= choice
        return merged | {"type": [choice["type"] for choice in choices]} | entry
    return {"anyOf": choices} | entry


def _summary(kind: type) -> str:
    return inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0].replace("\n", " ")


@cache
def _descriptions(kind: type) -> dict[str, str]:
    """Return the docstrings of a record's fields: the texts that follow them in its source."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    body = tree.body if isinstance(tree, ast.ClassDef) else []
    found = {}
    for field, text in zip(body, body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Expr):
            found[field.target.id] = " ".join(str(ast.literal_eval(text.value)).split())
    return found


def record(kind: type[Record], values: Mapping[str, object]) -> Record:
    """Return a record of settings from values that obey its schema; what is absent gets the record's defaults."""
    return msgspec.convert(values, kind)
