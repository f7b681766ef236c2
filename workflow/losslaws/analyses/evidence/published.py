"""What the published analysis found, which the evidence puts to the test."""

from dataclasses import dataclass
from pathlib import Path

from losslaws.fitting.status import LIMIT
from losslaws.storage.files import read_json


@dataclass(frozen=True)
class Published:
    """Of ``summary.json``, what the section on evidence refers to.

    Attributes
    ----------
    majority : str or None
        The law that wins most runs; None where no law has a fit.
    runs : int
        Number of runs.
    skip : int
        Points left out at the start of each.
    on_bound, at_infinity : dict of str to int
        Fits of each law with a parameter on a bound, and with the optimum at infinity; laws without any left out.
    """

    majority: str | None
    runs: int
    skip: int
    on_bound: dict[str, int]
    at_infinity: dict[str, int]


def read_published(folder: Path) -> Published:
    """Read ``summary.json`` of an experiment's folder."""
    found = read_json(folder / "summary.json")
    return Published(
        majority=found["universality"]["majority_form"],
        runs=found["metadata"]["n_curves"],
        skip=found["metadata"]["skip_epochs"],
        on_bound=found["held"]["by_form"],
        at_infinity={law: counts[LIMIT] for law, counts in found["statuses"].items() if LIMIT in counts},
    )
