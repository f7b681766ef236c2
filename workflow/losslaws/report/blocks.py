"""What a report is made of: paragraphs, tables and figures, to be shown as plain text or as a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from losslaws.report.text import paragraph, table

MAX_ROWS = 1000
"""Rows of a table that a report shows: more are for programs."""


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True)
class Table:
    """A table of text cells.

    Attributes
    ----------
    columns : sequence of str
        Headings. Cells below ``"curve"`` are names of curves, which a page turns into links.
    rows : sequence of sequence of str
        As many cells each as there are columns.
    title : str
        What stands above it.
    total : int or None
        How many rows there are, where `rows` are the first of them.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""
    total: int | None = None

    @property
    def shown(self) -> Sequence[Sequence[str]]:
        """The rows that a report shows."""
        return self.rows[:MAX_ROWS]

    @property
    def left_out(self) -> str:
        """Say how many rows a report does not show; empty for none."""
        more = (len(self.rows) if self.total is None else self.total) - len(self.shown)
        rows = "row is" if more == 1 else "rows are"
        return f"{more:,} more {rows} in the files under tables/." if more else ""


@dataclass(frozen=True)
class Figure:
    """A figure of the experiment; plain text leaves it out.

    Attributes
    ----------
    name : str
        It is ``figures/{name}.svg``.
    alt : str
        What it shows, for those who cannot see it.
    caption : str
        How to read it.
    """

    name: str
    alt: str
    caption: str


Block = Paragraph | Table | Figure


def as_text(blocks: Sequence[Block]) -> str:
    """Return blocks as plain text, an empty line between them."""
    parts = []
    for block in blocks:
        match block:
            case Paragraph(text):
                parts.append(paragraph(text))
            case Table():
                parts += [block.title and paragraph(block.title), table(block.columns, block.shown), block.left_out]
    return "\n\n".join(part for part in parts if part)
