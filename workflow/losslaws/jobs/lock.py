"""Who is at work in a directory? Snakemake's own lock outlives a Snakemake that is killed; the kernel's does not.

Every Snakemake holds a shared lock on a file of ours while it lives, however it ends. So whoever gets that file for
itself alone knows that nobody else is there, and that a lock of Snakemake's own was left by the dead.
"""

import fcntl
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from losslaws.core.errors import LosslawsError

OURS, SNAKEMAKES = Path(".snakemake/losslaws.lock"), Path(".snakemake/locks")


def mark_in_use(folder: Path) -> TextIO:
    """Mark a directory as in use for as long as the returned file is open."""
    file = _open(folder)
    # Some network file systems keep no locks: there nobody can tell who lives, and nobody removes a lock.
    with suppress(OSError):
        fcntl.flock(file, fcntl.LOCK_SH)
    return file


def explain_lock(folder: Path) -> str:
    """Return a sentence on the lock that Snakemake has on a directory, empty if there is none."""
    if not _is_locked(folder):
        return ""
    with _open(folder) as file:
        try:
            _take_alone(folder, file)
        except LosslawsError as error:
            return str(error)
    return (
        f"{folder.resolve()} is still locked by a snakemake that was killed: run snakemake --unlock once, or make run, "
        "which does it by itself"
    )


def remove_lock_of_the_dead(folder: Path) -> bool:
    """Remove Snakemake's lock if whoever set it is dead; return whether there was one.

    Raises
    ------
    LosslawsError
        If another Snakemake is at work in the directory, or nobody can tell.
    """
    if not _is_locked(folder):
        return False
    with _open(folder) as file:
        _take_alone(folder, file)
        # This is what `snakemake --unlock` does; done here, no other can begin in between.
        shutil.rmtree(folder / SNAKEMAKES)
    return True


def _is_locked(folder: Path) -> bool:
    return any((folder / SNAKEMAKES).glob("*.lock"))


def _take_alone(folder: Path, file: TextIO) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise LosslawsError(
            f"another snakemake is at work in {folder.resolve()}: wait until it has finished, or stop it, "
            "then run this again"
        ) from None
    except OSError as error:
        raise LosslawsError(
            f"{folder.resolve()} is locked, and its file system cannot tell whether by a snakemake that still runs "
            f"({error.strerror}): if none does, run snakemake --unlock, then run this again"
        ) from error


def _open(folder: Path) -> TextIO:
    path = folder / OURS
    path.parent.mkdir(exist_ok=True)
    return path.open("a", encoding="utf-8")
