"""The command ``losslaws``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from losslaws.errors import LosslawsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    parser = argparse.ArgumentParser(prog="losslaws", description="Which law does a loss curve follow?")
    commands = parser.add_subparsers(dest="command", required=True)
    show = commands.add_parser("answer", help="print the answer of finished experiments")
    show.add_argument(
        "experiments", nargs="+", metavar="EXPERIMENT", help="a folder under results/, as in results/paper"
    )
    commands.add_parser("laws", help="list the laws that can be fitted")
    options = parser.parse_args(arguments)
    try:
        if options.command == "answer":
            _answer(options.experiments)
        else:
            _laws()
    except LosslawsError as error:
        print(f"losslaws: {error}", file=sys.stderr)
        return 1
    return 0


def _answer(experiments: Sequence[str]) -> None:
    from losslaws.answer import print_answer

    for experiment in experiments:
        print_answer(Path(experiment))


def _laws() -> None:
    from losslaws.registry import LAWS
    from losslaws.text import table

    laws = [LAWS.load(name) for name in LAWS.names()]
    print(
        table(
            ["law", "formula", "exponent", "source"],
            [[law.name, law.formula, law.exponent, law.source] for law in laws],
        )
    )


if __name__ == "__main__":
    sys.exit(main())
