"""The experiments of a configuration as files: which there are, what they are made of, and who asks for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from losslaws.analyses.analysis import Analysis, Step
from losslaws.config.experiment import Experiment
from losslaws.config.sources import Grid, Import, Imports
from losslaws.core.errors import LosslawsError
from losslaws.core.registry import ANALYSES, unknown
from losslaws.importing.files import find_files

Wildcards = Mapping[str, str]

REPORTS = ("report.txt", "report.html")
COMPARED = ("universality.summary", "evidence.summary")
"""Products that the page of experiments side by side is made of."""


@dataclass(frozen=True, eq=False)
class Plan:
    """What can be built.

    Parameters
    ----------
    experiments : mapping of str to Experiment
        All of the configuration, by name.
    run : tuple of str
        The names of those that a bare ``snakemake`` builds.
    """

    experiments: Mapping[str, Experiment]
    run: tuple[str, ...]

    def experiment(self, wildcards: Wildcards) -> Experiment:
        """Return the experiment that wildcards name, having checked that it has their task, width, group or part.

        Raises
        ------
        LosslawsError
            If there is no such experiment, or it has no such task, width, group or part.
        """
        name = wildcards["experiment"]
        if name not in self.experiments:
            raise LosslawsError(f"results/{name}: experiment {unknown(name, list(self.experiments))}")
        for kind, values in self._allowed[name].items():
            if kind in wildcards and wildcards[kind] not in values:
                raise LosslawsError(
                    f"results/{name}: {kind} {unknown(wildcards[kind], list(values))}, or extend experiments.{name} in "
                    "the config"
                )
        return self.experiments[name]

    @cached_property
    def _allowed(self) -> dict[str, dict[str, dict[str, None]]]:
        """The values that wildcards may have, by experiment and kind; every job asks, so they are listed once."""
        return {
            name: {
                "task": dict.fromkeys(study.grid.tasks if study.grid else ()),
                "width": dict.fromkeys(map(str, study.grid.widths if study.grid else ())),
                "group": dict.fromkeys(study.groups),
                "part": dict.fromkeys(study.parts),
            }
            for name, study in self.experiments.items()
        }

    def named(self, *kinds: type) -> str:
        """Return a wildcard constraint: the experiments whose curves come from sources of these kinds."""
        names = [name for name, study in self.experiments.items() if isinstance(study.source, kinds)]
        return "|".join(names) or "(?!)"

    def grid(self, wildcards: Wildcards) -> Grid:
        """Return the grid of an experiment that trains.

        Raises
        ------
        LosslawsError
            If it does not.
        """
        study = self.experiment(wildcards)
        if study.grid is None:
            raise LosslawsError(f"results/{study.name}: its curves are not trained, so it has no data sets")
        return study.grid

    def curves(self, wildcards: Wildcards) -> list[str]:
        """Return the curve tables of the wildcards' group or part, or of the whole experiment."""
        study = self.experiment(wildcards)
        return [f"results/{study.curve_table(group)}" for group in groups_of(study, wildcards)]

    def fits(self, wildcards: Wildcards) -> list[str]:
        """Return the fit tables of the wildcards' group or part, or of the whole experiment."""
        study = self.experiment(wildcards)
        return [f"results/{study.name}/fits/{group}.parquet" for group in groups_of(study, wildcards)]

    def wanted_fits(self, wildcards: Wildcards) -> list[str]:
        """Return the fit tables of an experiment; none where nothing that is built reads fits."""
        steps = needed_steps(self.experiment(wildcards).analyses)
        return self.fits(wildcards) if any("fits" in step.reads for step in steps) else []

    def fitted_curves(self, wildcards: Wildcards) -> list[str]:
        """Return the curve tables that belong to the fit tables of :meth:`wanted_fits`."""
        return self.curves(wildcards) if self.wanted_fits(wildcards) else []

    def import_of(self, wildcards: Wildcards) -> tuple[Import, int]:
        """Return the import that the wildcards' group is a chunk of, and the chunk's number from 1."""
        source = self.experiment(wildcards).source
        assert isinstance(source, Imports)
        return source.entry_of(wildcards["group"])

    def import_files(self, wildcards: Wildcards) -> list[str]:
        """Return the files that the wildcards' group is imported from."""
        entry, _ = self.import_of(wildcards)
        try:
            return [str(path) for path in find_files(entry.files or ())]
        except LosslawsError as error:
            place = f"config: experiments.{wildcards['experiment']}.import: {entry.name}"
            raise LosslawsError(f"{place}: {error}") from error

    def import_notes(self, wildcards: Wildcards) -> list[str]:
        """Return what the imports of an experiment guessed and left out."""
        study = self.experiment(wildcards)
        entries = study.source.entries if isinstance(study.source, Imports) else ()
        groups = [group for entry in entries if not entry.experiment for group in entry.groups]
        return [f"results/{study.name}/imports/{group}.json" for group in groups]

    def products(self, wildcards: Wildcards) -> list[str]:
        """Return what the analyses of an experiment make, and what their sections read of others, each file once."""
        study = self.experiment(wildcards)
        return [f"results/{study.name}/{path}" for path in product_paths(study.analyses)]

    def files(self, names: Iterable[str]) -> list[str]:
        """Return everything that is built for the named experiments."""
        return [
            path
            for name in names
            for path in (
                *(f"results/{name}/{report}" for report in REPORTS),
                *self.products({"experiment": name}),
            )
        ]

    @property
    def comparable(self) -> list[str]:
        """The names of the experiments to run that count winners."""
        return [name for name in self.run if "summary.json" in product_paths(self.experiments[name].analyses)]

    @property
    def compared(self) -> list[str]:
        """The files that the comparison of experiments is made of."""
        wanted = [path_of(product) for product in COMPARED]
        paths = {name: product_paths(self.experiments[name].analyses) for name in self.comparable}
        return [f"results/{name}/{path}" for name, own in paths.items() for path in own if path in wanted]

    @property
    def comparison(self) -> list[str]:
        """The page of experiments side by side, where there are at least two."""
        return ["results/compare.html"] if len(self.comparable) > 1 else []


