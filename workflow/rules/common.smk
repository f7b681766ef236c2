"""Configuration, targets, and the helpers that rules share. No rule is here."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(workflow.basedir) / "workflow"))

from snakemake.exceptions import WorkflowError

from losslaws.config import load_experiments
from losslaws.errors import LosslawsError
from losslaws.registry import ANALYSES, LAWS, TASKS, unknown
from losslaws.source_files import source_files

try:
    EXPERIMENTS = load_experiments(config)
except LosslawsError as error:
    raise WorkflowError(str(error)) from None

ANALYSIS_FILES = {}
"""For each analysis, the files under results/{experiment}/ that it makes; each rule file adds its own."""


wildcard_constraints:
    experiment="[A-Za-z0-9][A-Za-z0-9_-]*",
    group="[^/]+",
    task="[a-z0-9_]+",
    width=r"\d+",


def experiment(wildcards):
    """Return the experiment that the wildcard names."""
    name = wildcards.experiment
    if name not in EXPERIMENTS:
        raise WorkflowError(f"results/{name}: experiment {unknown(name, EXPERIMENTS)}")
    return EXPERIMENTS[name]


def cell(wildcards):
    """Return the experiment, having checked that (task, width) is in its grid."""
    study = experiment(wildcards)
    if wildcards.task not in study.tasks or int(wildcards.width) not in study.widths:
        raise WorkflowError(
            f"{wildcards.task} at width {wildcards.width} is not in experiments.{study.name}: "
            f"its tasks are {', '.join(study.tasks)}, its widths {', '.join(map(str, study.widths))}"
        )
    return study


def files(study, pattern):
    """Return one path per group of an experiment."""
    return [f"results/{study.name}/{pattern.format(group=group)}" for group in study.groups]


def curve_files(wildcards):
    """Return all curve tables of the wildcards' experiment."""
    return files(experiment(wildcards), "curves/{group}.parquet")


def fit_files(wildcards):
    """Return all fit tables of the wildcards' experiment."""
    return files(experiment(wildcards), "fits/{group}.parquet")


def code(script, modules=lambda wildcards: ()):
    """Return an input function: the library files that a script imports, and those loaded by name.

    `modules` gives the dotted names of the latter for the job's wildcards.
    """
    path = Path(workflow.basedir) / "workflow/scripts" / script

    def inputs(wildcards):
        found = source_files(path, modules(wildcards))
        return [str(file.relative_to(Path.cwd())) if file.is_relative_to(Path.cwd()) else str(file) for file in found]

    return inputs


def law_modules(wildcards):
    """Return the modules of the laws that the experiment fits."""
    return [LAWS.module(name) for name in experiment(wildcards).fitting["laws"]]


def task_module(wildcards):
    """Return the module of the task."""
    return [TASKS.module(wildcards.task)]


def analysis_modules(wildcards):
    """Return the modules of the experiment's analyses."""
    return [ANALYSES.module(name) for name in experiment(wildcards).analyses]


def analysis_files(study):
    """Return what the analyses of an experiment make."""
    return [f"results/{study.name}/{path}" for name in study.analyses for path in ANALYSIS_FILES[name]]


def experiment_files(names):
    """Return everything that is built for the named experiments."""
    studies = [EXPERIMENTS[name] for name in names]
    return [f"results/{study.name}/report.txt" for study in studies] + [
        path for study in studies for path in analysis_files(study)
    ]


def missing_files(names):
    """Say, after a failure, which files are missing and where the reasons are."""
    wanted = [*(path for name in names for path in files(EXPERIMENTS[name], "curves/{group}.parquet"))]
    wanted += [path for name in names for path in files(EXPERIMENTS[name], "fits/{group}.parquet")]
    wanted += experiment_files(names)
    missing = [path for path in wanted if not Path(path).exists()]
    listed = "\n".join(f"  {path}" for path in missing)
    return (
        f"Something failed. {len(wanted) - len(missing)} of {len(wanted)} files are there; missing:\n{listed}\n"
        "The reasons are above and in results/*/logs. What is there is sound: run snakemake again for the rest."
    )
