"""How well can the ends of these curves be predicted from their starts?"""

import math
from collections.abc import Sequence
from pathlib import Path

from losslaws.analyses.backtest.compute import Found
from losslaws.analyses.forecast.settings import Settings
from losslaws.analyses.section import Section
from losslaws.config.experiment import Experiment
from losslaws.forecasting.attempts import COMBINATION, LAST_VALUE
from losslaws.forecasting.backtest import AS_BEFORE, BacktestSummary
from losslaws.report.blocks import Block, Figure, Paragraph, Table
from losslaws.report.text import listed, number, percent
from losslaws.storage.records import read_record

FIGURE = Figure(
    "backtest",
    "Errors of forecasts, coverage and width of their intervals, by the share of the curve that was seen",
    "Median error of the combination of laws, of each law alone and of the last value; coverage and width of the "
    "combination's intervals, each curve calibrated on the others.",
)


def answer(folder: Path) -> list[Block]:
    """Say how far off the combination is at the end, and how often its intervals hold."""
    summary = read_record(folder / "backtest.json", Found).summary
    overall = {row.forecaster: row for row in _of_all_fractions(summary, summary[0].schedule)}
    together, last = overall[COMBINATION], overall[LAST_VALUE]
    laws = [row for name, row in overall.items() if name not in (COMBINATION, LAST_VALUE)]
    best = min(laws, key=_at_the_end)
    where = "" if summary[0].schedule == AS_BEFORE else ", though their learning rate changes after what was seen,"
    return [
        Paragraph(
            f"Back-test: the ends of {together.curves} curves{where} are predicted with a median error of "
            f"{percent(together.relative_error_end)} (the best law alone, {best.forecaster}: "
            f"{percent(best.relative_error_end)}; the last value: {percent(last.relative_error_end)}); the 90% "
            f"intervals hold for {percent(together.coverage_90)} of the later points."
        )
    ]


def body(folder: Path) -> list[Block]:
    """Return the scores of every forecaster, curves with a changing schedule apart."""
    summary = read_record(folder / "backtest.json", Found).summary
    groups = list(dict.fromkeys(row.schedule for row in summary))
    titles = {
        group: f"Over all shares that were seen, learning rate {'as before' if group == AS_BEFORE else 'changing'}:"
        for group in groups
    }
    return [
        FIGURE,
        *(_scores(_of_all_fractions(summary, group), titles[group]) for group in groups),
        Paragraph(
            "Error: median of the absolute error as a share of the loss, at the end and over all later points. "
            "Coverage is the mean share of the later points inside an interval, width its median width in units of the "
            "loss; intervals of each curve are calibrated on the other curves. A law alone is fitted to all of "
            "what was seen."
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
            *(percent(getattr(row, name)) for name in ("relative_error_end", "relative_error_later")),
            *(percent(getattr(row, name)) for name in ("coverage_50", "coverage_90")),
            *(number(getattr(row, name), 3) for name in ("width_50", "width_90")),
        ]
        for row in rows
    ]
    columns = ["forecaster", "curves", "error at the end", "error later", "in 50%", "in 90%", "width 50%", "width 90%"]
    return Table(columns, lines, title)


def _by_fraction(summary: Sequence[BacktestSummary], group: str) -> Table:
    rows = [row for row in summary if row.schedule == group and row.fraction is not None]
    fractions = list(dict.fromkeys(row.fraction for row in rows))
    names = list(dict.fromkeys(row.forecaster for row in rows))
    errors = {(row.forecaster, row.fraction): row.relative_error_end for row in rows}
    lines = [[name, *(percent(errors.get((name, fraction))) for fraction in fractions)] for name in names]
    columns = ["forecaster", *(f"{fraction:.0%} seen" for fraction in fractions)]
    return Table(columns, lines, "Error at the end by the share of the curve that was seen:")


def methods(experiment: Experiment) -> list[str]:
    """Say what was cut off and predicted."""
    settings = experiment.settings["forecast"]
    assert isinstance(settings, Settings)
    shares = listed([f"{fraction:.0%}" for fraction in settings.fractions])
    return [
        f"Back-test: {shares} of each curve were taken for all that was seen, and the rest was predicted by "
        f"{listed(settings.laws)}, by their weighted median, and by the last value. Intervals of each "
        "curve are calibrated on the others."
    ]


SECTION = Section(body, answer, methods=methods)
