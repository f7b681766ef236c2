"""Options that several commands have: which files, which columns, what to print."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from losslaws.core.errors import LosslawsError

if TYPE_CHECKING:
    from losslaws.curves.curve import Curve

DONE, NO, BAD_INPUT = 0, 1, 2
"""Exit statuses: done; nothing could be fitted or forecast, or a target is not reached; a mistake in the arguments."""

EXITS = """exit status:
  0  done
  1  {no}
  2  a mistake in the command or in a file; one sentence says which"""

SETTINGS = ("format", "t", "loss", "curve", "lr")


def add_parser(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str, examples: str, no: str
) -> argparse.ArgumentParser:
    """Add a command with examples and exit statuses in its help, and the options of files."""
    parser = commands.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        epilog=f"examples:\n{examples}\n\n{EXITS.format(no=no)}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_files(parser)
    parser.add_argument("--laws", nargs="+", metavar="LAW", help="laws to use; `losslaws laws` lists them")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--plot", metavar="PICTURE", help="save a plot: PNG, SVG or PDF by its suffix")
    return parser


def add_files(parser: argparse.ArgumentParser) -> None:
    """Add the files and their columns."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="logs with curves; globs and folders too")
    columns = parser.add_argument_group("columns of the files (guessed if omitted; guesses are printed)")
    columns.add_argument("--format", help="format of the files")
    columns.add_argument("--t", metavar="COLUMN", help="column of steps, epochs, tokens, …")
    columns.add_argument("--loss", metavar="COLUMN", help="column of the loss")
    columns.add_argument("--curve", metavar="COLUMN", help="column that identifies the curve of a row")
    columns.add_argument("--lr", metavar="COLUMN", help="column of the learning rate")
    columns.add_argument("--only", metavar="CURVE", help="one curve by its name")


def read(options: argparse.Namespace, files: Sequence[str]) -> "list[Curve]":
    """Read the curves of files, named after the file where there is one; notes go to standard error.

    Raises
    ------
    LosslawsError
        If a file cannot be read, or has no curve of that name.
    """
    from losslaws.importing.source import read_files

    settings = {name: getattr(options, name) for name in SETTINGS if getattr(options, name) is not None}
    name = Path(files[0]).stem if len(files) == 1 and Path(files[0]).is_file() else "curve"
    imported = read_files(files, name, **settings)
    for note in imported.notes:
        print(note, file=sys.stderr)
    return imported.curves


def select(curves: "Sequence[Curve]", only: str | None) -> "list[Curve]":
    """Return all curves, or the one that was asked for.

    Raises
    ------
    LosslawsError
        If there is none of that name.
    """
    from losslaws.core.registry import unknown

    found = [curve for curve in curves if only in (None, curve.name)]
    if not found:
        raise LosslawsError(f"--only: curve {unknown(only, [curve.name for curve in curves][:20])}")
    return found


def check_one(picture: str | None, curves: "Sequence[Curve]") -> None:
    """Check that a picture has one curve to show.

    Raises
    ------
    LosslawsError
        If there are several.
    """
    if picture and len(curves) > 1:
        raise LosslawsError(f"--plot: shows one curve, but there are {len(curves)}; choose one with --only NAME")


def check_picture(picture: str | None) -> None:
    """Check the suffix of a picture before anything is computed.

    Raises
    ------
    LosslawsError
        If it is not a picture format.
    """
    if picture and not picture.lower().endswith((".png", ".svg", ".pdf")):
        raise LosslawsError(f"--plot: is {picture!r}; expected a file name that ends in .png, .svg or .pdf")


def print_json(value: object) -> None:
    """Print strict JSON."""
    print(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False))
