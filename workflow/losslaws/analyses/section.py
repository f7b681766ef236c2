"""What an analysis contributes to the report, to the page and to the check of its results."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from losslaws.analyses.analysis import Analysis
from losslaws.config.experiment import Experiment
from losslaws.core.registry import ANALYSES
from losslaws.report.blocks import Block

ReadFolder = Callable[[Path], Sequence[Block]]


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
    caveats : callable
        ``caveats(folder)`` returns sentences on what would change the answer.
    methods : callable
        ``methods(experiment)`` returns a paragraph on how it was done, beside the fits of laws.
    problems : callable
        ``problems(folder, experiment)`` yields a sentence for everything that is inconsistent in its files.
    """

    body: ReadFolder
    answer: ReadFolder = lambda folder: ()
    caveats: Callable[[Path], Sequence[str]] = lambda folder: ()
    methods: Callable[[Experiment], Sequence[str]] = lambda experiment: ()
    problems: Callable[[Path, Experiment], Iterable[str]] = lambda folder, experiment: ()


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
