"""How much memory (in megabytes) and time (in minutes) jobs ask a cluster for; locally nothing asks.

Measured amounts with a margin of two for memory and four for time; docs/scaling.md has the measurements.
"""

from math import ceil

from losslaws.config.experiment import Experiment
from losslaws.plan.plan import Plan, Wildcards, groups_of
from losslaws.plan.steps import PlannedStep

RECORDED_POINTS = 1_000_000
"""Points in a table of curves that were not trained here, of which nobody knows the size before it is read."""

DRAWING_MB, DRAWING_MINUTES = 1500, 10


def table_points(study: Experiment) -> int:
    """Return how many points a curve table of an experiment holds."""
    if study.grid is None:
        return RECORDED_POINTS
    return len(study.grid.seeds) * study.grid.training.epochs // study.grid.training.record_every


def points(plan: Plan, wildcards: Wildcards) -> int:
    """Return how many points the curves hold that a job reads: those of its group, of its part, or all."""
    study = plan.experiment(wildcards)
    return len(groups_of(study, wildcards)) * table_points(study)


def training_mb(plan: Plan, wildcards: Wildcards) -> int:
    """Return the memory of a training job: PyTorch, weights with their moments, activations, curves of all seeds."""
    study, width = plan.experiment(wildcards), int(wildcards["width"])
    depth = plan.grid(wildcards).training.depth
    return round(800 + depth * (0.3 * width + 1e-4 * width**2) + 2e-4 * table_points(study))


def training_minutes(plan: Plan, wildcards: Wildcards) -> int:
    """Return the time of a training job, from that of an epoch of the largest task of the default study."""
    grid, width = plan.grid(wildcards), int(wildcards["width"])
    factor = 20 if grid.training.architecture == "transformer" else max(1, grid.training.depth / 2)
    milliseconds = factor * (5 + 0.2 * width + 4e-4 * width**2)
    return ceil(5 + 4 * len(grid.seeds) * grid.training.epochs * milliseconds / 60_000)


def reading_mb(plan: Plan, wildcards: Wildcards) -> int:
    """Return the memory of a job that holds many curves at a time."""
    return round(1000 + 2e-4 * points(plan, wildcards))


def reading_minutes(plan: Plan, wildcards: Wildcards) -> int:
    """Return the time of a job that fits or draws many curves."""
    return ceil(5 + 2e-6 * points(plan, wildcards))


def step_mb(plan: Plan, wildcards: Wildcards, planned: PlannedStep) -> int:
    """Return the memory of a step; of one that judges curves it grows with the replicates of one of them."""
    if planned.step.resources == "drawing":
        return DRAWING_MB
    if planned.step.resources == "reading":
        return reading_mb(plan, wildcards)
    grid = plan.experiment(wildcards).grid
    longest = grid.training.epochs if grid else RECORDED_POINTS / 10
    return round(reading_mb(plan, wildcards) + 2e-4 * longest * _replicates(plan, wildcards, planned))


def step_minutes(plan: Plan, wildcards: Wildcards, planned: PlannedStep) -> int:
    """Return the time of a step."""
    return max(planned.step.minutes, _minutes(plan, wildcards, planned))


def _minutes(plan: Plan, wildcards: Wildcards, planned: PlannedStep) -> int:
    if planned.step.resources == "drawing":
        return DRAWING_MINUTES
    if planned.step.resources == "reading":
        return reading_minutes(plan, wildcards)
    return ceil(5 + 1.5e-4 * points(plan, wildcards) * max(1, _replicates(plan, wildcards, planned) / 100))


def _replicates(plan: Plan, wildcards: Wildcards, planned: PlannedStep) -> int:
    return int(getattr(planned.settings(plan.experiment(wildcards)), "replicates", 100))


def priority(plan: Plan, wildcards: Wildcards) -> float:
    """Return the priority of a training job or its data: the more work, the higher, so that no core idles at the end.

    Jobs of equal width start in the order of the tasks in the config: the longest task is best named first. A task's
    data have the priority of the longest job that waits for them.
    """
    grid = plan.grid(wildcards)
    width = int(wildcards.get("width", max(grid.widths)))
    place = grid.tasks.index(wildcards["task"]) / len(grid.tasks)
    return 10 + len(grid.seeds) * grid.training.epochs * (width + 1 - place)
