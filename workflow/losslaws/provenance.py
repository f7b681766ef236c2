"""With which software a result was made, when, and what it cost."""

import csv
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("torch", "numpy", "scipy", "matplotlib", "losslaws")


def software() -> dict[str, str]:
    """Return versions, the machine and the present time."""
    return {
        "python_version": platform.python_version(),
        "platform": platform.platform(),
        **{f"{name}_version": version(name) for name in PACKAGES},
        "generated_at_utc": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def elapsed_seconds(benchmarks: Path) -> float:
    """Sum the wall times of the jobs that made an experiment's data, curves and fits.

    Parameters
    ----------
    benchmarks : path
        The experiment's folder of Snakemake benchmark files; those of other rules are not counted.
    """
    total = 0.0
    for rule in ("data", "train", "import", "simulate", "fit"):
        for file in sorted((benchmarks / rule).glob("*.tsv")):
            with file.open(encoding="utf-8") as lines:
                total += sum(float(row["s"]) for row in csv.DictReader(lines, delimiter="\t"))
    return round(total, 3)
