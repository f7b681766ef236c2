"""What the function of a step is called with: its files and its settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Generic, TypeVar

from losslaws.config.changed import restored
from losslaws.config.fitting import Fitting
from losslaws.config.sources import Grid
from losslaws.core.registry import ANALYSES, LAWS
from losslaws.curves.curve import Curve
from losslaws.curves.table import read_curves
from losslaws.laws.law import Law

Settings = TypeVar("Settings")


@dataclass(frozen=True)
class Work(Generic[Settings]):
    """One job of a step.

    Attributes
    ----------
    experiment : str
        The experiment's name.
    inputs, outputs : mapping of str to tuple of Path
        Files by the names that the declaration gives them.
    settings : record
        The analysis' settings; None where it has none.
    fitting : Fitting
        How laws are fitted; the defaults where the step does not ask for it.
    grid : Grid or None
        What was trained; None where nothing was, or the step does not ask for it.
    """

    experiment: str
    inputs: Mapping[str, tuple[Path, ...]]
    outputs: Mapping[str, tuple[Path, ...]]
    settings: Settings
    fitting: Fitting
    grid: Grid | None

    def input(self, name: str) -> Path:
        """Return the path of a product that is one file."""
        (path,) = self.inputs[name]
        return path

    def output(self, name: str) -> Path:
        """Return the path of a product to be written."""
        (path,) = self.outputs[name]
        return path

    @property
    def pictures(self) -> tuple[Path, ...]:
        """The paths of a figure: every output."""
        return tuple(path for paths in self.outputs.values() for path in paths)

    def curves(self) -> list[Curve]:
        """Read the curves that the step names among what it reads."""
        return [curve for path in self.inputs["curves"] for curve in read_curves(path)]

    @cached_property
    def laws(self) -> list[Law]:
        """The laws of ``fitting``."""
        return [LAWS.load(name) for name in self.fitting.laws]


class DeclaredSettings:
    """The settings that a step declares that it reads; the others are refused, as a change of them reruns nothing."""

    def __init__(self, record: object, names: tuple[str, ...]) -> None:
        self._record, self._names = record, names

    def __getattr__(self, name: str) -> object:
        """Return a setting of those that are declared.

        Raises
        ------
        AttributeError
            If the step does not declare it.
        """
        if name not in self._names:
            raise AttributeError(f"the step reads the setting {name!r}, which its settings_read does not name: add it")
        return getattr(self._record, name)


def make_work(
    experiment: str,
    analysis: str,
    settings_read: tuple[str, ...] | None,
    changes: Mapping[str, Mapping[str, object]],
    inputs: Mapping[str, object],
    outputs: Mapping[str, object],
) -> Work[object]:
    """Return the work of a job.

    Parameters
    ----------
    experiment : str
        The experiment's name.
    analysis : str
        The analysis whose step it is.
    settings_read : tuple of str or None
        The settings that the step reads; None for all.
    changes : mapping
        What differs from the defaults, of `settings`, `fitting` and `grid`, each where the step goes by it.
    inputs, outputs : mapping of str to a path or paths
        Files by name; those of code are left out.
    """
    kind = ANALYSES.load(analysis).settings
    settings = restored(kind, changes.get("settings", {})) if kind else None
    if settings is not None and settings_read is not None:
        settings = DeclaredSettings(settings, tuple(settings_read))
    return Work(
        experiment=experiment,
        inputs={name: _paths(files) for name, files in inputs.items() if name != "code"},
        outputs={name: _paths(files) for name, files in outputs.items()},
        settings=settings,
        fitting=restored(Fitting, changes.get("fitting", {})),
        grid=restored(Grid, changes["grid"]) if "grid" in changes else None,
    )


def _paths(files: object) -> tuple[Path, ...]:
    return (Path(files),) if isinstance(files, str) else tuple(map(Path, files))  # type: ignore[call-overload]


def run_step(analysis: str, function: str, work: Work[object]) -> None:
    """Call ``module:function`` of an analysis' folder."""
    module, name = function.split(":")
    getattr(import_module(f"losslaws.analyses.{analysis}.{module}"), name)(work)
