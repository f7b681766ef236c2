"""What a report is made of: paragraphs, tables and figures, to be shown as plain text or as a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from losslaws.text import paragraph, table


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
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""


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
            case Table(columns, rows, title):
                parts += [*([paragraph(title)] if title else []), table(columns, rows)]
    return "\n\n".join(parts)
