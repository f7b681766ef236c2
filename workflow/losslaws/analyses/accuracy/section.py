"""When is it learned, and when does that carry over to rows that were not trained on?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from losslaws.analyses.accuracy.compute import LEARNED, LEVELS
from losslaws.analyses.analysis import Analysis
from losslaws.report.blocks import Block, Figure, Paragraph, Table
from losslaws.report.text import number
from losslaws.storage.csv_tables import read_csv

FIGURE = Figure(
    "accuracy",
    "Loss and accuracy on training and test data over epochs",
    "Loss and accuracy on training data (solid) and test data (dashed), one line per seed; the grey line marks 99%.",
)


def answer(folder: Path) -> list[Block]:
    """Say when training and test accuracy reach 99%."""
    rows = read_csv(folder / "tables" / "accuracy.csv")
    told = [_sentence(split, [row for row in rows if row["split"] == split]) for split in ("train", "test")]
    late = [row["late"] for row in rows if row["late"] is not None]
    if late:
        told.append(f"Test accuracy gets there {_range(late)} times as late as that of the same run's training data.")
    return [Paragraph(" ".join(sentence for sentence in told if sentence))]


def _sentence(split: str, rows: Sequence[dict[str, Any]]) -> str:
    if not rows:
        return ""
    reached = [row[LEARNED] for row in rows if row[LEARNED] is not None]
    text = f"{split.capitalize()} accuracy reaches 99% in {len(reached)} of {len(rows)} runs"
    if reached:
        return f"{text}, at epoch {_range(reached)}."
    return f"{text}; at the end it is {_range([100 * row['last'] for row in rows])}%."


def _range(values: Sequence[float]) -> str:
    low, high = (f"{value:.3g}" if value < 1000 else f"{value:.0f}" for value in (min(values), max(values)))
    return low if low == high else f"{low} to {high}"


def section(folder: Path) -> list[Block]:
    """Return the table of what is reached when."""
    rows = read_csv(folder / "tables" / "accuracy.csv")
    columns = ["curve", *(f"{level:.0%} at" for level in LEVELS.values()), "last", "times as late"]
    lines = [
        [row["curve"], *(number(row[name]) for name in LEVELS), f"{row['last']:.2%}", number(row["late"])]
        for row in rows
    ]
    title = "The first epoch with an accuracy of at least so much, and how many times as late as in training 99% is."
    return [FIGURE, Table(columns, lines, title)]


ANALYSIS = Analysis("Accuracy", "When is it learned, and when does that carry over?", section, answer)
