"""One sentence for every value that breaks the schema: what is wrong, where, and what was expected."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from losslaws.core.errors import LosslawsError
from losslaws.core.registry import unknown

Place = tuple[str | int, ...]

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


def check_against(schema: Mapping[str, object], value: object) -> None:
    """Raise a sentence for the first mistake in a configuration.

    Raises
    ------
    LosslawsError
        With the key, what is there, and what was expected.
    """
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


def _parts(value: object, path: Place) -> Iterator[tuple[Place, object]]:
    """Yield a value and everything in it, with their paths, from the top down."""
    yield path, value
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _parts(entry, (*path, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _parts(entry, (*path, index))


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
            return f"{where} has no key {missing!r}, which is required"
        case "type":
            return f"{where} is {value!r}; expected {_type(rule)}{_text_hint(value, rule)}"
        case "minimum":
            return f"{where} is {value!r}; expected at least {rule}"
        case "maximum":
            return f"{where} is {value!r}; expected at most {rule}"
        case "exclusiveMaximum":
            return f"{where} is {value!r}; expected a number below {rule}"
        case "exclusiveMinimum":
            return f"{where} is {value!r}; expected a number above {rule}"
        case "minItems" | "minProperties":
            return f"{where} is empty; expected at least {rule} entry"
        case "uniqueItems":
            return f"{where} is {value!r}; expected distinct entries"
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
    """Explain why a number is text: YAML reads 1e-3 as text, and Snakemake all nested values of ``--config``."""
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
