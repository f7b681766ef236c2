"""``losslaws unlock``: remove the lock that a killed Snakemake left; what ``make run`` does first."""

import argparse
from pathlib import Path

from losslaws.cli.options import DONE


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    text = "remove the lock that a killed snakemake left here; one that is still at work keeps its own"
    commands.add_parser("unlock", help=text).set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Remove the lock of this directory, if whoever set it is dead."""
    from losslaws.jobs.lock import remove_lock_of_the_dead

    if remove_lock_of_the_dead(Path()):
        print("A snakemake that was killed had left its lock here; removed. What it finished is kept.")
    return DONE
