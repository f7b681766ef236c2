"""``losslaws forecast``: the continuation of each curve of files."""

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from losslaws.cli.options import DONE, NO, add_parser, check_one, check_picture, print_json, read, select
from losslaws.core.errors import LosslawsError

if TYPE_CHECKING:
    from losslaws.curves.curve import Curve
    from losslaws.views.forecasts import ForecastView

EXAMPLES = """  losslaws forecast run.csv
  losslaws forecast run.csv --horizon 2x --target 2.5 --plot ahead.png
  losslaws forecast run.csv --horizon 100000 --like 'finished/*.csv'
  losslaws forecast run.csv --target 2.5 > /dev/null && echo "it will get there"
"""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = add_parser(
        commands,
        "forecast",
        "forecast how the curves of files continue",
        EXAMPLES.rstrip("\n"),
        "no curve can be forecast; or, with --target, one of them does not reach it within the horizon",
    )
    parser.add_argument(
        "--horizon",
        default="2x",
        metavar="T",
        help="where the forecast ends: a t, or a multiple of the last t (default 2x)",
    )
    parser.add_argument("--target", type=float, metavar="LOSS", help="print when this loss is reached")
    parser.add_argument(
        "--like", nargs="+", metavar="FILE", help="finished curves to calibrate the intervals on, with the same columns"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Forecast, print, plot."""
    from losslaws.api import forecast_given
    from losslaws.forecasting.arguments import check_target, read_horizon
    from losslaws.forecasting.backtest import backtest_curves
    from losslaws.forecasting.candidates import load_laws

    check_picture(options.plot)
    load_laws(options.laws)
    check_target(options.target)
    read_horizon(options.horizon)
    curves = select(read(options, options.files), options.only)
    check_one(options.plot, curves)
    calibration = backtest_curves(read(options, options.like), options.laws) if options.like else None
    found: list[ForecastView] = []
    failed: list[str] = []
    for curve in curves:
        try:
            found.append(forecast_given(curve, options.horizon, options.target, options.laws, calibration))
        except LosslawsError as error:
            failed.append(str(error))
    for sentence in failed:
        print(f"losslaws: {sentence}", file=sys.stderr)
    if options.json:
        from losslaws.forecasting.record import forecast_record

        print_json([asdict(forecast_record(forecast)) for forecast in found])
    elif found:
        print(found[0].table() if len(curves) == 1 else _table(found))
    if options.plot and found:
        from losslaws.plotting import forecast as figure
        from losslaws.plotting.draw import save_figure

        save_figure(figure.draw, [options.plot], found[0])
        print(f"Plot: {options.plot}", file=sys.stderr)
    return _status(found, curves)


def _status(found: "list[ForecastView]", curves: "list[Curve]") -> int:
    if not found:
        return NO
    wanted = [forecast.reached for forecast in found if forecast.reached is not None]
    missed = len(found) < len(curves) or any(reached.value == float("inf") for reached in wanted)
    return NO if wanted and missed else DONE


def _table(found: "list[ForecastView]") -> str:
    """Return a row for each curve, and the warnings below."""
    from losslaws.report.text import paragraph, table

    columns = ["curve", "last t", "horizon", "loss there", "50% interval", "90% interval"]
    targets = found[0].target is not None
    rows = [[*forecast.row(), *([forecast.when()] if targets else [])] for forecast in found]
    text = table([*columns, *(["target reached at t"] if targets else [])], rows)
    warnings = [f"{forecast.name}: {sentence}" for forecast in found for sentence in forecast.warnings]
    return "\n".join([text, *(["", *map(paragraph, warnings)] if warnings else [])])
