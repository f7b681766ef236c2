"""Forecasts of an experiment's curves, with intervals calibrated on the back-test of all."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from losslaws.analyses.forecast.settings import Settings
from losslaws.analyses.work import Work
from losslaws.core.errors import LosslawsError
from losslaws.core.progress import Progress
from losslaws.curves.curve import Curve
from losslaws.curves.thinning import log_points
from losslaws.forecasting.attempts import attempts_table, make_attempts, read_attempts
from losslaws.forecasting.backtest import Backtest, judge
from losslaws.forecasting.forecast import Forecast, forecast_curve
from losslaws.forecasting.schedule_ahead import STEADY, UNKNOWN
from losslaws.storage.csv_tables import write_csv
from losslaws.storage.files import read_json, write_json, write_json_lines, write_table

MOST_SEEN = 200
"""Points of what was seen that a record keeps, for figures."""

Record = dict[str, Any]


def attempt(work: Work[Settings]) -> None:
    """Write predictions of the ends of a part's curves from their starts."""
    settings = work.settings
    attempts, notes = make_attempts(work.curves(), settings.laws, settings.fractions)
    write_table(work.output("attempts"), attempts_table(attempts), {"forecast": asdict(settings), "notes": notes})


def forecast_part(work: Work[Settings]) -> None:
    """Write the forecasts of a part's curves."""
    tested = judge(*read_attempts(work.inputs["attempts"]))
    write_json(work.output("forecasts"), forecast_records(work.curves(), tested, work.settings))


def join(work: Work[Settings]) -> None:
    """Join the forecasts of all parts."""
    records = [record for path in work.inputs["forecasts"] for record in read_json(path)]
    write_json_lines(work.output("found"), records)
    write_csv(work.output("table"), [forecast_row(record) for record in records])


def forecast_records(curves: Sequence[Curve], tested: Backtest, settings: Settings) -> list[Record]:
    """Forecast every curve; one that cannot be forecast has the reason under ``problem``.

    Parameters
    ----------
    curves : sequence of Curve
        Each is seen whole.
    tested : Backtest
        Calibrates the intervals.
    settings : Settings
        Horizon, target and laws.
    """
    progress, records = Progress("forecasts", len(curves)), []
    for curve in curves:
        records.append(_record(curve, tested, settings))
        progress.add(1)
    return records


def _record(curve: Curve, tested: Backtest, settings: Settings) -> Record:
    # Whatever the schedule did, it is taken to go on as it is at the end.
    width = tested.multipliers(STEADY if "lr" in curve.series else UNKNOWN)
    try:
        forecast = forecast_curve(
            curve,
            settings.horizon,
            settings.target,
            settings.laws,
            width,
            calibration="the back-test of this experiment",
        )
    except LosslawsError as error:
        return {"curve": curve.name, "problem": str(error)}
    return forecast.as_dict() | {"problem": None, "seen": _seen(forecast)}


def _seen(forecast: Forecast) -> dict[str, list[float]]:
    kept = log_points(forecast.seen_t, MOST_SEEN)
    return {"t": forecast.seen_t[kept].tolist(), "loss": forecast.seen_loss[kept].tolist()}


def forecast_row(record: Mapping[str, Any]) -> Record:
    """Return the row of ``tables/forecasts.csv`` for one record."""
    if record["problem"]:
        return {"curve": record["curve"], "problem": record["problem"]}
    final, reached = record["final"], record["reached"] or {}
    best = max(record["laws"], key=lambda law: law["weight"])
    return {
        "curve": record["curve"],
        "t_seen": record["t_seen"],
        "now": record["now"],
        "horizon": record["horizon"],
        "final": final["value"],
        **{f"final_{name}": final[name] for name in ("lower_50", "upper_50", "lower_90", "upper_90")},
        "decrease": record["decrease"]["value"],
        "relative_decrease": record["relative_decrease"],
        "target": record["target"],
        "reached": reached.get("value"),
        "reached_earliest": reached.get("lower_90"),
        "reached_latest": reached.get("upper_90"),
        "law": best["law"],
        "weight": best["weight"],
        "warnings": " ".join(record["warnings"]),
        "problem": None,
    }
