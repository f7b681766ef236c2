"""How often does each law win over seeds, and do exponents depend on the task and the width?"""

from collections.abc import Sequence
from pathlib import Path

from losslaws.analyses.replicates.compute import ExponentSpread, Replicates, WinShare
from losslaws.analyses.section import Section
from losslaws.core.proportions import share
from losslaws.report.blocks import Block, Figure, Paragraph, Table
from losslaws.report.text import number
from losslaws.storage.records import read_record

FIGURE = Figure(
    "replicates",
    "Share of the seeds that each law wins, by task and width, with intervals",
    "Share of the seeds of each task and width that each law wins by AIC, in percent, with 95% Wilson intervals.",
)


def answer(folder: Path) -> list[Block]:
    """Return the share of the runs that the most frequent winner wins, with its interval."""
    wins = _totals(read_record(folder / "replicates.json", Replicates).shares)
    law = max(wins, key=lambda name: wins[name][0])
    count, runs = wins[law]
    return [Paragraph(f"Over all seeds {law} wins {count} of {runs} runs: {share(count, runs)}, 95% Wilson interval.")]


def body(folder: Path) -> list[Block]:
    """Return the shares of the seeds by cell, and the exponents' spread."""
    found = read_record(folder / "replicates.json", Replicates)
    shares = found.shares
    laws = list(dict.fromkeys(row.law for row in shares))
    cells = list(dict.fromkeys((row.task, row.width) for row in shares))
    by_cell = {(row.task, row.width, row.law): row for row in shares}
    lines = [
        [str(task), _width(width), str(by_cell[task, width, laws[0]].runs)]
        + [_shown(by_cell[task, width, law]) for law in laws]
        for task, width in cells
    ]
    totals = _totals(shares)
    lines.append(["all", "", str(totals[laws[0]][1]), *(str(share(*totals[law])) for law in laws)])
    parts: list[Block] = [
        FIGURE,
        Table(
            ["task", "width", "seeds", *laws],
            lines,
            "Share of the seeds of each (task, width) that each law wins by AIC, with 95% Wilson intervals. The last "
            "row treats all runs as independent, although the seeds of one task and width are alike.",
        ),
        Table(
            ["law", "exponent", "runs", "at bound", "mean", "SD within", "SD between", "p task", "p width"],
            [_spread(row) for row in found.exponents],
            "Exponents: standard deviations over the seeds of one (task, width) and between those (components of "
            "variance), and p-values of no dependence on the task (given the width) or on the width (given the task), "
            "by permutation of ranks. Optima at infinity have no exponent.",
        ),
    ]
    if max(row.runs for row in shares) == 1:
        parts.append(
            Paragraph("There is one seed per task and width: add seeds to see how much winners depend on the seed.")
        )
    return parts


def _totals(rows: Sequence[WinShare]) -> dict[str, tuple[int, int]]:
    totals: dict[str, tuple[int, int]] = {}
    for row in rows:
        wins, runs = totals.get(row.law, (0, 0))
        totals[row.law] = wins + row.wins, runs + row.runs
    return totals


def _width(width: int | None) -> str:
    return "–" if width is None else str(width)


def _shown(row: WinShare) -> str:
    return f"{row.share:.0%} ({100 * row.lower:.0f}–{row.upper:.0%})"


def _spread(row: ExponentSpread) -> list[str]:
    values = [number(value, 3) for value in (row.mean, row.sd_within, row.sd_between, row.p_task, row.p_width)]
    return [row.law, row.exponent, str(row.runs), str(row.at_bound), *values]


SECTION = Section(body, answer)
