"""Forecasts of an experiment's curves, with intervals calibrated on the back-test of all."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from losslaws.analyses.forecast.results import (
    CurveForecast,
    NoForecast,
    Points,
    Result,
    read_results,
    row_of,
    write_results,
)
from losslaws.analyses.forecast.settings import Settings
from losslaws.analyses.work import Work
from losslaws.core.errors import LosslawsError
from losslaws.core.progress import Progress
from losslaws.curves.curve import Curve
from losslaws.curves.thinning import log_points
from losslaws.forecasting.attempts import attempts_table, make_attempts, read_attempts
from losslaws.forecasting.backtest import Backtest, judge
from losslaws.forecasting.conformal import SIMULATED, Calibration
from losslaws.forecasting.forecast import forecast_curve
from losslaws.forecasting.record import forecast_record
from losslaws.forecasting.schedule_ahead import STEADY
from losslaws.storage.csv_tables import write_csv
from losslaws.storage.files import write_table

MAX_SEEN = 200
"""Seen points that a result keeps, for figures."""


def attempt(work: Work[Settings]) -> None:
    """Write forecasts of the ends of a part's curves from their starts."""
    settings = work.settings
    attempts, notes = make_attempts(work.curves(), settings.laws, settings.fractions)
    read = {"laws": list(settings.laws), "fractions": list(settings.fractions)}
    write_table(work.output("attempts"), attempts_table(attempts), {"forecast": read, "notes": notes})


def forecast_part(work: Work[Settings]) -> None:
    """Write the forecasts of a part's curves."""
    tested = judge(*read_attempts(work.inputs["attempts"]))
    write_results(work.output("forecasts"), forecasts(work.curves(), tested, work.settings))


def join(work: Work[Settings]) -> None:
    """Join the forecasts of all parts."""
    results = [result for path in work.inputs["forecasts"] for result in read_results(path)]
    write_results(work.output("found"), results)
    write_csv(work.output("table"), [asdict(row_of(result)) for result in results])


def forecasts(curves: Sequence[Curve], tested: Backtest, settings: Settings) -> list[Result]:
    """Forecast every curve from all of its points, as if the learning rate stayed as it is at the last.

    Parameters
    ----------
    curves : sequence of Curve
        The curves.
    tested : Backtest
        Calibrates the intervals.
    settings : Settings
        Horizon, target and laws.
    """
    calibration = tested.calibration(STEADY)
    if calibration is not SIMULATED:
        calibration = replace(calibration, source="the back-test of this experiment")
    progress, results = Progress("forecasts", len(curves)), list[Result]()
    for curve in curves:
        results.append(_result(curve, calibration, settings))
        progress.add(1)
    return results


def _result(curve: Curve, calibration: Calibration, settings: Settings) -> Result:
    try:
        forecast = forecast_curve(curve, settings.horizon, settings.target, settings.laws, calibration)
    except LosslawsError as error:
        return NoForecast(curve.name, str(error))
    kept = log_points(curve.t, MAX_SEEN)
    seen = Points(tuple(curve.t[kept].tolist()), tuple(curve.loss[kept].tolist()))
    return CurveForecast(**vars(forecast_record(forecast)), problem=None, seen=seen)
