"""Configuration, targets, and the helpers that rules share. No rule is here."""

import os
import shutil
import sys
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(workflow.basedir) / "workflow"))

from losslaws.config.load import load_experiments
from losslaws.core.errors import LosslawsError
from losslaws.config.experiment import import_groups
from losslaws.jobs.failures import reasons, tell
from losslaws.importing.files import find_files
from losslaws.jobs.parent import WORKFLOW
from losslaws.core.registry import ANALYSES, LAWS, READERS, TASKS, unknown
from losslaws.jobs.lock import explain_lock, mark_in_use
from losslaws.plan.dependencies import source_files

# Jobs keep memory that they will need again at once: giving it back to the kernel costs the fits a tenth of their time.
# glibc reads these when a process starts; elsewhere they mean nothing.
for setting in ("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"):
    os.environ.setdefault(setting, str(2**29))

# A job replaces the shell that starts it: so its parent is this process, and it ends when this one does.
shell.prefix("set -euo pipefail; exec ")
os.environ[WORKFLOW] = str(os.getpid())

# Processes that Snakemake starts on other machines come here too; they lock nothing.
if workflow.is_main_process:
    # On a full disk Snakemake would show how its logging failed. Some file systems do not tell their size.
    DISK = shutil.disk_usage(Path.cwd())
    if DISK.total and DISK.free < 2**20:
        sys.exit(
            f"{Path.cwd()} has less than 1 MB of room left: make room and run the same again"
        )
    LOCK = explain_lock(Path.cwd())
    if LOCK and "--unlock" not in sys.argv:
        print(LOCK, file=sys.stderr)
    IN_USE = mark_in_use(Path.cwd())

# A mistake of the user ends Snakemake with sys.exit, which shows the sentence alone: Snakemake prints exceptions with
# the places in the rule files that they passed through.
try:
    EXPERIMENTS = load_experiments(config)
except LosslawsError as error:
    sys.exit(str(error))

ANALYSIS_FILES = {}
"""For each analysis, the files under results/{experiment}/ that it makes; each rule file adds its own."""


wildcard_constraints:
    experiment="[A-Za-z0-9][A-Za-z0-9_-]*",
    group="[^/]+",
    part="[^/]+",
    task="[a-z0-9_]+",
    width=r"\d+",


def experiment(wildcards):
    """Return the experiment that the wildcards name, having checked that it has their task, width or group."""
    name = wildcards.experiment
    if name not in EXPERIMENTS:
        sys.exit(f"results/{name}: experiment {unknown(name, EXPERIMENTS)}")
    for kind, values in allowed(name).items():
        value = wildcards.get(kind)
        if value is not None and value not in values:
            sys.exit(
                f"results/{name}: {kind} {unknown(value, list(values))}, or extend experiments.{name} in the config"
            )
    return EXPERIMENTS[name]


@cache
def allowed(name):
    """Return the values that wildcards may have in an experiment, by kind; every job asks, so they are listed once."""
    study = EXPERIMENTS[name]
    entries = {
        "task": study.tasks,
        "width": study.widths,
        "group": study.groups,
        "part": study.parts,
    }
    return {kind: dict.fromkeys(map(str, values)) for kind, values in entries.items()}


def from_source(*sources):
    """Return a wildcard constraint: the experiments whose curves come from one of the sources."""
    names = [name for name, study in EXPERIMENTS.items() if study.source in sources]
    return "|".join(names) or "(?!)"


def fit_tables(study):
    """Return the fit tables of an experiment."""
    return [f"results/{study.name}/fits/{group}.parquet" for group in study.groups]


def curve_tables(study, groups=None):
    """Return the curve tables of an experiment, or those of some of its groups."""
    return [f"results/{study.curve_table(group)}" for group in groups or study.groups]


def import_files(wildcards):
    """Return the files that the wildcards' group is imported from."""
    study = experiment(wildcards)
    entry, _ = study.import_of(wildcards.group)
    try:
        return [str(path) for path in find_files(entry["files"])]
    except LosslawsError as error:
        sys.exit(f"config: experiments.{study.name}.import: {entry['name']}: {error}")


def reader_modules(wildcards):
    """Return the modules of the readers that an import may use: its own, or all where the format is guessed."""
    entry, _ = experiment(wildcards).import_of(wildcards.group)
    return [
        READERS.module(name)
        for name in ([entry["format"]] if entry["format"] else READERS.names())
    ]


def import_notes(wildcards):
    """Return what the imports of the wildcards' experiment guessed and left out."""
    study = experiment(wildcards)
    groups = [
        group
        for entry in study.imports
        if entry["files"]
        for group in import_groups(entry)
    ]
    return [f"results/{study.name}/imports/{group}.json" for group in groups]


def group_curves(wildcards):
    """Return the curve table of the wildcards' group."""
    return curve_tables(experiment(wildcards), [wildcards.group])


def part_curves(wildcards):
    """Return the curve tables of the wildcards' part."""
    study = experiment(wildcards)
    return curve_tables(study, study.parts[wildcards.part])


def all_parts(wildcards, pattern):
    """Return one path per part of the wildcards' experiment."""
    study = experiment(wildcards)
    return [f"results/{study.name}/{pattern.format(part=part)}" for part in study.parts]


