"""What comes next in every curve?"""

from collections.abc import Sequence
from pathlib import Path

from losslaws.analyses.forecast.results import CurveForecast, NoForecast, read_results
from losslaws.analyses.forecast.settings import Settings
from losslaws.analyses.section import Section
from losslaws.config.experiment import Experiment
from losslaws.forecasting.record import IntervalRecord
from losslaws.report.blocks import Block, Figure, Paragraph, Table
from losslaws.report.text import listed, number, percent

MAX_IN_ANSWER = 3
"""Curves that the answer names; the table has all."""

FIGURE = Figure(
    "forecasts",
    "Each curve with its forecast and the intervals",
    "The curves so far, and their expected loss up to the horizon with 50% and 90% intervals; the dotted line is the "
    "target. Both axes are logarithmic, or that of t alone where a loss is not positive.",
)


def _read(folder: Path) -> tuple[list[CurveForecast], list[NoForecast]]:
    results = read_results(folder / "forecasts.json")
    return (
        [result for result in results if isinstance(result, CurveForecast)],
        [result for result in results if isinstance(result, NoForecast)],
    )


def answer(folder: Path) -> list[Block]:
    """Return the forecast of the first curves, and the number of the others."""
    forecasts, failed = _read(folder)
    named = [
        f"{forecast.curve}: loss {number(forecast.final.value)} expected at t = {number(forecast.horizon, 6)}, "
        f"currently {number(forecast.now)}"
        for forecast in forecasts[:MAX_IN_ANSWER]
    ]
    more = len(forecasts) - MAX_IN_ANSWER
    sentences = []
    if named:
        sentences.append("; ".join(named) + (f"; and {more} more in the table." if more > 0 else "."))
    if failed:
        sentences.append(f"No forecast for {len(failed)} of {len(forecasts) + len(failed)} curves.")
    return [Paragraph(" ".join(sentences))]


def body(folder: Path) -> list[Block]:
    """Return the forecast of every curve at the horizon and when it reaches the target, warnings, and failures."""
    forecasts, failed = _read(folder)
    problems = [[result.curve, result.problem] for result in failed]
    warned = [[forecast.curve, " ".join(forecast.warnings)] for forecast in forecasts if forecast.warnings]
    return [
        FIGURE,
        Table(
            ["curve", "t", "current loss", "horizon", "loss there", "90% interval", "decrease", *_targets(forecasts)],
            [_row(forecast) + _reached(forecast) for forecast in forecasts],
            "Expected loss at the horizon if the learning rate stays as it is:",
        ),
        *([Table(["curve", "warnings"], warned)] if warned else []),
        *([Table(["curve", "why there is no forecast"], problems)] if problems else []),
        Paragraph(
            "A combination of laws, weighted by how well each predicted later parts of the curve from earlier ones. "
            "The intervals are for single recorded losses and are calibrated on the back-test."
        ),
    ]


def _targets(forecasts: Sequence[CurveForecast]) -> list[str]:
    target = forecasts[0].target if forecasts else None
    return [] if target is None else [f"reaches {number(target)} at t", "90% interval of t"]


def _row(forecast: CurveForecast) -> list[str]:
    final = forecast.final
    return [
        forecast.curve,
        number(forecast.t_seen, 6),
        number(forecast.now, 5),
        number(forecast.horizon, 6),
        number(final.value, 5),
        f"{number(final.lower_90, 5)} – {number(final.upper_90, 5)}",
        percent(forecast.relative_decrease),
    ]


def _reached(forecast: CurveForecast) -> list[str]:
    match forecast.reached:
        case None:
            return []
        case IntervalRecord(value=0):
            return ["already reached", ""]
        case IntervalRecord(value=None, lower_90=None):
            return ["beyond the horizon", ""]
        case IntervalRecord(value=value, lower_90=earliest, upper_90=latest):
            return [_time(value), f"{_time(earliest)} – {_time(latest)}"]


def _time(value: float | None) -> str:
    return "beyond the horizon" if value is None else number(value, 4)


def methods(experiment: Experiment) -> list[str]:
    """Say what predicts, and what its intervals are."""
    settings = experiment.settings["forecast"]
    assert isinstance(settings, Settings)
    return [
        f"Forecasts up to {settings.horizon}: the median of {listed(settings.laws)}, each fitted to all points and to "
        "the later half of them, weighted by how well each predicted later parts of the curve from earlier ones. "
        "Intervals are conformal, calibrated on curves whose ends are known."
    ]


SECTION = Section(body, answer, methods=methods)
