"""What every workflow script has around its work: a log, and failures told in one sentence."""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from losslaws.errors import LosslawsError


@contextmanager
def job(log: str) -> Iterator[None]:
    """Log to the file `log`, and to standard error; on an exception, exit with status 1.

    Where standard error is no terminal it gets warnings and errors only, no progress. Of an exception the log gets the
    traceback, standard error one sentence with the log's path.
    """
    Path(log).parent.mkdir(parents=True, exist_ok=True)
    terminal = logging.StreamHandler()
    terminal.setFormatter(logging.Formatter("%(message)s"))
    terminal.setLevel(logging.INFO if sys.stderr.isatty() else logging.WARNING)
    file = logging.FileHandler(log, mode="w", encoding="utf-8")
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[terminal, file])
    try:
        yield
    except Exception as error:
        file.handle(logging.makeLogRecord({"levelname": "ERROR", "msg": traceback.format_exc()}))
        sentence = str(error) if isinstance(error, LosslawsError) else f"{type(error).__name__}: {error}"
        logging.error("%s (log: %s)", sentence, log)
        sys.exit(1)