def longest_first(wildcards):
    """Return a training job's priority: the more work, the higher, so that no core idles at the end.

    Jobs of equal width start in the order of the tasks in the config: the longest task is best named first. A task's
    data have the priority of the longest job that waits for them.
    """
    study = experiment(wildcards)
    width = int(wildcards.get("width", max(study.widths)))
    place = study.tasks.index(wildcards.task) / len(study.tasks)
    return 10 + len(study.seeds) * study.training["epochs"] * (width + 1 - place)


def training_share(wildcards):
    """Return the share of a task's data table that is trained on, none where training draws data of its own."""
    training = experiment(wildcards).training
    return 0 if training["fresh_data"] else training["train_fraction"]


def curve_files(wildcards):
    """Return all curve tables of the wildcards' experiment."""
    return curve_tables(experiment(wildcards))


def simulated_curves(wildcards):
    """Return the curve tables of an experiment whose true laws are known."""
    study = experiment(wildcards)
    if study.source != "simulation":
        sys.exit(
            f"config: experiments.{study.name}.analyses: calibration needs curves of known laws; give the experiment "
            "simulate, or remove calibration"
        )
    return curve_tables(study)


def fit_files(wildcards):
    """Return all fit tables of the wildcards' experiment."""
    return fit_tables(experiment(wildcards))


def wanted_fit_files(wildcards):
    """Return the fit tables of the wildcards' experiment, none where no analysis asks for fits."""
    return (
        fit_files(wildcards)
        if "results.json" in analysis_paths(experiment(wildcards))
        else []
    )


def fitted_curve_files(wildcards):
    """Return the curve tables that belong to `wanted_fit_files`."""
    return curve_files(wildcards) if wanted_fit_files(wildcards) else []


def page_templates():
    """Return what pages are made of besides Python: templates, style, scripts."""
    folder = Path(workflow.basedir) / "workflow/losslaws/page"
    return sorted(
        from_here(path)
        for path in folder.rglob("*")
        if path.suffix in (".j2", ".css", ".js")
    )


def from_here(path):
    """Return a path as text, relative to the working directory where it lies in it."""
    return str(
        path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    )


def code(script, modules=lambda wildcards: ()):
    """Return an input function: a script, the library files that it imports, and those loaded by name.

    `modules` gives the dotted names of the latter for the job's wildcards.
    """
    return lambda wildcards: code_files(script, tuple(modules(wildcards)))


@cache
def code_files(script, modules):
    """Return what `code` lists; thousands of jobs have the same few scripts and modules."""
    path = Path(workflow.basedir) / "workflow/scripts" / script
    return [from_here(file) for file in (path, *source_files(path, modules))]


def law_modules(wildcards):
    """Return the modules of the laws that the experiment fits, and the paths of those that are the user's own."""
    laws = experiment(wildcards).fitting["laws"]
    return [source for law in laws for source in LAWS.sources(law)]


def forecast_law_modules(wildcards):
    """Return the modules, or paths, of the laws that the experiment's forecasts combine."""
    laws = experiment(wildcards).forecast["laws"]
    return [source for law in laws for source in LAWS.sources(law)]


def true_law_module(wildcards):
    """Return the module of the law that a simulated group follows."""
    experiment(wildcards)
    return [LAWS.module(wildcards.group.rsplit("_n", 1)[0])]


def task_module(wildcards):
    """Return the module of the task."""
    experiment(wildcards)
    return [TASKS.module(wildcards.task)]


def analysis_modules(wildcards):
    """Return the modules of the experiment's analyses."""
    return [ANALYSES.module(name) for name in experiment(wildcards).analyses]


def analysis_paths(study):
    """Return what the analyses of an experiment make, under its folder, each file once."""
    return list(
        dict.fromkeys(path for name in study.analyses for path in ANALYSIS_FILES[name])
    )


def analysis_files(study):
    """Return what the analyses of an experiment make."""
    return [f"results/{study.name}/{path}" for path in analysis_paths(study)]


def experiment_files(names):
    """Return everything that is built for the named experiments."""
    studies = [EXPERIMENTS[name] for name in names]
    return [
        path
        for study in studies
        for path in (
            f"results/{study.name}/report.txt",
            f"results/{study.name}/report.html",
            *analysis_files(study),
        )
    ]


def comparable():
    """Return the names of the experiments in `run` that count winners."""
    return [
        name
        for name in config["run"]
        if "results.json" in analysis_paths(EXPERIMENTS[name])
    ]


def comparison():
    """Return the page of experiments side by side, where there are at least two."""
    return ["results/compare.html"] if len(comparable()) > 1 else []


def failure(run_logs):
    """Say which jobs failed and why, what is missing, and what there is; `run_logs` are the paths of Snakemake's logs."""
    told = "".join(Path(path).read_text(encoding="utf-8") for path in run_logs)
    unfinished = list(workflow.dag.needrun_jobs())
    missing = sorted(
        {path for job in unfinished for path in job.output if not Path(path).exists()}
    )
    names = {job.wildcards.get("experiment") for job in unfinished} - {None}
    return tell(
        reasons(told),
        missing,
        {name: what_there_is(EXPERIMENTS[name]) for name in sorted(names)},
    )


def what_there_is(study):
    """Count the files of an experiment that are there."""
    kinds = {
        "curve tables": curve_tables(study),
        "fit tables": (
            fit_tables(study) if "results.json" in analysis_paths(study) else []
        ),
        "results and reports": experiment_files([study.name]),
    }
    return ", ".join(
        f"{sum(Path(path).exists() for path in paths)} of {len(paths)} {kind}"
        for kind, paths in kinds.items()
        if paths
    )
