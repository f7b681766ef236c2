"""With which software a result was made, when, and what it cost."""

import csv
import platform
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from losslaws.core.version import release, version

PACKAGES = ("torch", "numpy", "scipy", "matplotlib")


def versions() -> dict[str, str]:
    """Return the versions of everything, that of losslaws down to the commit, and the machine."""
    return {
        "python_version": platform.python_version(),
        "platform": platform.platform(),
        **{f"{name}_version": metadata.version(name) for name in PACKAGES},
        "losslaws_version": version(),
    }


def software() -> dict[str, str]:
    """Return versions, that of losslaws without the commit, the machine and the present time."""
    return {
        **versions(),
        "losslaws_version": release(),
        "generated_at_utc": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def elapsed_seconds(benchmarks: Path) -> float:
    """Sum the wall times of the jobs that made an experiment's data, curves and fits.

    Parameters
    ----------
    benchmarks : path
        The experiment's folder of Snakemake benchmark files; those of other rules are not counted.
    """
    counted = ("data", "train", "import", "simulate", "fit")
    return round(sum(seconds for rule, _, seconds in rule_times(benchmarks) if rule in counted), 3)


def rule_times(benchmarks: Path) -> list[tuple[str, int, float]]:
    """Return for every rule the number of its jobs and their wall times added up, in seconds."""
    times: dict[str, list[float]] = {}
    for file in sorted(benchmarks.rglob("*.tsv")):
        rule = file.relative_to(benchmarks).parts[0].removesuffix(".tsv")
        with file.open(encoding="utf-8") as lines:
            times.setdefault(rule, []).extend(float(row["s"]) for row in csv.DictReader(lines, delimiter="\t"))
    return [(rule, len(seconds), sum(seconds)) for rule, seconds in times.items()]
