"""The configuration: merging, checking, and one sentence for every mistake.

An experiment inherits from ``defaults:``, is checked against the schema, and then gets the schema's defaults.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from losslaws.config.experiment import Experiment
from losslaws.config.sources import DEFAULTS, check_imports, check_source, inheritable, resolve_borrowed, source_of
from losslaws.config.training import check_training
from losslaws.core.errors import LosslawsError
from losslaws.core.registry import ANALYSES, LAWS, READERS, TASKS, Registry, unknown

SCHEMA = Path(__file__).parents[2] / "schemas" / "config.schema.json"

Validator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    # JSON takes 8.0 for a whole number; here it would end up in the names of files.
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int),
)

TYPE_NAMES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "a mapping",
    "string": "text",
}

REGISTERED: dict[tuple[str, ...], Registry] = {
    ("tasks",): TASKS,
    ("fitting", "laws"): LAWS,
    ("forecast", "laws"): LAWS,
    ("analyses",): ANALYSES,
}
"""Keys of an experiment whose values are names of registry entries."""


def load_experiments(config: Mapping[str, Any]) -> dict[str, Experiment]:
    """Check a whole configuration and return its experiments by name.

    Raises
    ------
    LosslawsError
        With one sentence for the first mistake: its key, what is there, what was expected.
    """
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    _check(config, schema)
    defaults = config.get("defaults", {})
    merged = {name: _inherited(defaults, entry) for name, entry in config["experiments"].items()}
    experiments = {name: _experiment(name, entry, schema) for name, entry in merged.items()}
    for name in config["run"]:
        if name not in experiments:
            raise LosslawsError(f"config: run: experiment {unknown(name, list(experiments))}")
    resolve_borrowed(experiments)
    return experiments


def _inherited(defaults: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an experiment with the keys that it takes over from ``defaults:`` and from its kind of source."""
    merged = _merge(inheritable(defaults, entry), entry)
    return _merge(deepcopy(DEFAULTS[source_of(merged) or "training"]), merged)


def _experiment(name: str, entry: Mapping[str, Any], schema: Mapping[str, Any]) -> Experiment:
    """Check one experiment that has inherited, and fill in the schema's defaults."""
    where = f"config: experiments.{name}"
    check_source(entry, where)
    check_imports(entry.get("import", []), where)
    _check_names(entry, where)
    keys = _filled(entry, schema["$defs"]["experiment"], schema)
    for number, source in enumerate(entry.get("import", [])):
        if source.get("format") not in (None, *READERS.names()):
            raise LosslawsError(f"{where}.import[{number}].format: {unknown(source['format'], READERS.names())}")
    imports = [_filled(source, schema["$defs"]["import"], schema) for source in keys.pop("import") or []]
    if source_of(entry) != "training":
        keys |= {"tasks": [], "widths": [], "seeds": [], "training": {}}
    else:
        defaults = _filled({}, schema["$defs"]["training"], schema)
        check_training(keys, defaults, where)
        if "collapse" in keys["analyses"] and keys["collapse"]["frontier"]:
            _check_frontier(keys["training"], keys["widths"], where)
    return Experiment(name=name, imports=imports, **keys)


