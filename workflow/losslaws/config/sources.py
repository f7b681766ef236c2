"""Where an experiment's curves come from: a grid that is trained, recorded curves, or known laws."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from losslaws.config.constraints import SOME, UNIQUE, Above0, Count, FileName, Positive, TaskNames
from losslaws.config.training import Training
from losslaws.core.errors import LosslawsError

Texts = Annotated[tuple[str, ...], SOME]


@dataclass(frozen=True)
class Grid:
    """Every task is trained at every width with every seed; one (task, width) is a group of curves."""

    tasks: TaskNames
    """Tasks to train: names of modules in workflow/losslaws/tasks/catalogue. Requires `widths`."""
    widths: Annotated[tuple[Positive, ...], SOME, UNIQUE]
    """Units per hidden layer. Requires `tasks`."""
    seeds: Annotated[tuple[Count, ...], SOME, UNIQUE] = (42,)
    """One run per seed, which determines the data, the initial weights and the order of the batches."""
    training: Training = field(default_factory=Training)

    @property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """Names of the curve tables of each task."""
        return {task: tuple(f"{task}_w{width}" for width in self.widths) for task in self.tasks}


@dataclass(frozen=True)
class Import:
    """Recorded curves, from files or from another experiment."""

    revision: ClassVar[int] = 0

    name: FileName | None = None
    """Name of the source in tables. Required with `files`."""
    files: str | Texts | None = None
    """Path or glob of the files, or a list of them."""
    experiment: str | None = None
    """Another experiment whose curves are used, instead of `files`."""
    format: str | None = None
    """Format of the files; guessed if absent."""
    t: str | None = None
    """Column of t, or `cumulative_lr` for the sum of learning rates; guessed if absent."""
    loss: str | Texts | None = None
    """Column of the loss; a list or a glob if each of several columns is a curve; guessed if absent."""
    curve: str | Texts | None = None
    """Column, or list of columns, that identifies the curve of a row; if absent, each file is a curve."""
    lr: str | bool | None = None
    """Column of the learning rate, or false for none; guessed if absent."""
    noise_trace: str | None = None
    """Column of the trace of the preconditioned mini-batch gradient's covariance; guessed if absent."""
    every: Positive = 1
    """Keep every n-th point of a curve, and the last one."""
    most: Annotated[int, Meta(ge=2)] | None = None
    """Keep at most this many points of a curve, evenly spaced in log t."""
    chunks: Positive = 1
    """Split the curves into this many tables, fitted in parallel."""

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the curve tables that an import of files makes."""
        if self.chunks == 1:
            return (str(self.name),)
        return tuple(f"{self.name}_{number}" for number in range(1, self.chunks + 1))


@dataclass(frozen=True)
class Imports:
    """Recorded curves.

    Attributes
    ----------
    entries : tuple of Import
        In the order of the configuration.
    borrowed : mapping of str to tuple of str
        The curve tables of each other experiment that an entry names.
    """

    entries: tuple[Import, ...]
    borrowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def groups_of(self, entry: Import) -> tuple[str, ...]:
        """Return the names of the curve tables that one entry makes or uses."""
        return self.borrowed.get(entry.experiment, ()) if entry.experiment else entry.groups

    @property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """Names of the curve tables, each alone."""
        return {group: (group,) for entry in self.entries for group in self.groups_of(entry)}

    def entry_of(self, group: str) -> tuple[Import, int]:
        """Return the import that a group is a chunk of, and the chunk's number from 1."""
        for entry in self.entries:
            if not entry.experiment and group in entry.groups:
                return entry, entry.groups.index(group) + 1
        owner = next((name for name, groups in self.borrowed.items() if group in groups), None)
        raise LosslawsError(
            f"curves/{group}.parquet belongs to the experiment {owner}: ask for results/{owner}/curves/{group}.parquet"
        )


@dataclass(frozen=True)
class Simulation:
    """Curves of known laws with AR(1) noise, instead of `tasks` and `widths`."""

    revision: ClassVar[int] = 0

    laws: Annotated[
        tuple[Literal["power_law", "exponential", "stretched_exp", "log_power", "shifted_power_law", "hill"], ...],
        SOME,
        UNIQUE,
    ] = ("power_law", "exponential", "stretched_exp", "log_power")
    """The true laws."""
    lengths: Annotated[tuple[Annotated[int, Meta(ge=10)], ...], SOME, UNIQUE] = (500, 1500, 5000)
    """Numbers of points per curve."""
    rho: Annotated[tuple[Annotated[float, Meta(ge=0, lt=1)], ...], SOME, UNIQUE] = (0.0, 0.5, 0.9, 0.99)
    """Lag-one correlations of the noise, in [0, 1)."""
    signal_to_noise: Annotated[tuple[Above0, ...], SOME, UNIQUE] = (30.0, 300.0)
    """Ratios of a curve's decrease to the standard deviation of its noise."""
    curves: Positive = 25
    """Curves for each law, length, correlation and signal-to-noise ratio."""
    seed: Count = 42
    """Seed of the nonlinear parameters and the noise."""

    @property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """Names of the curve tables, one for each law and length, each alone."""
        return {f"{law}_n{length}": (f"{law}_n{length}",) for law in self.laws for length in self.lengths}
