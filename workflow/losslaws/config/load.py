"""The configuration: inheritance, checks, and the experiments that it describes.

An experiment inherits from ``defaults:``, is checked against the schema, and becomes a record with the defaults of the
records of settings.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from losslaws.config.experiment import Experiment
from losslaws.config.fitting import Fitting
from losslaws.config.inheritance import DEFAULTS, check_source, inheritable, merge, source_of
from losslaws.config.messages import check_against
from losslaws.config.schema import schema, settings_records
from losslaws.config.sources import Grid, Import, Imports, Simulation
from losslaws.config.training_checks import check_training
from losslaws.core.errors import LosslawsError
from losslaws.core.records import record_of
from losslaws.core.registry import ANALYSES, LAWS, READERS, TASKS, Registry, unknown

REGISTRIES = {registry.kind: registry for registry in (TASKS, LAWS, ANALYSES)}
"""By what the schema calls the entries of a list."""


def load_experiments(config: Mapping[str, Any]) -> dict[str, Experiment]:
    """Check a whole configuration and return its experiments by name.

    Raises
    ------
    LosslawsError
        With one sentence for the first mistake: its key, what is there, what was expected.
    """
    check_against(schema(), config)
    defaults = config.get("defaults", {})
    entries = {name: _inherited(defaults, entry) for name, entry in config["experiments"].items()}
    experiments = {name: _experiment(name, entry) for name, entry in entries.items()}
    for name in config["run"]:
        if name not in experiments:
            raise LosslawsError(f"config: run: experiment {unknown(name, list(experiments))}")
    experiments = {name: _with_borrowed(study, experiments) for name, study in experiments.items()}
    for name, study in experiments.items():
        for analysis in study.analyses:
            for sentence in ANALYSES.load(analysis).check(study):
                raise LosslawsError(f"config: experiments.{name}.{sentence}")
    return experiments


def _inherited(defaults: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an experiment with the keys that it inherits from ``defaults:`` and from its kind of source."""
    merged = merge(inheritable(defaults, entry), entry)
    return merge(deepcopy(DEFAULTS[source_of(merged) or "training"]), merged)


def _experiment(name: str, entry: Mapping[str, Any]) -> Experiment:
    """Check one experiment that has inherited, and make its records."""
    where = f"config: experiments.{name}"
    check_source(entry, where)
    _check_names(entry, schema()["$defs"]["experiment"], where)
    source = _source(entry, where)
    if isinstance(source, Grid):
        check_training(source, where)
    analyses = tuple(entry.get("analyses", ["universality"]))
    records = settings_records()
    asked = [key for key in entry if key in records] + [name for name in built_on(analyses) if name in records]
    settings: dict[str, object] = {
        key: record_of(records[key], entry.get(key, {})) for key in asked if key in ANALYSES.names()
    }
    return Experiment(name, source, record_of(Fitting, entry.get("fitting", {})), analyses, settings)


def _source(entry: Mapping[str, Any], where: str) -> Grid | Imports | Simulation:
    if "simulate" in entry:
        return record_of(Simulation, entry["simulate"])
    if "import" in entry:
        entries = tuple(record_of(Import, source) for source in entry["import"])
        for number, source in enumerate(entries):
            if source.format not in (None, *READERS.names()):
                raise LosslawsError(f"{where}.import[{number}].format: {unknown(source.format, READERS.names())}")
        return Imports(entries)
    return record_of(Grid, {key: entry[key] for key in ("tasks", "widths", "seeds", "training") if key in entry})


def built_on(analyses: tuple[str, ...]) -> list[str]:
    """Return analyses, and those whose products or settings they use, each once."""
    found: dict[str, None] = {}
    waiting = list(analyses)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            waiting += ANALYSES.load(name).built_on
    return list(found)


def _with_borrowed(study: Experiment, experiments: Mapping[str, Experiment]) -> Experiment:
    """Return an experiment with the names of the curve tables that it takes from others."""
    source = study.source
    if not isinstance(source, Imports):
        return study
    borrowed: dict[str, tuple[str, ...]] = {}
    for number, entry in enumerate(source.entries):
        if not entry.experiment:
            continue
        place = f"config: experiments.{study.name}.import[{number}].experiment"
        if entry.experiment not in experiments:
            raise LosslawsError(f"{place}: experiment {unknown(entry.experiment, list(experiments))}")
        other = experiments[entry.experiment]
        if isinstance(other.source, Imports) and any(own.experiment for own in other.source.entries):
            raise LosslawsError(
                f"{place}: {other.name!r} itself takes its curves from another experiment; name the one that makes them"
            )
        borrowed[entry.experiment] = other.groups
    whole = Imports(source.entries, borrowed)
    names = [group for entry in source.entries for group in whole.groups_of(entry)]
    double = [group for group in names if names.count(group) > 1]
    if double:
        raise LosslawsError(
            f"config: experiments.{study.name}.import: two sources have a curve table {double[0]!r}; "
            "put them into two experiments, or rename one"
        )
    return Experiment(study.name, whole, study.fitting, study.analyses, study.settings)


def _check_names(entry: Mapping[str, Any], rules: Mapping[str, Any], where: str) -> None:
    """Raise a sentence for a name that is in no registry, in the lists that the schema marks, mappings included."""
    for key, value in entry.items():
        rule, place = rules["properties"][key], f"{where}.{key}"
        if isinstance(value, Mapping):
            _check_names(value, schema()["$defs"][key], place)
        if "entriesOf" not in rule:
            continue
        registry = REGISTRIES[rule["entriesOf"]]
        for name in value:
            if registry.is_path(name):
                _check_own(registry, name, value, place)
            elif name not in registry.names():
                raise LosslawsError(f"{place}: {registry.kind} {unknown(name, registry.names())}")


def _check_own(registry: Registry, path: str, entries: list[str], place: str) -> None:
    """Load a file of the user's own, so that its mistakes are reported before anything runs."""
    try:
        registry.load(path)
    except LosslawsError as error:
        raise LosslawsError(f"{place}: {error}") from error
    same = [entry for entry in entries if registry.name(entry) == registry.name(path)]
    if len(same) > 1:
        raise LosslawsError(f"{place}: {' and '.join(same)} have the same name; rename one of the files")
