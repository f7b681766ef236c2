"""Can the criteria be trusted? Simulated curves, whose laws are known."""

from pathlib import Path

from losslaws.analyses.calibration.compute import CRITERIA, Counts, summed
from losslaws.analyses.section import Section
from losslaws.core.proportions import share
from losslaws.report.blocks import Block, Figure, Paragraph, Table
from losslaws.storage.records import read_record

FIGURE = Figure(
    "calibration",
    "Rates of right and of false certainty of each criterion by correlation, length and signal-to-noise ratio",
    "How often each criterion names the true law, and how often it is certain of another, over the correlation of the "
    "noise; bars are 95% Wilson intervals.",
)

CELL = ("n", "signal_to_noise", "rho")


def answer(folder: Path) -> list[Block]:
    """Say how often the published criterion and the verdict are falsely certain, over all and at the highest ρ."""
    rows = read_record(folder / "calibration.json", tuple[Counts, ...])
    total = {row.criterion: row for row in summed(rows)}
    strongest = max(row.rho or 0.0 for row in rows)
    worst = {row.criterion: row for row in summed([row for row in rows if row.rho == strongest])}
    curves = total["verdict"].curves
    text = (
        f"Over {curves} simulated curves, AIC with independent errors is certain of a wrong law in "
        f"{share(total['AIC'].falsely, curves)}, the verdict in {share(total['verdict'].falsely, curves)}; at "
        f"the strongest correlation, {strongest:g}, in {share(worst['AIC'].falsely, worst['AIC'].curves)} and "
        f"{share(worst['verdict'].falsely, worst['verdict'].curves)}. Intervals: 95%, Wilson."
    )
    return [Paragraph(text)]


def body(folder: Path) -> list[Block]:
    """Return one table per criterion's two rates, by length, signal-to-noise ratio and correlation."""
    rows = read_record(folder / "calibration.json", tuple[Counts, ...])
    cells = summed(rows, *CELL)
    keys = list(dict.fromkeys(tuple(getattr(row, key) for key in CELL) for row in cells))
    by_key = {(tuple(getattr(row, key) for key in CELL), row.criterion): row for row in cells}
    columns = ["points", "signal/noise", "ρ", "curves", *CRITERIA]

    def rates(count: str, title: str) -> Table:
        lines = []
        for key in keys:
            about = [*(f"{value:g}" for value in key), str(by_key[key, CRITERIA[0]].curves)]
            lines.append([*about, *(_percent(by_key[key, criterion], count) for criterion in CRITERIA)])
        return Table(columns, lines, title)

    return [
        FIGURE,
        rates(
            "named",
            "The true law is named: it has the lowest criterion; for the verdict, it is one of the laws that stand.",
        ),
        rates(
            "falsely",
            "Falsely certain: another law is named, by a difference of at least 10 in the criterion, or by the "
            "verdict as the one law.",
        ),
        rates("alone", "Rightly certain: the true law is named, with the same certainty."),
    ]


def _percent(row: Counts, count: str) -> str:
    return f"{getattr(row, count) / row.curves:.1%}"


SECTION = Section(body, answer)