def _check_frontier(training: Mapping[str, Any], widths: Sequence[int], place: str) -> None:
    if training["schedule"] != "constant":
        raise LosslawsError(
            f"{place}.collapse.frontier is true with schedule {training['schedule']}, where only the end of a run "
            "counts; expected schedule constant"
        )
    if len(widths) < 4:
        raise LosslawsError(
            f"{place}.collapse.frontier is true with {len(widths)} widths; expected four or more, as the smallest and "
            "the largest have no place on the frontier"
        )


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` updated with `over`, mappings merged key by key, everything else replaced."""
    result = dict(base)
    for key, value in over.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = _merge(result[key], value) if both else value
    return result


def _filled(value: Mapping[str, Any], schema: Mapping[str, Any], root: Mapping[str, Any]) -> dict[str, Any]:
    """Return `value` with the schema's defaults for the keys that are not there."""
    result: dict[str, Any] = {}
    for key, entry in schema["properties"].items():
        entry = root["$defs"][entry["$ref"].rsplit("/", 1)[1]] if "$ref" in entry else entry
        present = value[key] if key in value else deepcopy(entry.get("default"))
        result[key] = _filled(present, entry, root) if isinstance(present, Mapping) else present
    return result


def _check(value: object, schema: Mapping[str, Any]) -> None:
    for path, part in _parts(value, ()):
        if isinstance(part, float) and not math.isfinite(part):
            raise LosslawsError(f"config: {_dotted(path)} is {part}; expected a finite number")
        if isinstance(part, Mapping) and not all(isinstance(key, str) for key in part):
            key = next(key for key in part if not isinstance(key, str))
            raise LosslawsError(f"config: {_dotted(path)}: the key {key!r} is not text; put it in quotes")
    # An error further up is the cause of those below it.
    errors = sorted(Validator(schema).iter_errors(value), key=lambda error: (len(error.path), str(error.path)))
    if errors:
        raise LosslawsError(f"config: {_sentence(errors[0])}")


def _parts(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Yield a value and everything in it, with their paths, from the top down."""
    yield path, value
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _parts(entry, (*path, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _parts(entry, (*path, index))


def _check_names(entry: Mapping[str, Any], where: str) -> None:
    for keys, registry in REGISTERED.items():
        value: Any = entry
        for key in keys:
            value = value.get(key, {})
        place = f"{where}.{'.'.join(keys)}"
        for name in value:
            if registry.is_path(name):
                _check_own(registry, name, value, place)
            elif name not in registry.names():
                raise LosslawsError(f"{place}: {registry.kind} {unknown(name, registry.names())}")


def _check_own(registry: Registry, path: str, entries: list[str], place: str) -> None:
    """Load a file of the user's own, so that its mistakes are told before anything runs."""
    try:
        registry.load(path)
    except LosslawsError as error:
        raise LosslawsError(f"{place}: {error}") from error
    same = [entry for entry in entries if registry.name(entry) == registry.name(path)]
    if len(same) > 1:
        raise LosslawsError(f"{place}: {' and '.join(same)} have the same name; rename one of the files")


def _dotted(path: object) -> str:
    text = ""
    for part in path if isinstance(path, tuple) else tuple(path):  # type: ignore[arg-type]
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".") or "the top level"


def _sentence(error: ValidationError) -> str:
    """Say what is wrong with one value, where, and what was expected."""
    where = _dotted(tuple(error.absolute_path))
    value: Any = error.instance
    rule: Any = error.validator_value
    match error.validator:
        case "additionalProperties":
            return _unknown_key(where, error)
        case "pattern":
            return (
                f"{where}: the name {value!r} may have only letters, digits, '_' and '-', at most 100 of them, and "
                "begin with a letter or digit"
            )
        case "required":
            missing = next(key for key in rule if key not in value)
            return f"{where} has no key {missing!r}, which it needs"
        case "type":
            return f"{where} is {value!r}; expected {_type(rule)}{_text_hint(value, rule)}"
        case "minimum":
            return f"{where} is {value!r}; expected at least {rule}"
        case "maximum":
            return f"{where} is {value!r}; expected at most {rule}"
        case "exclusiveMinimum":
            return f"{where} is {value!r}; expected a number above {rule}"
        case "minItems" | "minProperties":
            return f"{where} is empty; expected at least {rule} entry"
        case "uniqueItems":
            return f"{where} is {value!r}; expected no entry twice"
        case "anyOf":
            return f"{where} is {value!r}; expected {' or '.join(map(_alternative, rule))}"
        case "enum":
            return f"{where}: {unknown(value, [str(choice) for choice in rule])}"
    return f"{where}: {error.message}"


def _unknown_key(where: str, error: ValidationError) -> str:
    schema: Any = error.schema
    allowed = list(schema["properties"])
    instance: Any = error.instance
    key = next(key for key in instance if key not in allowed)
    return f"{where}: the key {unknown(key, allowed)}"


def _type(rule: str | list[str]) -> str:
    return " or ".join(TYPE_NAMES.get(name, name) for name in ([rule] if isinstance(rule, str) else rule))


def _alternative(rule: Mapping[str, Any]) -> str:
    if "enum" in rule:
        return " or ".join(map(str, rule["enum"]))
    return _type(rule["type"]) + (f" of at least {rule['minimum']}" if "minimum" in rule else "")


def _text_hint(value: object, rule: object) -> str:
    """Explain how a number came to be text: YAML reads 1e-3 so, and Snakemake all nested values of ``--config``."""
    if not isinstance(value, str) or rule not in ("number", "integer"):
        return ""
    try:
        number = float(value)
    except ValueError:
        return ""
    if not math.isfinite(number):
        return ""
    if not isinstance(yaml.safe_load(value), str):
        return " (it is text: write it without quotes, and in a file given with --configfile instead of --config)"
    whole = rule == "integer" and number.is_integer()
    # YAML wants a point in a number with an exponent.
    plain = str(int(number)) if whole else re.sub(r"^(-?\d+)e", r"\1.0e", repr(number))
    return f" (YAML reads {value} as text: write {plain})"
