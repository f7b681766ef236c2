"""A job ends with the workflow that started it: an orphan could write into the results of a later run."""

import ctypes
import os
import signal
import sys
import threading
import time

WORKFLOW = "LOSSLAWS_WORKFLOW_PID"
"""The environment variable in which a workflow gives its process id to its jobs."""

PR_SET_PDEATHSIG = 1
SECONDS_BETWEEN_LOOKS = 0.1


def end_with_the_workflow() -> None:
    """Make this process end as soon as the workflow that started it does; without a workflow, do nothing.

    The workflow passes on its process id, because it may have ended before this process could look.
    """
    workflow = int(os.environ.get(WORKFLOW, "0"))
    if not workflow:
        return
    kernel_kills = _ask_kernel()
    if os.getppid() != workflow:
        sys.exit(f"the snakemake that started this job (process {workflow}) has ended: run snakemake again")
    if not kernel_kills:
        threading.Thread(target=_watch, args=(workflow,), daemon=True).start()


def _ask_kernel() -> bool:
    """Ask Linux to kill this process with the thread that started it, which in Snakemake waits for the job to end."""
    if sys.platform != "linux":
        return False
    done: int = ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    return done == 0


def _watch(workflow: int) -> None:
    """Watch for a change of parent, which happens as soon as the parent ends.

    This thread may have to wait while another one imports torch; the kernel does not.
    """
    while os.getppid() == workflow:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGKILL)
