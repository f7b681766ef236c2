"""What the analysis writes: a forecast of each curve, or why there is none, and the rows of the table."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from losslaws.forecasting.record import ForecastRecord, IntervalRecord
from losslaws.storage.files import finite, read_json, write_json_lines
from losslaws.storage.records import as_record


@dataclass(frozen=True)
class Points:
    """Points of a curve."""

    t: tuple[float, ...]
    loss: tuple[float, ...]


@dataclass(frozen=True)
class CurveForecast(ForecastRecord):
    """The forecast of a curve, and `seen`, some of its points."""

    problem: None
    seen: Points


@dataclass(frozen=True)
class NoForecast:
    """Why a curve cannot be forecast."""

    curve: str
    problem: str


Result = CurveForecast | NoForecast


def write_results(path: str | Path, results: Sequence[Result]) -> None:
    """Write results as JSON, one on a line."""
    write_json_lines(path, (finite(asdict(result)) for result in results))


def read_results(path: str | Path) -> list[Result]:
    """Read results that :func:`write_results` wrote.

    Raises
    ------
    LosslawsError
        If the file is missing, damaged, or has something else.
    """
    entries = as_record(read_json(path), list[dict[str, object]], path)
    return [
        as_record(entry, NoForecast, path) if entry.get("problem") else as_record(entry, CurveForecast, path)
        for entry in entries
    ]


@dataclass(frozen=True)
class ForecastRow:
    """A row of ``tables/forecasts.csv``; with a `problem` it has nothing else."""

    curve: str
    t_seen: float | None = None
    now: float | None = None
    horizon: float | None = None
    final: float | None = None
    final_lower_50: float | None = None
    final_upper_50: float | None = None
    final_lower_90: float | None = None
    final_upper_90: float | None = None
    decrease: float | None = None
    relative_decrease: float | None = None
    target: float | None = None
    reached: float | None = None
    reached_earliest: float | None = None
    reached_latest: float | None = None
    law: str | None = None
    weight: float | None = None
    warnings: str | None = None
    problem: str | None = None


NEVER = IntervalRecord(None, None, None, None, None)


def row_of(result: Result) -> ForecastRow:
    """Return the row of the table for one curve."""
    if isinstance(result, NoForecast):
        return ForecastRow(result.curve, problem=result.problem)
    best = max(result.laws, key=lambda law: law.weight)
    reached = result.reached or NEVER
    return ForecastRow(
        curve=result.curve,
        t_seen=result.t_seen,
        now=result.now,
        horizon=result.horizon,
        final=result.final.value,
        final_lower_50=result.final.lower_50,
        final_upper_50=result.final.upper_50,
        final_lower_90=result.final.lower_90,
        final_upper_90=result.final.upper_90,
        decrease=result.decrease.value,
        relative_decrease=result.relative_decrease,
        target=result.target,
        reached=reached.value,
        reached_earliest=reached.lower_90,
        reached_latest=reached.upper_90,
        law=best.law,
        weight=best.weight,
        warnings=" ".join(result.warnings),
    )
