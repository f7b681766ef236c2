"""Plain-text building blocks of reports."""

from collections.abc import Sequence
from html import escape
from textwrap import fill

WIDTH = 110


def heading(title: str, underline: str = "-") -> str:
    """Return a title with a line under it."""
    return f"{title}\n{underline * len(title)}"


def paragraph(text: str) -> str:
    """Return text wrapped to the width of a report."""
    return fill(text, WIDTH)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return aligned columns; those whose entries are all numbers are aligned to the right."""
    widths = [max(len(str(line[index])) for line in [columns, *rows]) for index in range(len(columns))]
    right = [bool(rows) and all(_is_number(row[index]) for row in rows) for index in range(len(columns))]
    lines = [columns, ["-" * width for width in widths], *rows]
    return "\n".join(
        "  ".join(
            str(cell).rjust(width) if numeric else str(cell).ljust(width)
            for cell, width, numeric in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    )


def html_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table for notebooks; whatever is in the cells shows as it is."""

    def line(cells: Sequence[str], tag: str) -> str:
        return f"<tr>{''.join(f'<{tag}>{escape(str(cell))}</{tag}>' for cell in cells)}</tr>"

    return "\n".join(["<table>", line(columns, "th"), *(line(row, "td") for row in rows), "</table>"])


def listed(names: Sequence[str], most: int = 20) -> str:
    """Return names in a row, the first of them if there are many, and how many more there are."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def joined(values: Sequence[object]) -> str:
    """Return all values in a row, with "and" before the last."""
    words = [str(value) for value in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def shown(value: object) -> str:
    """Return a setting's value as text, the entries of a list in a row."""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def number(value: float | None, digits: int = 4) -> str:
    """Return a number with `digits` significant digits; a dash for None."""
    return "–" if value is None else f"{value:.{digits}g}"


def fixed(value: float | None, decimals: int = 1) -> str:
    """Return a number with `decimals` decimals; a dash for None."""
    return "–" if value is None else f"{value:.{decimals}f}"


def percent(value: float | None) -> str:
    """Return a share in percent with two significant digits below 10%, as in ``0.12%``; a dash for None."""
    if value is None:
        return "–"
    return f"{100 * value:.2g}%" if abs(value) < 0.1 else f"{100 * value:.0f}%"


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return cell in ("–", "")
    return True
