"""What an analysis contributes to an experiment's report and to the check of its results."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from losslaws.config.experiment import Experiment
from losslaws.report.blocks import Block


@dataclass(frozen=True)
class Analysis:
    """An analysis, seen from the report.

    Attributes
    ----------
    title : str
        Heading of its section.
    question : str
        What it answers; that of an experiment's first analysis is the heading of its page.
    section : callable
        ``section(folder)`` returns the section's paragraphs, tables and figures, made of the files under
        ``results/{experiment}``.
    answer : callable
        ``answer(folder)`` returns what it adds to the answer that opens the report; empty for nothing.
    caveats : callable
        ``caveats(folder)`` returns sentences on what would change the answer.
    problems : callable
        ``problems(folder, experiment)`` yields a sentence for everything that is inconsistent in its files.
    methods : callable
        ``methods(experiment)`` returns a paragraph on how it was done, beside the fits of laws.
    settings : tuple of str
        The sections of the configuration that it goes by; `fitting` where it needs fits of laws.
    """

    title: str
    question: str
    section: Callable[[Path], Sequence[Block]]
    answer: Callable[[Path], Sequence[Block]] = lambda folder: ()
    caveats: Callable[[Path], Sequence[str]] = lambda folder: ()
    problems: Callable[[Path, Experiment], Iterable[str]] = lambda folder, experiment: ()
    methods: Callable[[Experiment], Sequence[str]] = lambda experiment: ()
    settings: tuple[str, ...] = ()


def settings_of(experiment: Experiment, analyses: Iterable[Analysis]) -> dict[str, dict[str, Any]]:
    """Return the sections of an experiment's configuration that its analyses go by."""
    names = dict.fromkeys(name for analysis in analyses for name in analysis.settings)
    return {name: getattr(experiment, name) for name in names}
