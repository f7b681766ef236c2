"""Is a directory in use? Snakemake's own lock outlives a Snakemake that is killed; the kernel's does not.

Every Snakemake holds a shared lock on a file of ours as long as its process lives. A process that gets an exclusive
lock on that file therefore knows that no other is running, and that a lock of Snakemake's own is stale.
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
    # Some network file systems have no locks: there a stale lock cannot be detected, and none is removed.
    with suppress(OSError):
        fcntl.flock(file, fcntl.LOCK_SH)
    return file


def explain_lock(folder: Path) -> str:
    """Return a sentence that explains Snakemake's lock on a directory; empty if there is none."""
    if not _is_locked(folder):
        return ""
    with _open(folder) as file:
        try:
            _take_alone(folder, file)
        except LosslawsError as error:
            return str(error)
    return (
        f"{folder.resolve()} is still locked by a snakemake that was killed: run snakemake --unlock once, or make run, "
        "which unlocks it by itself"
    )


def remove_stale_lock(folder: Path) -> bool:
    """Remove Snakemake's lock if the process that set it has ended; return whether there was one.

    Raises
    ------
    LosslawsError
        If another Snakemake is running in the directory, or this cannot be determined.
    """
    if not _is_locked(folder):
        return False
    with _open(folder) as file:
        _take_alone(folder, file)
        # This is what `snakemake --unlock` does; done here, no other Snakemake can start in between.
        shutil.rmtree(folder / SNAKEMAKES)
    return True


def _is_locked(folder: Path) -> bool:
    return any((folder / SNAKEMAKES).glob("*.lock"))


def _take_alone(folder: Path, file: TextIO) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise LosslawsError(
            f"another snakemake is running in {folder.resolve()}: wait until it has finished, or stop it, "
            "then rerun this command"
        ) from None
    except OSError as error:
        raise LosslawsError(
            f"{folder.resolve()} is locked, and its file system does not show whether that snakemake is still running "
            f"({error.strerror}): if it is not, run snakemake --unlock, then rerun this command"
        ) from error


def _open(folder: Path) -> TextIO:
    path = folder / OURS
    path.parent.mkdir(exist_ok=True)
    return path.open("a", encoding="utf-8")
