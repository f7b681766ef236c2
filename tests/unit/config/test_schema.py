"""The schema of the configuration documents every key and refuses every other."""

import json

import pytest
from jsonschema import Draft202012Validator

from losslaws.config.reference import SCHEMA
from losslaws.config.schema import schema

ROOT = schema()
MAPPINGS = {"": ROOT, **ROOT["$defs"]}
KEYS = {
    f"{name}.{key}".removeprefix("."): (mapping, key, entry)
    for name, mapping in MAPPINGS.items()
    for key, entry in mapping["properties"].items()
}
SOURCES = ("experiment.tasks", "experiment.widths", "experiment.import", "experiment.simulate")
"""An experiment needs one source of curves, from itself or from ``defaults:``."""


def resolved(entry):
    return {**ROOT["$defs"][entry["$ref"].rsplit("/", 1)[1]], **entry} if "$ref" in entry else entry


def test_the_schema_is_one():
    Draft202012Validator.check_schema(ROOT)


def test_the_copy_for_editors_is_the_schema():
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == ROOT, "run `make reference`"


def test_all_keys_are_found():
    assert set(KEYS) >= {"run", "experiments", "experiment.seeds", "training.epochs", "fitting.bounds"}
    assert all(entry.get("type") == "object" for entry in MAPPINGS.values())


@pytest.mark.parametrize("name", MAPPINGS)
def test_no_other_keys_are_allowed(name):
    allowed = MAPPINGS[name]["additionalProperties"]
    assert allowed is False


@pytest.mark.parametrize("name", KEYS)
def test_every_key_has_a_description(name):
    description = resolved(KEYS[name][2])["description"]
    assert description.endswith(".")
    assert description[0].isupper()


@pytest.mark.parametrize("name", KEYS)
def test_every_key_has_a_default_or_is_required(name):
    mapping, key, entry = KEYS[name]
    required = key in mapping.get("required", ()) or name in SOURCES or name == "defaults"
    # What an import does not say is guessed from its files.
    guessed = name.startswith("import.") and "default" not in resolved(entry)
    absent = "if absent" in resolved(entry)["description"]
    assert required or guessed or absent or "default" in resolved(entry)


@pytest.mark.parametrize("name", [name for name in KEYS if "default" in resolved(KEYS[name][2])])
def test_every_default_obeys_its_own_rule(name):
    entry = resolved(KEYS[name][2])
    Draft202012Validator({**entry, "$defs": ROOT["$defs"]}).validate(entry["default"])


@pytest.mark.parametrize("name", KEYS)
def test_every_key_says_what_its_value_may_be(name):
    entry = resolved(KEYS[name][2])
    assert {"type", "enum", "anyOf"} & entry.keys()
    if entry.get("type") == "array":
        assert "$ref" in entry["items"] or "type" in entry["items"] or "enum" in entry["items"]
        assert "$ref" in entry["items"] or entry["uniqueItems"] is True
