"""What an analysis contributes to an experiment's report."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Analysis:
    """An analysis, seen from the report.

    Attributes
    ----------
    title : str
        Heading of its section.
    section : callable
        ``section(folder)`` returns the section's text from the files under ``results/{experiment}``.
    """

    title: str
    section: Callable[[Path], str]
