"""What an analysis declares: its question, its settings, and the steps that compute and draw it.

An analysis is a folder ``analyses/NAME/`` whose ``__init__.py`` defines ``ANALYSIS``. The declaration names functions
as ``"module:function"``, so that reading it imports neither NumPy nor Matplotlib. The workflow makes one rule of each
step.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from losslaws.config.experiment import Experiment


@dataclass(frozen=True)
class Step:
    """One rule of the workflow: a function of the analysis' folder, what it reads, and what it writes.

    Attributes
    ----------
    run : str
        The function, as ``"compute:find_exponents"``: called with a :class:`~losslaws.analyses.work.Work`.
    writes : mapping of str to str
        Products by name: paths under ``results/{experiment}/``; those of a step per part have ``{part}`` in them.
    reads : tuple of str
        What it reads: ``"curves"``, ``"fits"``, a product of the same analysis by its name, or one of another analysis
        as ``"evidence.verdicts"``. Of products per part, a step per part reads its own part, others read all.
    reads_all : tuple of str
        Products per part of which a step per part reads every part.
    per : str
        ``"experiment"`` for one job, ``"part"`` for a job for each part (a task with all its widths, or one table of
        curves), ``"group"`` for a job for each curve table.
    laws : str
        Where the laws are named that it loads: ``"fitting"``, or ``"settings"`` for the field `laws` of the analysis'
        own settings; empty for none. Their modules count as its code.
    config : tuple of str
        Sections of the experiment that it goes by besides the analysis' settings: ``"fitting"``, ``"grid"``.
    settings_read : tuple of str or None
        The settings that it reads, where it does not read all: a change of the others makes nothing stale.
    resources : str
        What it asks a cluster for: ``"reading"`` of a job that holds curves, ``"judging"`` of one that fits each in
        many ways, ``"drawing"`` of one that draws a small table.
    minutes : int
        The least time that it asks a cluster for.
    caption : str
        What a figure shows, in reStructuredText; a step that has one is a figure in Snakemake's report.
    priority : int
        Snakemake's priority: of jobs that can start, the highest starts first.
    """

    run: str
    writes: Mapping[str, str]
    reads: tuple[str, ...] = ()
    reads_all: tuple[str, ...] = ()
    per: Literal["experiment", "part", "group"] = "experiment"
    laws: Literal["", "fitting", "settings"] = ""
    config: tuple[Literal["fitting", "grid"], ...] = ()
    settings_read: tuple[str, ...] | None = None
    resources: Literal["reading", "judging", "drawing"] = "reading"
    minutes: int = 0
    caption: str = ""
    priority: int = 0


def figure_step(name: str, run: str, reads: tuple[str, ...], caption: str, **keys: object) -> dict[str, Step]:
    """Return the step that draws ``figures/{name}.png`` and ``.svg``, by its name ``figure_{name}``.

    It reads no settings unless `settings_read` says so.
    """
    writes = {f"{name}_{kind}": f"figures/{name}.{kind}" for kind in ("png", "svg")}
    options: dict[str, object] = {"resources": "drawing", "settings_read": (), **keys}
    return {f"figure_{name}": Step(run, writes, reads, caption=caption, **options)}  # type: ignore[arg-type]


@dataclass(frozen=True)
class Analysis:
    """An analysis of an experiment.

    Attributes
    ----------
    title : str
        Heading of its section in the report.
    question : str
        What it answers; that of an experiment's first analysis is the heading of its page.
    steps : mapping of str to Step
        By name, which is the name of the rule.
    section : str
        Its :class:`~losslaws.analyses.section.Section`, as ``"section:SECTION"``.
    settings : type or None
        Its record of settings: a frozen dataclass that can be made without arguments; the section of the configuration
        has the analysis' name.
    needs : tuple of str
        Products of other analyses that its section reads, as ``"universality.summary"``.
    check : callable
        ``check(experiment)`` yields what is wrong with its settings beside the others, as ``"collapse.frontier is …"``;
        told before anything runs. Imports nothing heavy.
    """

    title: str
    question: str
    steps: Mapping[str, Step]
    section: str = "section:SECTION"
    settings: type | None = None
    needs: tuple[str, ...] = ()
    check: Callable[[Experiment], Iterable[str]] = field(default=lambda experiment: ())

    @property
    def products(self) -> dict[str, tuple[Step, str]]:
        """Each product's step and path, by the product's name."""
        return {name: (step, path) for step in self.steps.values() for name, path in step.writes.items()}

    @property
    def built_on(self) -> tuple[str, ...]:
        """The other analyses whose products it uses, each once."""
        products = [name for step in self.steps.values() for name in (*step.reads, *step.reads_all)]
        return tuple(dict.fromkeys(name.split(".")[0] for name in (*products, *self.needs) if "." in name))

    @property
    def uses_fits(self) -> bool:
        """Whether the laws of ``fitting`` have a part in it."""
        return any("fits" in step.reads or step.laws == "fitting" for step in self.steps.values())
