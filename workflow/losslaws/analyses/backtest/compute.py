"""The back-test of an experiment: errors and intervals, each curve calibrated on the others."""

from dataclasses import asdict, dataclass

from losslaws.analyses.forecast.settings import Settings
from losslaws.analyses.work import Work
from losslaws.forecasting.attempts import read_attempts
from losslaws.forecasting.backtest import BacktestSummary, ErrorQuartiles, judge
from losslaws.storage.csv_tables import write_csv
from losslaws.storage.records import write_record


@dataclass(frozen=True)
class Found:
    """What a back-test found.

    Attributes
    ----------
    summary : tuple of BacktestSummary
        Scores by group of schedules, seen fraction, and forecaster.
    quartiles : tuple of ErrorQuartiles
        Of the combination, by group of schedules and seen fraction.
    notes : tuple of str
        What was left out.
    """

    summary: tuple[BacktestSummary, ...]
    quartiles: tuple[ErrorQuartiles, ...]
    notes: tuple[str, ...]


def score(work: Work[Settings]) -> None:
    """Write the scores of an experiment's attempts."""
    tested = judge(*read_attempts(work.inputs["attempts"]))
    write_record(work.output("found"), Found(tuple(tested.summary), tuple(tested.quartiles), tuple(tested.notes)))
    write_csv(work.output("rows"), map(asdict, tested.rows))
    write_csv(work.output("summary"), map(asdict, tested.summary))
