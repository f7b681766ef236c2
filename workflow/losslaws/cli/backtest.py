"""``losslaws backtest``: how well the ends of finished curves are predicted from their starts."""

import argparse
import sys
from dataclasses import asdict

from losslaws.cli.options import DONE, add_parser, check_picture, print_json, read, select

EXAMPLES = """  losslaws backtest 'finished/*.csv'
  losslaws backtest runs.parquet --curve run --t step --loss loss --plot backtest.png
  losslaws backtest 'finished/*.csv' --fractions 0.25 0.5 --json > backtest.json"""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = add_parser(
        commands,
        "backtest",
        "predict the ends of finished curves from their starts, and compare",
        EXAMPLES,
        "(not used: a back-test of curves that are all too short is a mistake)",
    )
    parser.add_argument(
        "--fractions",
        nargs="+",
        type=float,
        metavar="FRACTION",
        help="fractions of each curve that are seen (default: 0.2 0.33 0.5 0.7)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Back-test, print, plot."""
    from losslaws.api import backtest
    from losslaws.forecasting.attempts import FRACTIONS

    check_picture(options.plot)
    curves = select(read(options, options.files), options.only)
    result = backtest(curves, options.laws, options.fractions or FRACTIONS)
    if options.json:
        rows = {"summary": [asdict(row) for row in result.summary], "rows": [asdict(row) for row in result.rows]}
        print_json({**rows, "notes": result.notes})
    else:
        print(result.table())
    if options.plot:
        from losslaws.analyses.backtest.figure import draw
        from losslaws.plotting.draw import save_figure

        save_figure(draw, [options.plot], result.summary, result.quartiles)
        print(f"Plot: {options.plot}", file=sys.stderr)
    return DONE
