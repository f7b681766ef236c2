"""Progress of long computations: a line in the log every few seconds."""

import logging
import time

REPORT_EVERY = 5.0
"""Seconds between two lines."""

logger = logging.getLogger(__name__)


class Progress:
    """Count what is done, and log it every few seconds, with the time left if the total is known.

    Parameters
    ----------
    what : str
        What is counted, as ``"rows of run.csv"``.
    total : int or None
        How many there are.
    """

    def __init__(self, what: str, total: int | None = None) -> None:
        self.what, self.total, self.done = what, total, 0
        self.started = self.reported = time.monotonic()

    def add(self, count: int, note: str = "") -> None:
        """Add to the count and, if it is time, log it with a note on the latest item."""
        self.done += count
        now = time.monotonic()
        if now - self.reported < REPORT_EVERY:
            return
        self.reported = now
        parts = [f"{self.done:,}" if self.total is None else f"{self.done:,} of {self.total:,}"]
        parts += [note] if note else []
        if self.total is not None:
            left = (now - self.started) / max(self.done, 1) * (self.total - self.done)
            parts.append(f"{left:.0f} s left")
        logger.info("%s: %s", self.what, ", ".join(parts))
