"""``losslaws answer``: what finished experiments found."""

import argparse
from pathlib import Path

from losslaws.cli.options import DONE


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("answer", help="print the answers of finished experiments")
    parser.add_argument(
        "folders",
        nargs="*",
        type=Path,
        metavar="FOLDER",
        help="such as results/paper; default: the experiments in `run` of config.yaml",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the answers."""
    from losslaws.study.answer import configured_folders, print_answer

    for folder in options.folders or configured_folders(Path("config.yaml")):
        print_answer(folder)
    return DONE
