"""What every workflow script has around its work: a log, and failures reported in one sentence."""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from losslaws.core.errors import INTERRUPTED, LosslawsError
from losslaws.jobs.parent import end_with_the_workflow
from losslaws.jobs.record import write_record


@contextmanager
def job(snakemake: Any) -> Iterator[None]:
    """Log to the job's log file, and to standard error; at the end, record what made its outputs.

    On an exception, or Ctrl-C, exit with status 1. The job ends with the workflow that started it.

    Where standard error is not a terminal, it gets warnings and errors only, no progress. For an exception, the log
    gets the traceback and standard error one sentence with the log's path.
    """
    end_with_the_workflow()
    log = snakemake.log[0]
    Path(log).parent.mkdir(parents=True, exist_ok=True)
    terminal = logging.StreamHandler()
    terminal.setFormatter(logging.Formatter("%(message)s"))
    terminal.setLevel(logging.INFO if sys.stderr.isatty() else logging.WARNING)
    file = logging.FileHandler(log, mode="w", encoding="utf-8")
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    # Where a log cannot be written, as on a full disk, the terminal still gets the sentence, and nothing about logging.
    logging.raiseExceptions = False
    logging.basicConfig(level=logging.INFO, handlers=[terminal, file])
    try:
        yield
        write_record(snakemake)
    except KeyboardInterrupt:
        logging.error("%s (log: %s)", INTERRUPTED, log)
        sys.exit(1)
    except Exception as error:
        file.handle(logging.makeLogRecord({"levelname": "ERROR", "msg": traceback.format_exc()}))
        sentence = str(error) if isinstance(error, LosslawsError) else f"{type(error).__name__}: {error}"
        logging.error("%s (log: %s)", sentence, log)
        sys.exit(1)
