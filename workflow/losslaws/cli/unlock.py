"""``losslaws unlock``: remove the lock that a killed Snakemake left behind; what ``make run`` does first."""

import argparse
from pathlib import Path

from losslaws.cli.options import DONE


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    text = "remove the lock that a killed snakemake left here; the lock of a running one stays"
    commands.add_parser("unlock", help=text).set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Remove the lock of this directory, if the process that set it has ended."""
    from losslaws.jobs.lock import remove_stale_lock

    if remove_stale_lock(Path()):
        print("Removed the lock of a snakemake that was killed; finished results are kept.")
    return DONE
