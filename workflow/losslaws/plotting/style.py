"""One look for all figures: colour-blind-safe, readable when printed at their size."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from losslaws.laws.law import Law

COLUMN_WIDTH, PAGE_WIDTH = 3.5, 7.0
"""Widths of a figure in inches: one column of a journal, and both."""

CHARACTER = 0.054
"""Mean width of a character in inches."""

LAW_COLOURS = ("#0072B2", "#E69F00", "#D55E00", "#009E73", "#CC79A7", "#56B4E9")
"""Okabe and Ito's palette (2008) without its yellow, too faint for a line, and its black, which points have."""

LAW_DASHES = ("-", (0, (4, 1.2)), (0, (6, 1.2, 1.2, 1.2)), (0, (1, 1.8)))
LAW_MARKERS = ("o", "s", "^", "D", "v", "p", "P")

GREEK = ("alpha", "beta", "gamma", "delta", "eta", "kappa", "lambda", "mu", "nu", "rho", "sigma", "tau", "theta")
SYMBOL = re.compile(rf"({'|'.join(GREEK)}|[A-Za-z])_?(\d*)")

STYLE: dict[Any, Any] = {
    "font.size": 7,
    "axes.titlesize": 7,
    "axes.labelsize": 7,
    "legend.fontsize": 7,
    "xtick.labelsize": 6.5,
    "ytick.labelsize": 6.5,
    # A fixed height: finding one that is clear of ticks takes a third of the drawing time.
    "axes.titley": 1.0,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.minor.size": 1.5,
    "ytick.minor.size": 1.5,
    "xtick.major.pad": 2,
    "ytick.major.pad": 2,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "legend.handletextpad": 0.5,
    "legend.columnspacing": 1.2,
    "legend.labelspacing": 0.3,
    "savefig.dpi": 300,
    "svg.hashsalt": "losslaws",
    "svg.fonttype": "path",
}


Look = dict[str, Any]
"""Keyword arguments of Matplotlib that say how something is drawn."""


@dataclass(frozen=True)
class LawStyle:
    """How one law is drawn: told apart by colour, and without colour by dashes or marker."""

    colour: str
    dashes: Any
    marker: str


ANY_LAW = LawStyle("0.2", "-", "o")
"""For legends that speak of no law in particular."""


def law_styles(laws: Sequence[Law]) -> dict[str, LawStyle]:
    """Return the style of each law by its name; laws take styles in the order in which the config lists them."""
    return {
        law.name: LawStyle(
            LAW_COLOURS[number % len(LAW_COLOURS)],
            LAW_DASHES[number % len(LAW_DASHES)],
            LAW_MARKERS[number % len(LAW_MARKERS)],
        )
        for number, law in enumerate(laws)
    }


def plain(text: str, most: int = 24) -> str:
    """Return `text` for a label: no more than `most` characters, and a dollar sign does not start mathematics."""
    if len(text) > most:
        text = f"{text[: most // 2]}…{text[-((most - 1) // 2) :]}"
    return text.replace("$", r"\$")


def markers(style: LawStyle, *, filled: bool, several: bool = False) -> Look:
    """Return the look of a law's points: filled, or open where a fit ended on a bound; small where they are many."""
    return {
        "linestyle": "none",
        "marker": style.marker,
        "markersize": 2.5 if several else 3.5,
        "markeredgewidth": 0.6 if several else 0.8,
        "color": style.colour,
        "markerfacecolor": style.colour if filled else "white",
    }


def legend_columns(labels: Sequence[str], width: float) -> int:
    """Return how many columns of a legend fit into `width` inches."""
    return max(1, int(width / (0.36 + CHARACTER * max(map(len, labels)))))


def symbol(parameter: str) -> str:
    """Return a parameter's name as mathematics where it is a letter, Greek or not, with or without a number."""
    found = SYMBOL.fullmatch(parameter)
    if found is None:
        return plain(parameter)
    letter, number = found.groups()
    letter = rf"\{letter}" if letter in GREEK else letter
    return f"${letter}_{{{number}}}$" if number else f"${letter}$"
