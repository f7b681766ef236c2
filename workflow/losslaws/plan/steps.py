"""Steps of analyses as rules: their inputs, outputs, code, parameters, and what they ask a cluster for."""

from collections.abc import Iterator
from dataclasses import dataclass

from losslaws.analyses.analysis import Analysis, Step
from losslaws.config.changed import REVISION, Changes, changed
from losslaws.config.experiment import Experiment
from losslaws.core.errors import LosslawsError
from losslaws.core.registry import ANALYSES, LAWS, LIBRARY
from losslaws.plan.plan import Plan, Wildcards, load

RULES = (
    "all",
    "data",
    "train",
    "import_curves",
    "simulate",
    "fit",
    "curves",
    "fits",
    "report",
    "page",
    "compare",
    "validate",
)
"""Rules that are not made of steps, whose names steps cannot have."""


@dataclass(frozen=True)
class PlannedStep:
    """A step of an analysis, which becomes one rule.

    Attributes
    ----------
    analysis, name : str
        The analysis, and the step, which is also the rule's name.
    step : Step
        Its declaration.
    """

    analysis: str
    name: str
    step: Step

    @property
    def declared(self) -> Analysis:
        """The declaration of its analysis."""
        return load(self.analysis)

    @property
    def outputs(self) -> dict[str, str]:
        """The paths of its products by name, with wildcards."""
        return {name: f"results/{{experiment}}/{path}" for name, path in self.step.writes.items()}

    @property
    def place(self) -> str:
        """Where its logs and benchmarks lie under their folders, without suffix."""
        if self.step.per != "experiment":
            return f"{self.name}/{{{self.step.per}}}"
        return self.name.replace("figure_", "figure/", 1) if self.name.startswith("figure_") else self.name

    @property
    def group(self) -> str:
        """The SLURM jobs that its jobs belong to: one of the whole experiment, or as many as the profile says."""
        return "summary" if self.step.per == "experiment" else self.name

    def inputs(self, plan: Plan, wildcards: Wildcards) -> dict[str, list[str]]:
        """Return the paths that a job reads, by name."""
        own = {name: self._read(plan, name, wildcards) for name in self.step.reads}
        whole = {key: value for key, value in wildcards.items() if key == "experiment"}
        every = {name: self._read(plan, name, whole) for name in self.step.reads_all}
        return {name.rpartition(".")[2]: paths for name, paths in (own | every).items()}

    def _read(self, plan: Plan, name: str, wildcards: Wildcards) -> list[str]:
        if name == "curves":
            return plan.curves(wildcards)
        if name == "fits":
            return plan.fits(wildcards)
        owner, _, product = name.rpartition(".")
        step, path = load(owner or self.analysis).products[product]
        study = plan.experiment(wildcards)
        names = study.parts if step.per == "part" else study.groups
        asked = [wildcards[step.per]] if step.per in wildcards else names
        own = [path] if step.per == "experiment" else [path.replace(f"{{{step.per}}}", name) for name in asked]
        return [f"results/{study.name}/{one}" for one in own]

    def modules(self, plan: Plan, wildcards: Wildcards) -> list[str]:
        """Return the modules that its jobs load by name: the function's, and those of laws."""
        study = plan.experiment(wildcards)
        laws = {"": (), "fitting": study.fitting.laws, "settings": getattr(self.settings(study), "laws", ())}
        module = f"losslaws.analyses.{self.analysis}.{self.step.run.split(':')[0]}"
        return [module, *(source for law in laws[self.step.laws] for source in LAWS.sources(law))]

    def params(self, plan: Plan, wildcards: Wildcards) -> Changes:
        """Return what a job goes by, of that only what differs from the defaults."""
        study = plan.experiment(wildcards)
        settings = self.settings(study)
        found: Changes = {}
        if settings is not None and self.step.settings_read != ():
            every, read = changed(settings), self.step.settings_read
            found["settings"] = {key: value for key, value in every.items() if read is None or key in (*read, REVISION)}
        if "fitting" in self.step.config or self.step.laws == "fitting":
            found["fitting"] = changed(study.fitting)
        if "grid" in self.step.config and study.grid:
            found["grid"] = changed(study.grid)
        return found

    def settings(self, study: Experiment) -> object:
        """Return the settings of its analysis; defaults where one of its files is asked for and the list lacks it."""
        kind = load(self.analysis).settings
        return study.settings.get(self.analysis, kind()) if kind else None


def planned_steps() -> Iterator[PlannedStep]:
    """Yield the steps of every analysis.

    Raises
    ------
    LosslawsError
        If two steps have one name, or a step reads what nothing makes.
    """
    owners: dict[str, str] = dict.fromkeys(RULES, "the stages from data to report")
    for analysis in ANALYSES.names():
        _check_section(analysis)
        for name, step in load(analysis).steps.items():
            if name in owners:
                raise LosslawsError(
                    f"analyses/{analysis}/__init__.py: the step {name!r} is also one of {owners[name]}; rename it"
                )
            owners[name] = analysis
            _check_run(analysis, name, step)
            _check_reads(analysis, name, step)
            yield PlannedStep(analysis, name, step)


def _check_section(analysis: str) -> None:
    declared = load(analysis)
    module = declared.section.partition(":")[0]
    if not (LIBRARY / "analyses" / analysis / f"{module}.py").is_file():
        raise LosslawsError(
            f"analyses/{analysis}/__init__.py: the section is {declared.section!r}, and there is no {module}.py beside "
            "the declaration"
        )
    for need in declared.needs:
        owner, _, product = need.rpartition(".")
        if owner not in ANALYSES.names() or product not in load(owner).products:
            raise LosslawsError(
                f"analyses/{analysis}/__init__.py: needs names {need!r}, which no step writes; expected a product of "
                "another analysis, as 'universality.summary'"
            )


def _check_run(analysis: str, name: str, step: Step) -> None:
    module, _, function = step.run.partition(":")
    path = LIBRARY / "analyses" / analysis / f"{module}.py"
    if not function or not path.is_file():
        raise LosslawsError(
            f"analyses/{analysis}/__init__.py: the step {name!r} runs {step.run!r}; expected a function as "
            f"'module:function', in a file such as {path}"
        )


def _check_reads(analysis: str, name: str, step: Step) -> None:
    names = [read.rpartition(".")[2] for read in (*step.reads, *step.reads_all)]
    double = [read for read in names if names.count(read) > 1]
    if double:
        raise LosslawsError(
            f"analyses/{analysis}/__init__.py: the step {name!r} reads two products called {double[0]!r}, which its "
            "function could not tell from one another; rename one"
        )
    for read in (*step.reads, *step.reads_all):
        owner, _, product = read.rpartition(".")
        known = owner in ("", *ANALYSES.names()) and product in load(owner or analysis).products
        if read not in ("curves", "fits") and not known:
            raise LosslawsError(
                f"analyses/{analysis}/__init__.py: the step {name!r} reads {read!r}, which no step writes; expected "
                f"curves, fits, or one of {', '.join(load(analysis).products)}"
            )
