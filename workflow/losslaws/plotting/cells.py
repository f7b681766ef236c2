"""Runs that share a panel or a row of a figure: all seeds of one task at one width."""

from collections.abc import Sequence
from dataclasses import dataclass

from losslaws.fitting.fitted import FittedCurve
from losslaws.fitting.status import STATUS_TEXT
from losslaws.plotting.style import plain


@dataclass(frozen=True)
class Cell:
    """The seeds of one (task, width), or one curve whose width is not known.

    Attributes
    ----------
    task : str
        The task.
    width : int or None
        Hidden units per layer, where known.
    runs : list of FittedCurve
        At least one.
    """

    task: str
    width: int | None
    runs: list[FittedCurve]

    @property
    def title(self) -> str:
        """What a panel is called."""
        if self.width is None:
            return plain(self.runs[0].curve.name, 48)
        return f"{plain(self.task)}, width\N{NO-BREAK SPACE}{self.width}"

    @property
    def fitted(self) -> FittedCurve:
        """The run whose laws a panel shows: the first that has a fit, or the first."""
        return next((run for run in self.runs if run.converged), self.runs[0])


def cells(runs: Sequence[FittedCurve]) -> list[Cell]:
    """Group runs by task (in order of appearance) and width (ascending); curves of unknown width stay alone."""
    tasks = list(dict.fromkeys(run.task for run in runs))
    groups: dict[tuple[int, int, str], list[FittedCurve]] = {}
    for run in runs:
        alone = run.curve.name if run.width is None else ""
        groups.setdefault((tasks.index(run.task), run.width or 0, alone), []).append(run)
    return [
        Cell(group[0].task, group[0].width, group) for _, group in sorted(groups.items(), key=lambda item: item[0][:2])
    ]


def why_no_fit(run: FittedCurve) -> str:
    """Say why no law has a fit."""
    reasons = dict.fromkeys(STATUS_TEXT[fit.status].removeprefix("no fit: ") for fit in run.fits)
    return f"no fit: {'; '.join(reasons)}"
