"""What the universes say of a whole study: how many runs each law wins in each."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from losslaws.analyses.evidence.results import CurveOutcome, Universe


@dataclass(frozen=True)
class UniverseOutcome:
    """What one universe says of the whole study.

    Attributes
    ----------
    universe : Universe
        Its choices.
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


def published_universe(skip: int, bounds: str) -> Universe:
    """Return the universe of the published analysis."""
    return Universe(bounds, "linear", "independent", str(skip), "aic")


def outcomes(multiverse: Iterable[CurveOutcome]) -> list[UniverseOutcome]:
    """Return the outcome of every universe, in the order of the table."""
    winners: dict[Universe, list[str]] = {}
    for row in multiverse:
        entry = winners.setdefault(row.universe, [])
        if row.winner is not None:
            entry.append(row.winner)
    return [UniverseOutcome(key, dict(Counter(found)), len(found)) for key, found in winners.items()]


def wins_by_curve(multiverse: Iterable[CurveOutcome]) -> dict[str, Counter[str | None]]:
    """Return for each curve in how many universes each law wins; None counts those without a winner."""
    counts: dict[str, Counter[str | None]] = {}
    for row in multiverse:
        counts.setdefault(row.curve, Counter())[row.winner] += 1
    return counts


def making(every: Sequence[UniverseOutcome], choice: str, value: str) -> list[UniverseOutcome]:
    """Return the outcomes of the universes that make a choice in one way."""
    return [entry for entry in every if getattr(entry.universe, choice) == value]
