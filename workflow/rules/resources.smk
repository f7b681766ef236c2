"""How much memory (in megabytes) and time (in minutes) the larger jobs ask a cluster for; locally nothing asks.

Measured amounts with a margin of two for memory and four for time; docs/scaling.md has the measurements.
"""

from math import ceil

RECORDED_POINTS = 1_000_000
"""Points in a table of curves that were not trained here, of which nobody knows the size before it is read."""


def table_points(study):
    """Return how many points a curve table of an experiment holds."""
    if study.source != "training":
        return RECORDED_POINTS
    return len(study.seeds) * study.training["epochs"] // study.training["record_every"]


def points(wildcards):
    """Return how many points the curves hold that a job reads: those of its group, of its part, or all."""
    study = experiment(wildcards)
    if "group" in wildcards.keys():
        return table_points(study)
    tables = study.parts[wildcards.part] if "part" in wildcards.keys() else study.groups
    return len(tables) * table_points(study)


def training_mb(wildcards):
    """Return the memory of a training job: PyTorch, weights with their moments, activations, curves of all seeds."""
    study = experiment(wildcards)
    width, depth = int(wildcards.width), study.training["depth"]
    return round(
        800 + depth * (0.3 * width + 1e-4 * width**2) + 2e-4 * table_points(study)
    )


def training_minutes(wildcards):
    """Return the time of a training job, from that of an epoch of the largest task of the default study."""
    study = experiment(wildcards)
    settings, width = study.training, int(wildcards.width)
    factor = (
        20
        if settings["architecture"] == "transformer"
        else max(1, settings["depth"] / 2)
    )
    milliseconds = factor * (5 + 0.2 * width + 4e-4 * width**2)
    return ceil(5 + 4 * len(study.seeds) * settings["epochs"] * milliseconds / 60_000)


def reading_mb(wildcards):
    """Return the memory of a job that holds many curves at a time."""
    return round(1000 + 2e-4 * points(wildcards))


def reading_minutes(wildcards):
    """Return the time of a job that fits or draws many curves."""
    return ceil(5 + 2e-6 * points(wildcards))


def judging_mb(wildcards):
    """Return the memory of a job that judges or foretells curves: it grows with the replicates of one of them."""
    study = experiment(wildcards)
    longest = (
        study.training["epochs"] if study.source == "training" else RECORDED_POINTS / 10
    )
    return round(reading_mb(wildcards) + 2e-4 * longest * study.evidence["replicates"])


def judging_minutes(wildcards):
    """Return the time of a job that judges or foretells curves, each in many ways."""
    replicates = experiment(wildcards).evidence["replicates"]
    return ceil(5 + 1.5e-4 * points(wildcards) * max(1, replicates / 100))
