"""When is it learned, and when does that carry over to rows that were not trained on?"""

from collections.abc import Sequence
from pathlib import Path

from losslaws.analyses.accuracy.compute import LEVELS, Accuracies
from losslaws.analyses.section import Section
from losslaws.report.blocks import Block, Figure, Paragraph, Table
from losslaws.report.text import number
from losslaws.storage.records import read_record

FIGURE = Figure(
    "accuracy",
    "Loss and accuracy on training and test data over epochs",
    "Loss and accuracy on training data (solid) and test data (dashed), one line per seed; the grey line marks 99%.",
)


def answer(folder: Path) -> list[Block]:
    """Say when training and test accuracy reach 99%."""
    rows = read_record(folder / "accuracy.json", tuple[Accuracies, ...])
    told = [_sentence(split, [row for row in rows if row.split == split]) for split in ("train", "test")]
    late = [row.late for row in rows if row.late is not None]
    if late:
        told.append(f"Test accuracy is delayed by a factor of {_range(late)} against the same run's training accuracy.")
    return [Paragraph(" ".join(sentence for sentence in told if sentence))]


def _sentence(split: str, rows: Sequence[Accuracies]) -> str:
    if not rows:
        return ""
    reached = [row.t_99 for row in rows if row.t_99 is not None]
    text = f"{split.capitalize()} accuracy reaches 99% in {len(reached)} of {len(rows)} runs"
    if reached:
        return f"{text}, at epoch {_range(reached)}."
    return f"{text}; at the end it is {_range([100 * row.last for row in rows])}%."


def _range(values: Sequence[float]) -> str:
    low, high = (f"{value:.3g}" if value < 1000 else f"{value:.0f}" for value in (min(values), max(values)))
    return low if low == high else f"{low} to {high}"


def body(folder: Path) -> list[Block]:
    """Return the table of what is reached when."""
    rows = read_record(folder / "accuracy.json", tuple[Accuracies, ...])
    columns = ["curve", *(f"{level:.0%} at" for level in LEVELS.values()), "last", "delay"]
    lines = [
        [row.curve, *(number(getattr(row, name)) for name in LEVELS), f"{row.last:.2%}", number(row.late)]
        for row in rows
    ]
    title = "The first epoch that reaches each accuracy. Delay: epoch of 99% on test data over that on training data."
    return [FIGURE, Table(columns, lines, title)]


SECTION = Section(body, answer)
