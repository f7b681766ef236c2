"""Summaries of evidence over the runs of a study."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CHOICES = ("bounds", "space", "errors", "skip", "criterion")
"""The analysis choices that make up a universe, as columns of the multiverse table."""

Row = Mapping[str, Any]
Universe = tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What one universe says of the whole study.

    Attributes
    ----------
    universe : tuple of str
        Its choices, in the order of `CHOICES`.
    wins : dict of str to int
        Number of runs that each law wins.
    runs : int
        Number of runs with a winner.
    """

    universe: Universe
    wins: dict[str, int]
    runs: int

    def share(self, law: str) -> float:
        """Return the share of the runs that `law` wins."""
        return self.wins.get(law, 0) / self.runs if self.runs else 0.0

    def majority(self, law: str) -> bool:
        """Return whether no law wins more runs than `law`, which wins at least one."""
        return 0 < self.wins.get(law, 0) == max(self.wins.values(), default=0)


def universe(row: Row) -> Universe:
    """Return the universe that a row of the multiverse table belongs to."""
    return tuple(row[name] for name in CHOICES)


def published_universe(skip: int, bounds: str) -> Universe:
    """Return the universe of the published analysis."""
    return bounds, "linear", "independent", str(skip), "aic"


def outcomes(rows: Iterable[Row]) -> list[Outcome]:
    """Return the outcome of every universe, in the order of the table."""
    winners: dict[Universe, list[str]] = {}
    for row in rows:
        entry = winners.setdefault(universe(row), [])
        if row["winner"] is not None:
            entry.append(row["winner"])
    return [Outcome(key, dict(Counter(found)), len(found)) for key, found in winners.items()]


def agreement(rows: Iterable[Row]) -> dict[str, Counter[str]]:
    """Return for each curve how many universes each law wins."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        entry = counts.setdefault(row["curve"], Counter())
        if row["winner"] is not None:
            entry[row["winner"]] += 1
    return counts


def restricted(every: Sequence[Outcome], **choices: str) -> list[Outcome]:
    """Return the outcomes of the universes that make the given choices."""
    positions = {CHOICES.index(name): value for name, value in choices.items()}
    return [entry for entry in every if all(entry.universe[place] == value for place, value in positions.items())]
