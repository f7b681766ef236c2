"""The settings of an experiment that its source and its analyses go by: as rows, and as a configuration."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from losslaws.config.experiment import Experiment
from losslaws.config.sources import Grid, Import, Imports, Simulation
from losslaws.core.registry import ANALYSES

Yaml = dict[str, object]


def sections_in_use(experiment: Experiment) -> dict[str, object]:
    """Return the records of settings that an experiment's analyses go by, by their section of the configuration."""
    analyses = {name: ANALYSES.load(name) for name in experiment.analyses}
    fitted = any(analysis.uses_fits for analysis in analyses.values())
    named = [
        name for own, analysis in analyses.items() for name in (own, *analysis.built_on) if name in experiment.settings
    ]
    first: dict[str, object] = {"fitting": experiment.fitting} if fitted else {}
    return first | {name: experiment.settings[name] for name in named}


def settings_rows(experiment: Experiment) -> Iterator[tuple[str, object]]:
    """Yield every setting in use with its value."""
    source = experiment.source
    if isinstance(source, Grid):
        yield from [("tasks", source.tasks), ("widths", source.widths), ("seeds", source.seeds)]
        yield from _section("training", source.training)
    if isinstance(source, Imports):
        for entry in source.entries:
            own = {key: value for key, value in asdict(entry).items() if value is not None and key != "name"}
            for key, value in ({"experiment": entry.experiment} if entry.experiment else own).items():
                yield f"import {entry.name or entry.experiment}: {key}", value
    if isinstance(source, Simulation):
        yield from _section("simulate", source)
    for name, record in sections_in_use(experiment).items():
        yield from _section(name, record)


def _section(name: str, record: Any) -> Iterator[tuple[str, object]]:
    yield from ((f"{name}: {key}", value) for key, value in asdict(record).items())


def as_configuration(experiment: Experiment) -> Yaml:
    """Return the experiment as it would stand in a configuration: source, analyses, and the sections in use."""
    keys = _source(experiment.source) | {"analyses": list(experiment.analyses)}
    for name, record in sections_in_use(experiment).items():
        keys[name] = _plain(record)
    return {"experiments": {experiment.name: keys}}


def _source(source: Grid | Imports | Simulation) -> Yaml:
    if isinstance(source, Grid):
        return {
            "tasks": list(source.tasks),
            "widths": list(source.widths),
            "seeds": list(source.seeds),
            "training": _plain(source.training),
        }
    if isinstance(source, Simulation):
        return {"simulate": _plain(source)}
    return {"import": [_import(entry) for entry in source.entries]}


def _import(entry: Import) -> Yaml:
    return {"experiment": entry.experiment} if entry.experiment else _plain(entry)


def _plain(record: Any) -> Yaml:
    """Return a record as a mapping with lists, without what is absent."""
    return {key: _listed(value) for key, value in asdict(record).items() if value is not None}


def _listed(value: object) -> object:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
