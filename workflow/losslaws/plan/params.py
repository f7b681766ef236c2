"""The experiment of a report as parameters of its job, and back."""

from collections.abc import Mapping
from typing import Any

from losslaws.config.changed import Changes, changed, restored
from losslaws.config.experiment import Experiment
from losslaws.config.fitting import Fitting
from losslaws.config.sources import Grid, Import, Imports, Simulation
from losslaws.core.registry import ANALYSES


def experiment_params(experiment: Experiment, sections: Mapping[str, object]) -> Changes:
    """Return what a report needs of an experiment: its source, its analyses, and the settings in use.

    Parameters
    ----------
    experiment : Experiment
        The experiment.
    sections : mapping of str to record
        The records of settings in use, by their section of the configuration.
    """
    source = experiment.source
    entries = [changed(entry) for entry in source.entries] if isinstance(source, Imports) else []
    return {
        "name": experiment.name,
        "grid": changed(source) if isinstance(source, Grid) else None,
        "imports": {"entries": entries, "borrowed": dict(source.borrowed)} if isinstance(source, Imports) else None,
        "simulation": changed(source) if isinstance(source, Simulation) else None,
        "analyses": list(experiment.analyses),
        "settings": {name: changed(record) for name, record in sections.items()},
    }


def restored_experiment(params: Mapping[str, Any]) -> Experiment:
    """Return the experiment that :func:`experiment_params` was given, settings not in use at their defaults."""
    sections = dict(params["settings"])
    fitting = restored(Fitting, sections.pop("fitting", {}))
    own: dict[str, object] = {name: restored(ANALYSES.load(name).settings, values) for name, values in sections.items()}
    return Experiment(params["name"], _source(params), fitting, tuple(params["analyses"]), own)


def _source(params: Mapping[str, Any]) -> Grid | Imports | Simulation:
    if params["grid"] is not None:
        return restored(Grid, params["grid"])
    if params["simulation"] is not None:
        return restored(Simulation, params["simulation"])
    entries = tuple(restored(Import, entry) for entry in params["imports"]["entries"])
    return Imports(entries, {name: tuple(groups) for name, groups in params["imports"]["borrowed"].items()})
