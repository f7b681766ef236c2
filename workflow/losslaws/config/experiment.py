"""An experiment, complete: where its curves come from, how they are fitted, what is computed from them."""

from dataclasses import dataclass
from typing import Any, Literal

Source = Literal["training", "import", "simulation"]


@dataclass(frozen=True)
class Experiment:
    """One experiment with every key of the schema present.

    Its curves come from one source: a grid that is trained, files and other experiments, or known laws.

    Attributes
    ----------
    name : str
        Its key in the config, and its folder under ``results/``.
    tasks, widths, seeds : list
        The grid that is trained; empty without one.
    training : dict
        How it is trained.
    imports : list of dict
        Sources of recorded curves: files, or ``{"experiment": name}`` with its curves' ``groups``.
    simulate : dict or None
        Known laws, and the noise to add.
    fitting : dict
        How laws are fitted.
    analyses : list of str
        What is computed from the fits.
    evidence, forecast, schedule_law, collapse : dict
        Settings of those analyses.
    """

    name: str
    tasks: list[str]
    widths: list[int]
    seeds: list[int]
    training: dict[str, Any]
    imports: list[dict[str, Any]]
    simulate: dict[str, Any] | None
    fitting: dict[str, Any]
    analyses: list[str]
    evidence: dict[str, Any]
    forecast: dict[str, Any]
    schedule_law: dict[str, Any]
    collapse: dict[str, Any]

    @property
    def source(self) -> Source:
        """Where the curves come from."""
        if self.imports:
            return "import"
        return "simulation" if self.simulate else "training"

    @property
    def parts(self) -> dict[str, list[str]]:
        """Names of the curve tables that are judged together: those of a task, or each alone."""
        if self.source == "training":
            return {task: [f"{task}_w{width}" for width in self.widths] for task in self.tasks}
        return {group: [group] for group in self.groups}

    @property
    def groups(self) -> list[str]:
        """Names of the curve tables: one per (task, width), per chunk of an import, or per (law, length)."""
        if self.simulate:
            return [f"{law}_n{length}" for law in self.simulate["laws"] for length in self.simulate["lengths"]]
        if self.imports:
            return [group for entry in self.imports for group in import_groups(entry)]
        return [f"{task}_w{width}" for task in self.tasks for width in self.widths]

    def curve_table(self, group: str) -> str:
        """Return the path under ``results/`` of a group's curve table, which another experiment may have made."""
        for entry in self.imports:
            if entry["experiment"] and group in entry["groups"]:
                return f"{entry['experiment']}/curves/{group}.parquet"
        return f"{self.name}/curves/{group}.parquet"

    def import_of(self, group: str) -> tuple[dict[str, Any], int]:
        """Return the import that a group is a chunk of, and the chunk's number from 1."""
        for entry in self.imports:
            if group in import_groups(entry):
                return entry, import_groups(entry).index(group) + 1
        raise KeyError(group)


def import_groups(entry: dict[str, Any]) -> list[str]:
    """Return the names of the curve tables that one import makes or takes over."""
    if entry["experiment"]:
        return list(entry["groups"])
    if entry["chunks"] == 1:
        return [entry["name"]]
    return [f"{entry['name']}_{number}" for number in range(1, entry["chunks"] + 1)]
