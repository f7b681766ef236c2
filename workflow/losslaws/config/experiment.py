"""An experiment, complete: where its curves come from, how they are fitted, what is computed from them."""

from collections.abc import Mapping
from dataclasses import dataclass

from losslaws.config.fitting import Fitting
from losslaws.config.sources import Grid, Imports, Simulation


@dataclass(frozen=True)
class Experiment:
    """One experiment, every setting present.

    Attributes
    ----------
    name : str
        Its key in the config, and its folder under ``results/``.
    source : Grid, Imports or Simulation
        Where its curves come from.
    fitting : Fitting
        How laws are fitted.
    analyses : tuple of str
        What is computed from curves and fits.
    settings : mapping of str to record
        Settings of analyses, by the analysis: of those listed, of those they build on, and of those that the
        configuration has settings of.
    """

    name: str
    source: Grid | Imports | Simulation
    fitting: Fitting
    analyses: tuple[str, ...]
    settings: Mapping[str, object]

    @property
    def grid(self) -> Grid | None:
        """The grid that is trained, None where curves come from elsewhere."""
        return self.source if isinstance(self.source, Grid) else None

    @property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """Names of the curve tables that are analysed together: those of a task, or each alone."""
        return self.source.parts

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the curve tables: one per (task, width), per chunk of an import, or per (law, length)."""
        return tuple(group for groups in self.parts.values() for group in groups)

    def curve_table(self, group: str) -> str:
        """Return the path under ``results/`` of a group's curve table, which another experiment may have made."""
        borrowed = self.source.borrowed if isinstance(self.source, Imports) else {}
        owner = next((name for name, groups in borrowed.items() if group in groups), self.name)
        return f"{owner}/curves/{group}.parquet"
