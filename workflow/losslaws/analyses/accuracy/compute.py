"""When the accuracy of classifiers reaches which level."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from losslaws.analyses.work import Work
from losslaws.core.arrays import Array, Mask
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.storage.csv_tables import write_csv
from losslaws.storage.records import write_record

LEVELS = {"t_10": 0.10, "t_50": 0.50, "t_90": 0.90, "t_99": 0.99}
"""Levels of accuracy, by the field that holds the first t at which each is reached."""


@dataclass(frozen=True)
class Accuracies:
    """The accuracy of one curve over training.

    Attributes
    ----------
    curve, task, width, seed, split
        As in the curve table; None where unknown.
    last : float
        The last accuracy.
    t_10, t_50, t_90, t_99 : float or None
        The first t with an accuracy of at least 10, 50, 90 and 99%; None if there is none.
    delay_ratio : float or None
        Of test data, `t_99` over that of the training data of the same task, width and seed; None where either is.
    """

    curve: str
    task: str | None
    width: int | None
    seed: int | None
    split: str | None
    last: float
    t_10: float | None
    t_50: float | None
    t_90: float | None
    t_99: float | None
    delay_ratio: float | None = None

    @property
    def run(self) -> tuple[str | None, int | None, int | None]:
        """What training and test data of one run have in common."""
        return self.task, self.width, self.seed


def find_accuracies(work: Work[None]) -> None:
    """Write when each curve reaches which accuracy."""
    rows = accuracies(work.curves())
    if not rows:
        raise LosslawsError(
            f"config: experiments.{work.experiment}.analyses: accuracy needs curves with an accuracy, and there are "
            "none; train a classification task with train_fraction below 1, or remove accuracy"
        )
    write_record(work.output("found"), rows)
    write_csv(work.output("table"), map(_cells, rows))


def _cells(row: Accuracies) -> dict[str, object]:
    cells: dict[str, object] = asdict(row)
    return cells | {"late": cells.pop("delay_ratio")}


def accuracies(curves: Sequence[Curve]) -> list[Accuracies]:
    """Return when each curve with an accuracy reaches each level, and the delay of test data."""
    rows = [_accuracies(curve, curve.series["accuracy"]) for curve in curves if "accuracy" in curve.series]
    trained = {row.run: row.t_99 for row in rows if row.split == "train"}
    return [replace(row, delay_ratio=_delay(row, trained.get(row.run))) for row in rows]


def _accuracies(curve: Curve, accuracy: Array) -> Accuracies:
    task, width, seed, split = (curve.attributes.get(key) for key in ("task", "width", "seed", "split"))
    return Accuracies(
        curve=curve.name,
        task=None if task is None else str(task),
        width=None if width is None else int(width),
        seed=None if seed is None else int(seed),
        split=None if split is None else str(split),
        last=float(accuracy[-1]),
        **{name: _first(curve.t, accuracy >= level) for name, level in LEVELS.items()},
    )


def _first(t: Array, reached: Mask) -> float | None:
    return float(t[reached.argmax()]) if reached.any() else None


def _delay(row: Accuracies, trained: float | None) -> float | None:
    return row.t_99 / trained if row.split == "test" and trained and row.t_99 else None
