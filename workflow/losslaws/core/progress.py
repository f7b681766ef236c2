"""How far long work has come: a line in the log every few seconds."""

import logging
import time

REPORT_EVERY = 5.0
"""Seconds between two lines."""

logger = logging.getLogger(__name__)


class Progress:
    """Count what is done, and log it every few seconds, with the time left where it is known how much there is.

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

    def add(self, count: int) -> None:
        """Count what has been done since the last time, and log it if it is time to."""
        self.done += count
        now = time.monotonic()
        if now - self.reported < REPORT_EVERY:
            return
        self.reported = now
        if self.total is None:
            logger.info("%s: %s", self.what, f"{self.done:,}")
            return
        left = (now - self.started) / max(self.done, 1) * (self.total - self.done)
        logger.info("%s: %s, %.0f s left", self.what, f"{self.done:,} of {self.total:,}", left)
