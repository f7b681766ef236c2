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
    show = commands.add_parser("answer", help="print the answers of finished experiments")
    show.add_argument(
        "folders",
        nargs="*",
        type=Path,
        metavar="FOLDER",
        help="as in results/paper; without any, those of the experiments in `run` of config.yaml",
    )
    commands.add_parser("laws", help="list the laws that can be fitted")
    options = parser.parse_args(arguments)
    try:
        if options.command == "answer":
            _answer(options.folders)
        else:
            _laws()
    except LosslawsError as error:
        print(f"losslaws: {error}", file=sys.stderr)
        return 1
    return 0


def _answer(folders: Sequence[Path]) -> None:
    from losslaws.answer import configured_folders, print_answer

    for folder in folders or configured_folders(Path("config.yaml")):
        print_answer(folder)


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
