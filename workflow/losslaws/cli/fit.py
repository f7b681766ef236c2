"""``losslaws fit``: laws ranked for each curve of files."""

import argparse
import sys

from losslaws.cli.options import DONE, NO, add_parser, check_one, check_picture, print_json, read, select
from losslaws.core.errors import LosslawsError

EXAMPLES = """  losslaws fit run.csv
  losslaws fit run.csv --t step --loss train_loss --skip 100 --plot fits.png
  losslaws fit 'logs/*.csv' --laws power_law shifted_power_law --json > fits.json"""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = add_parser(commands, "fit", "fit laws to the curves of files, and rank them", EXAMPLES, "no law fits")
    parser.add_argument("--skip", type=int, default=0, metavar="N", help="leave out the first N points (default: 0)")
    parser.add_argument("--bounds", choices=("wide", "paper"), default="wide", help="bounds of the search")
    parser.add_argument("--space", choices=("linear", "log"), default="linear", help="fit the loss or its logarithm")
    parser.add_argument("--errors", choices=("independent", "ar1"), default="independent", help="the error model")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Fit, print, draw."""
    from losslaws.forecasting.candidates import load_laws
    from losslaws.views.fits import fit_one

    check_picture(options.plot)
    load_laws(options.laws)  # A mistake in a law is not one of the curve that it is fitted to.
    curves = select(read(options, options.files), options.only)
    check_one(options.plot, curves)
    settings = {name: getattr(options, name) for name in ("bounds", "space", "errors")}
    found = []
    for curve in curves:
        try:
            found.append(fit_one(curve, options.laws, options.skip, settings))
        except LosslawsError as error:
            raise LosslawsError(f"curve {curve.name!r}: {error}") from None
    if options.json:
        print_json([fits.as_dict() for fits in found])
    else:
        print("\n\n".join(f"{fits.fitted.curve.name}\n\n{fits.table()}" for fits in found))
    if options.plot:
        from losslaws.plotting import fits
        from losslaws.plotting.draw import save_figure

        save_figure(fits.draw, [options.plot], [found[0].fitted], found[0].laws, found[0].skip)
        print(f"Plot: {options.plot}", file=sys.stderr)
    return DONE if any(fits.fitted.converged for fits in found) else NO
