"""What an analysis contributes to the report, to the page and to the check of its results."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from losslaws.analyses.analysis import Analysis
from losslaws.config.experiment import Experiment
from losslaws.core.registry import ANALYSES
from losslaws.report.blocks import Block

ReadFolder = Callable[[Path], Sequence[Block]]


@dataclass(frozen=True)
class PagePart:
    """A part of the page with a heading of its own, which the contents link to.

    Attributes
    ----------
    anchor, title : str
        Where links lead, and the heading.
    html : str
        What stands below the heading; markup, not text.
    """

    anchor: str
    title: str
    html: str


@dataclass(frozen=True)
class Appendix:
    """Further parts of the page that an analysis brings.

    Attributes
    ----------
    first, last : tuple of PagePart
        Parts before the sections of all analyses, and after them.
    anchors : mapping of str to str
        Where a curve's name leads, in every table of the page.
    charts : object
        What the charts of the parts are drawn of, as JSON; None without charts.
    """

    first: tuple[PagePart, ...] = ()
    last: tuple[PagePart, ...] = ()
    anchors: Mapping[str, str] = field(default_factory=dict)
    charts: object = None


@dataclass(frozen=True)
class ChecklistItem:
    """One question that a study must answer; `answer` is None where this one leaves it open."""

    topic: str
    question: str
    answer: str | None


@dataclass(frozen=True)
class Section:
    """The part of the report that is an analysis'.

    Attributes
    ----------
    body : callable
        ``body(folder)`` returns the section's paragraphs, tables and figures, made of the files under
        ``results/{experiment}``.
    answer : callable
        ``answer(folder)`` returns what it adds to the answer that opens the report; empty for nothing.
    headline : callable
        ``headline(folder)`` returns a verdict that stands above all answers, in a word and a sentence; empty for none.
    caveats : callable
        ``caveats(folder)`` returns sentences on what would change the answer.
    methods : callable
        ``methods(experiment)`` returns a paragraph on how it was done, beside the fits of laws.
    problems : callable
        ``problems(folder, experiment)`` yields a sentence for everything that is inconsistent in its files.
    overview : callable
        ``overview(folder, experiment)`` returns what the first screen of the page shows of it, as HTML; empty for
        nothing.
    appendix : callable
        ``appendix(folder, experiment)`` returns further parts of the page; None for none.
    checklist : callable
        ``checklist(folder, experiment)`` returns what a study of its kind must report, with this study's answers.
    """

    body: ReadFolder
    answer: ReadFolder = lambda folder: ()
    caveats: Callable[[Path], Sequence[str]] = lambda folder: ()
    headline: Callable[[Path], str] = lambda folder: ""
    methods: Callable[[Experiment], Sequence[str]] = lambda experiment: ()
    problems: Callable[[Path, Experiment], Iterable[str]] = lambda folder, experiment: ()
    overview: Callable[[Path, Experiment], str] = lambda folder, experiment: ""
    appendix: Callable[[Path, Experiment], "Appendix | None"] = lambda folder, experiment: None
    checklist: Callable[[Path, Experiment], Sequence["ChecklistItem"]] = lambda folder, experiment: ()


@dataclass(frozen=True)
class Reported:
    """An analysis that a report has a section of.

    Attributes
    ----------
    name : str
        Its name in the configuration.
    analysis : Analysis
        Its declaration.
    section : Section
        What it contributes.
    """

    name: str
    analysis: Analysis
    section: Section


def reported(experiment: Experiment) -> list[Reported]:
    """Return the sections of an experiment's analyses, in the order of the configuration."""
    found = []
    for name in experiment.analyses:
        analysis: Analysis = ANALYSES.load(name)
        module, attribute = analysis.section.split(":")
        section = getattr(import_module(f"losslaws.analyses.{name}.{module}"), attribute)
        found.append(Reported(name, analysis, section))
    return found
