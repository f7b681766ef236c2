"""When is a task learned, and when does the network generalise?"""

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


SPLITS = {"train": "Training", "test": "Test"}
"""What sentences call the parts of the data."""


def answer(folder: Path) -> list[Block]:
    """Say when training and test accuracy reach 99%."""
    rows = read_record(folder / "accuracy.json", tuple[Accuracies, ...])
    sentences = [_sentence(split, [row for row in rows if row.split == split]) for split in SPLITS]
    delays = [row.delay_ratio for row in rows if row.delay_ratio is not None]
    if delays:
        sentences.append(f"Test accuracy reaches 99% {_range(delays)}× later than training accuracy of the same run.")
    return [Paragraph(" ".join(sentence for sentence in sentences if sentence))]


def _sentence(split: str, rows: Sequence[Accuracies]) -> str:
    if not rows:
        return ""
    reached = [row.t_99 for row in rows if row.t_99 is not None]
    text = f"{SPLITS[split]} accuracy reaches 99% in {len(reached)} of {len(rows)} runs"
    if reached:
        return f"{text}, at epoch {_range(reached)}."
    return f"{text}; the last one is {_range([100 * row.last for row in rows])}%."


def _range(values: Sequence[float]) -> str:
    low, high = (f"{value:.3g}" if value < 1000 else f"{value:.0f}" for value in (min(values), max(values)))
    return low if low == high else f"{low}–{high}"


def body(folder: Path) -> list[Block]:
    """Return the table of first epochs."""
    rows = read_record(folder / "accuracy.json", tuple[Accuracies, ...])
    columns = ["curve", *(f"{level:.0%}" for level in LEVELS.values()), "last accuracy", "delay"]
    lines = [
        [row.curve, *(number(getattr(row, name)) for name in LEVELS), f"{row.last:.2%}", number(row.delay_ratio)]
        for row in rows
    ]
    title = "First epoch at each accuracy; delay = test epoch / training epoch at 99%."
    return [FIGURE, Table(columns, lines, title)]


SECTION = Section(body, answer)
