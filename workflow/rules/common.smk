"""The configuration, the plan of what can be built, and how rules ask it. No rule is here."""

import os
import shutil
import sys
from pathlib import Path

# The library lies beside the rules. Rules that come from a git repository have only the one that is installed.
LOCAL = isinstance(workflow.current_basedir, os.PathLike)
if LOCAL:
    sys.path.insert(0, str(Path(workflow.current_basedir).parent))

from losslaws.config.load import load_experiments
from losslaws.config.sources import Imports, Simulation
from losslaws.core.errors import LosslawsError
from losslaws.jobs.lock import explain_lock, mark_in_use
from losslaws.jobs.parent import WORKFLOW
from losslaws.plan import reports, resources, stages
from losslaws.plan.code import SCRIPTS, code_files, templates
from losslaws.plan.ending import failure
from losslaws.plan.plan import Plan
from losslaws.plan.steps import planned_steps

# Jobs keep memory that they will need again at once: giving it back to the kernel costs the fits a tenth of their time.
# glibc reads these when a process starts; elsewhere they mean nothing.
for setting in ("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"):
    os.environ.setdefault(setting, str(2**29))

# A job replaces the shell that starts it: so its parent is this process, and it ends when this one does. Where this is
# a module, the prefix would reach the shell commands of other rules, of which only the first would run.
if workflow.modifier.is_main_snakefile():
    shell.prefix("set -euo pipefail; exec ")
    os.environ[WORKFLOW] = str(os.getpid())

# Processes that Snakemake starts on other machines come here too; they lock nothing.
if workflow.is_main_process:
    # On a full disk Snakemake would show how its logging failed. Some file systems do not tell their size.
    DISK = shutil.disk_usage(Path.cwd())
    if DISK.total and DISK.free < 2**20:
        sys.exit(f"{Path.cwd()} has less than 1 MB of free space: free some and rerun the same command")
    LOCK = explain_lock(Path.cwd())
    if LOCK and "--unlock" not in sys.argv:
        print(LOCK, file=sys.stderr)
    IN_USE = mark_in_use(Path.cwd())


def or_exit(function, *arguments):
    """Call a function; a mistake of the user ends Snakemake with its sentence alone.

    Snakemake prints exceptions with the places in the rule files that they passed through.
    """
    try:
        return function(*arguments)
    except LosslawsError as error:
        sys.exit(str(error))


def planned(function, *arguments):
    """Return an input function: `function` of the plan, the wildcards as a dictionary, and `arguments`."""
    return lambda wildcards: or_exit(function, PLAN, dict(wildcards.items()), *arguments)


def code(script, modules=lambda plan, wildcards: ()):
    """Return an input function: a script, the library files that it imports, and those that it loads by name."""
    path = SCRIPTS / script if LOCAL else Path(workflow.source_path(f"../scripts/{script}"))
    return lambda wildcards: code_files(path, tuple(planned(modules)(wildcards)))


PLAN = Plan(or_exit(load_experiments, config), tuple(config["run"]))
STEPS = or_exit(lambda: list(planned_steps()))


wildcard_constraints:
    experiment="[A-Za-z0-9][A-Za-z0-9_-]*",
    group="[^/]+",
    part="[^/]+",
    task="[a-z0-9_]+",
    width=r"\d+",
