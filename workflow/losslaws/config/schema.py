"""The JSON schema of the configuration, made from the records of settings."""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from losslaws.config.constraints import NAME
from losslaws.config.fitting import Fitting
from losslaws.config.sources import Grid, Import, Simulation
from losslaws.config.training import Training
from losslaws.core.registry import ANALYSES

Json = dict[str, Any]

REFERENCED = {"training": Training, "import": Import, "simulate": Simulation, "fitting": Fitting}
"""Records of settings by the key of an experiment that holds them; those of analyses come besides."""


@dataclass(frozen=True)
class Top:
    """The experiments. Thread counts belong on the command line; output paths are fixed."""

    run: tuple[str, ...]
    """Experiments that plain `snakemake` builds."""
    defaults: Mapping[str, object]
    """Keys that every experiment inherits unless it sets them."""
    experiments: Mapping[str, object]
    """Experiments by name, which is the folder under results/."""


@cache
def settings_records() -> dict[str, type]:
    """Return the records of settings by their section of an experiment, those of analyses last."""
    declared = {name: ANALYSES.load(name).settings for name in ANALYSES.names()}
    return REFERENCED | {name: kind for name, kind in declared.items() if kind is not None}


@cache
def schema() -> Json:
    """Return the JSON schema of the whole configuration."""
    about = descriptions(Top)
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
            "description": "Analyses to run: names of folders in workflow/losslaws/analyses.",
            "type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True, "entriesOf": "analysis",
            "default": ["universality"],
        },
    }  # fmt: skip
    own = {name: {"$ref": f"#/$defs/{name}"} for name in sections if name not in REFERENCED}
    return {"type": "object", "additionalProperties": False, "properties": properties | own}


def object_schema(kind: type) -> Json:
    """Return the JSON schema of one record of settings, with the docstrings of its fields as descriptions."""
    made = msgspec.json.schema(kind)["$defs"][kind.__name__]
    about = descriptions(kind)
    hints = get_type_hints(kind)
    properties = {
        key: {"description": about.get(key, ""), **_plain(entry, list(_choices(hints[key])))}
        for key, entry in made["properties"].items()
    }
    whole: Json = {"description": _summary(kind), "type": "object", "additionalProperties": False}
    return whole | ({} if made.get("required") else {"default": {}}) | {"properties": properties}


def _choices(hint: object) -> Iterator[object]:
    """Yield the values of every `Literal` in a type, in their order, which its schema does not keep."""
    if get_origin(hint) is Literal:
        yield from get_args(hint)
    for part in get_args(hint):
        yield from _choices(part)


def _plain(entry: Json, choices: Sequence[object]) -> Json:
    """Return the schema of a field without null, which stands for an absent key, and with unions as short as can be."""
    entry = dict(entry)
    for place in (entry, entry.get("items", {})):
        if "enum" in place:
            place["enum"] = sorted(place["enum"], key=choices.index)
    if isinstance(entry.get("default"), tuple):
        entry["default"] = list(entry["default"])
    if "default" in entry and entry["default"] is None:
        del entry["default"]
    if "anyOf" not in entry:
        return entry
    kinds: list[Json] = [kind for kind in entry.pop("anyOf") if kind.get("type") != "null"]
    if len(kinds) == 1:
        return _plain(kinds[0] | entry, choices)
    if all(set(kind) <= {"type"} or kind.get("type") == "array" for kind in kinds):
        # Rules of a list say nothing of a text, so one schema with two types will do.
        merged: Json = {}
        for kind in kinds:
            merged |= kind
        return merged | {"type": [kind["type"] for kind in kinds]} | entry
    return {"anyOf": kinds} | entry


def _summary(kind: type) -> str:
    return inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0].replace("\n", " ")


@cache
def descriptions(kind: type) -> dict[str, str]:
    """Return the docstrings of a record's fields: the texts that follow them in its source."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    body = tree.body if isinstance(tree, ast.ClassDef) else []
    found = {}
    for field, text in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Expr):
            found[field.target.id] = " ".join(str(ast.literal_eval(text.value)).split())
    return found
