"""How well can the ends of these curves be predicted from their starts?"""

import math
from collections.abc import Sequence
from pathlib import Path

from losslaws.analyses.backtest.compute import Found
from losslaws.analyses.forecast.settings import Settings
from losslaws.analyses.section import Section
from losslaws.config.experiment import Experiment
from losslaws.forecasting.attempts import COMBINATION, LAST_VALUE
from losslaws.forecasting.backtest import AS_BEFORE, GROUPS, BacktestSummary
from losslaws.report.blocks import Block, Figure, Paragraph, Table
from losslaws.report.text import listed, number, percent
from losslaws.storage.records import read_record

FIGURE = Figure(
    "backtest",
    "Errors of forecasts, coverage and width of their intervals, by the fraction of the curve that was seen",
    "Median error of the combination of laws (bars: quartiles over curves), of each law alone and of the last value; "
    "coverage of the combination's intervals (dashed: nominal) and their width, each curve calibrated on the others.",
)


def answer(folder: Path) -> list[Block]:
    """Return the combination's median error at the end, and the coverage of its intervals."""
    summary = read_record(folder / "backtest.json", Found).summary
    overall = {row.forecaster: row for row in _of_all_fractions(summary, summary[0].schedule)}
    together, last = overall[COMBINATION], overall[LAST_VALUE]
    laws = [row for name, row in overall.items() if name not in (COMBINATION, LAST_VALUE)]
    best = min(laws, key=_at_the_end)
    where = "" if summary[0].schedule == AS_BEFORE else ", whose learning rate changes after the seen points,"
    return [
        Paragraph(
            f"Back-test: final losses of {together.curves} curves{where} are predicted with a median error of "
            f"{percent(together.relative_error_end)} (best single law, {best.forecaster}: "
            f"{percent(best.relative_error_end)}; last value: {percent(last.relative_error_end)}); the 90% intervals "
            f"cover {percent(together.coverage_90)} of the later points."
        )
    ]


def body(folder: Path) -> list[Block]:
    """Return the scores of every forecaster, with a table for each group of schedules."""
    summary = read_record(folder / "backtest.json", Found).summary
    groups = list(dict.fromkeys(row.schedule for row in summary))
    return [
        FIGURE,
        *(_scores(_of_all_fractions(summary, group), f"All fractions together, {GROUPS[group]}:") for group in groups),
        Paragraph(
            "Errors are medians of the absolute error relative to the loss, at the last point and over all later "
            "points. Coverage is the mean fraction of the later points inside an interval, width its median width in "
            "units of the loss; the intervals of each curve are calibrated on the other curves. A single law is fitted "
            "to all seen points."
        ),
        _by_fraction(summary, groups[0]),
    ]


def _at_the_end(row: BacktestSummary) -> float:
    return math.inf if row.relative_error_end is None else row.relative_error_end


def _of_all_fractions(summary: Sequence[BacktestSummary], group: str) -> list[BacktestSummary]:
    return [row for row in summary if row.schedule == group and row.fraction is None]


def _scores(rows: Sequence[BacktestSummary], title: str) -> Table:
    lines = [
        [
            row.forecaster,
            str(row.curves),
            *map(percent, (row.relative_error_end, row.relative_error_later, row.coverage_50, row.coverage_90)),
            *(number(width, 3) for width in (row.width_50, row.width_90)),
        ]
        for row in rows
    ]
    errors, intervals = ["final error", "later error"], ["50% coverage", "90% coverage", "50% width", "90% width"]
    return Table(["forecaster", "curves", *errors, *intervals], lines, title)


def _by_fraction(summary: Sequence[BacktestSummary], group: str) -> Table:
    rows = [row for row in summary if row.schedule == group and row.fraction is not None]
    fractions = list(dict.fromkeys(row.fraction for row in rows))
    names = list(dict.fromkeys(row.forecaster for row in rows))
    errors = {(row.forecaster, row.fraction): row.relative_error_end for row in rows}
    lines = [[name, *(percent(errors.get((name, fraction))) for fraction in fractions)] for name in names]
    columns = ["forecaster", *(f"{fraction:.0%} seen" for fraction in fractions)]
    return Table(columns, lines, "Final error by the fraction of the curve that was seen:")


def methods(experiment: Experiment) -> list[str]:
    """Say what was cut off and predicted."""
    settings = experiment.settings["forecast"]
    assert isinstance(settings, Settings)
    shares = listed([f"{fraction:.0%}" for fraction in settings.fractions])
    return [
        f"Back-test: from the first {shares} of each curve the rest was predicted by {listed(settings.laws)}, by their "
        "weighted combination, and by the last value. The intervals of each curve are calibrated on the others."
    ]


SECTION = Section(body, answer, methods=methods)
