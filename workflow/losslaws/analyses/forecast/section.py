"""What comes next in every curve?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from losslaws.analyses.forecast.compute import forecast_row
from losslaws.analyses.forecast.settings import Settings
from losslaws.analyses.section import Section
from losslaws.config.experiment import Experiment
from losslaws.report.blocks import Block, Figure, Paragraph, Table
from losslaws.report.text import listed, number, percent
from losslaws.storage.files import read_json

Row = dict[str, Any]

MOST_TOLD = 3
"""Curves that the answer names; the table has all."""

FIGURE = Figure(
    "forecasts",
    "What was seen of each curve, its forecast and the intervals",
    "What was seen, the expected loss up to the horizon, and its 50% and 90% intervals.",
)


def _rows(folder: Path) -> list[Row]:
    return [forecast_row(record) for record in read_json(folder / "forecasts.json")]


def answer(folder: Path) -> list[Block]:
    """Say what is expected of each curve, or of how many."""
    rows = _rows(folder)
    known = [row for row in rows if not row["problem"]]
    told = [
        f"{row['curve']}: {number(row['final'])} expected at t = {number(row['horizon'], 6)}, now {number(row['now'])}"
        for row in known[:MOST_TOLD]
    ]
    more = f"; and {len(known) - MOST_TOLD} more curves, in the table" if len(known) > MOST_TOLD else ""
    without = f" No forecast of {len(rows) - len(known)} of {len(rows)} curves." if len(known) < len(rows) else ""
    return [Paragraph(f"{'; '.join(told)}{more}.{without}" if told else without.strip())]


def body(folder: Path) -> list[Block]:
    """Return the loss at the horizon of every curve, when it reaches the target, and what to keep in mind."""
    rows = _rows(folder)
    known = [row for row in rows if not row["problem"]]
    problems = [[row["curve"], row["problem"]] for row in rows if row["problem"]]
    warned = [[row["curve"], row["warnings"]] for row in known if row["warnings"]]
    return [
        FIGURE,
        Table(
            ["curve", "t", "loss now", "horizon", "loss there", "90% interval", "decrease", *_target_columns(known)],
            [_row(row) + _reached(row) for row in known],
            "Expected loss at the horizon, if the learning rate goes on as it is:",
        ),
        *([Table(["curve", "keep in mind"], warned)] if warned else []),
        *([Table(["curve", "why there is no forecast"], problems)] if problems else []),
        Paragraph(
            "A combination of laws, weighted by how well each foretold later parts of the curve from earlier ones; the "
            "intervals are for single recorded losses and calibrated on the back-test."
        ),
    ]


def _target_columns(rows: Sequence[Row]) -> list[str]:
    return [f"reaches {number(rows[0]['target'])} at", "90% interval of that"] if rows and rows[0]["target"] else []


def _row(row: Row) -> list[str]:
    return [
        row["curve"],
        number(row["t_seen"], 6),
        number(row["now"], 5),
        number(row["horizon"], 6),
        number(row["final"], 5),
        f"{number(row['final_lower_90'], 5)} – {number(row['final_upper_90'], 5)}",
        percent(row["relative_decrease"]),
    ]


def _reached(row: Row) -> list[str]:
    if not row["target"]:
        return []
    if row["reached"] == 0:
        return ["already", ""]
    if row["reached"] is None and row["reached_earliest"] is None:
        return ["not within the horizon", ""]
    times = [_time(row[name]) for name in ("reached", "reached_earliest", "reached_latest")]
    return [times[0], f"{times[1]} – {times[2]}"]


def _time(value: float | None) -> str:
    return "not within the horizon" if value is None else number(value, 4)


def methods(experiment: Experiment) -> list[str]:
    """Say what predicts, and what its intervals are."""
    settings = experiment.settings["forecast"]
    assert isinstance(settings, Settings)
    return [
        f"Forecasts up to {settings.horizon}: the median of {listed(settings.laws)}, each fitted to all that was seen "
        "and to its later half, weighted by how well they predicted later parts of it from earlier ones. Intervals are "
        "conformal, from curves whose ends are known."
    ]


SECTION = Section(body, answer, methods=methods)
