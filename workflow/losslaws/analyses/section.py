"""What an analysis contributes to the report, to the page and to the check of its results."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from losslaws.config.experiment import Experiment
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