def groups_of(study: Experiment, wildcards: Wildcards) -> Sequence[str]:
    """Return the names of the curve tables of the wildcards' group or part, or of the whole experiment."""
    if "group" in wildcards:
        return [wildcards["group"]]
    return study.parts[wildcards["part"]] if "part" in wildcards else study.groups


def load(name: str) -> Analysis:
    """Return the declaration of an analysis."""
    found: Analysis = ANALYSES.load(name)
    return found


def path_of(product: str) -> str:
    """Return the path under ``results/{experiment}/`` of a product, as ``"universality.summary"``."""
    owner, name = product.split(".")
    return load(owner).products[name][1]


def product_paths(analyses: tuple[str, ...]) -> list[str]:
    """Return the paths of what analyses make for a whole experiment, and of what their sections read of others."""
    return list(_product_paths(analyses))


@cache
def _product_paths(analyses: tuple[str, ...]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for analysis in map(load, analyses):
        found |= dict.fromkeys(map(path_of, analysis.needs))
        found |= dict.fromkeys(path for step, path in analysis.products.values() if step.per == "experiment")
    return tuple(found)


def needed_steps(analyses: tuple[str, ...]) -> list[Step]:
    """Return the steps that make what analyses end in, those of others included, each once."""
    waiting = [(name, step) for name in analyses for step in load(name).steps.values()]
    waiting += [step_of(product) for name in analyses for product in load(name).needs]
    found: list[Step] = []
    while waiting:
        owner, step = waiting.pop()
        if step in found:
            continue
        found.append(step)
        reads = [name for name in (*step.reads, *step.reads_all) if name not in ("curves", "fits")]
        waiting += [step_of(name if "." in name else f"{owner}.{name}") for name in reads]
    return found


def step_of(product: str) -> tuple[str, Step]:
    """Return the analysis and the step that make a product, as ``"universality.summary"``."""
    owner, name = product.split(".")
    return owner, load(owner).products[name][0]
