"""Do curves of all sizes follow one curve?"""

from pathlib import Path
from typing import Any

from losslaws.analyses._analysis import Analysis
from losslaws.blocks import Block, Figure, Paragraph, Table
from losslaws.storage import read_json
from losslaws.text import number

FIGURE = Figure(
    "collapse",
    "Loss against compute, normalised curves, spread against the noise of seeds, deviations of widths",
    "Loss against compute; normalised curves; the spread of all runs against the noise of seeds; each width "
    "against the others.",
)


def answer(folder: Path) -> list[Block]:
    """Say for each ladder whether it collapses."""
    return [Paragraph(_answer(found)) for found in read_json(folder / "collapse.json")]


def _answer(found: dict[str, Any]) -> str:
    start = found["supercollapse"]["start"]
    where = "up to the end nowhere" if start is None else f"from x = {start:.2f} on"
    off = [row["name"] for row in found["widths"] if row["off"]]
    named = f" Width {', '.join(off)} is off." if off else ""
    return (
        f"{found['ladder']}: at {found['at']:g} of the horizon, normalised curves of all sizes differ by "
        f"{found['spread_at']:.2%}, seeds of one size by {found['floor_at']:.2%}. Sizes are closer together than seeds "
        f"over {found['supercollapse']['share']:.0%} of the run, {where}.{named}"
    )


def section(folder: Path) -> list[Block]:
    """Return the laws of compute and horizons, and how far widths and runs are from the others."""
    ladders = read_json(folder / "collapse.json")
    lines = [_laws(found) for found in ladders]
    off = [
        [found["ladder"], row["name"], f"{row['mean']:+.2%}", f"{row['rms']:.2%}"]
        for found in ladders
        for row in found["runs"]
        if row["off"]
    ]
    deviations = [
        [found["ladder"], row["name"], f"{row['mean']:+.2%}", f"{row['rms']:.2%}", "off" if row["off"] else ""]
        for found in ladders
        for row in found["widths"]
    ]
    left_out = sum(found["left_out"] for found in ladders)
    return [
        FIGURE,
        Table(["ladder", "L0", "exponent of compute", "exponent of horizon"], lines, "Final losses and horizons."),
        Table(
            ["ladder", "width", "mean", "rms", ""],
            deviations,
            "Deviation of each width from the others' mean normalised curve, over the last four fifths.",
        ),
        *([Table(["ladder", "curve", "mean", "rms"], off, "Runs that are off:")] if off else []),
        *([Paragraph(f"{left_out} curves of test losses are left out.")] if left_out else []),
    ]


def _laws(found: dict[str, Any]) -> list[str]:
    law = found["compute_law"]
    exponent = None if law is None else law["b"]
    return [
        found["ladder"],
        number(found["irreducible"], 6),
        number(exponent, 3),
        number(found["horizons"]["exponent"], 3),
    ]


ANALYSIS = Analysis("Collapse", section, answer)
