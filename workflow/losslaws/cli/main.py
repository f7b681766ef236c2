"""The command ``losslaws``."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from losslaws.cli import answer, backtest, fit, forecast, laws, provenance, unlock
from losslaws.cli.options import BAD_INPUT, NO
from losslaws.core.errors import LosslawsError

EXAMPLES = """examples:
  losslaws fit run.csv
  losslaws forecast run.csv --horizon 2x --target 2.5
  losslaws backtest 'finished/*.csv' --plot backtest.png
  losslaws laws

`losslaws COMMAND --help` shows more, and the exit statuses."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    parser = argparse.ArgumentParser(
        prog="losslaws",
        description="Fit, compare and extrapolate training loss curves, with honest uncertainty.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for command in (answer, fit, forecast, backtest, laws, provenance, unlock):
        command.add(commands)
    options = parser.parse_args(arguments)
    if sys.stderr.isatty():
        logging.basicConfig(format="%(message)s", level=logging.INFO)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except LosslawsError as error:
        print(f"losslaws: {error}", file=sys.stderr)
        # An answer that does not exist yet is not a mistake in the command.
        return NO if options.command == "answer" else BAD_INPUT
    except BrokenPipeError:
        # The reader, as `head`, has seen enough; what is left of the output has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO
    return status


if __name__ == "__main__":
    sys.exit(main())
