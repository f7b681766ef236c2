"""What the pages of a finished experiment read: its summary, and its first curves with their fits."""

from pathlib import Path

from losslaws.analyses.universality.records import Summary
from losslaws.config.experiment import Experiment
from losslaws.core.registry import LAWS
from losslaws.fitting.fitted import FittedCurve, read_fitted
from losslaws.storage.records import read_record


def read_summary(folder: Path) -> Summary:
    """Read ``summary.json`` of an experiment's folder."""
    return read_record(folder / "summary.json", Summary)


def read_first_curves(folder: Path, experiment: Experiment, most: int) -> list[FittedCurve]:
    """Read the first `most` curves of an experiment with their fits."""
    laws = [LAWS.load(name) for name in experiment.fitting.laws]
    curve_files = [folder.parent / experiment.curve_table(group) for group in experiment.groups]
    fit_files = [folder / "fits" / f"{group}.parquet" for group in experiment.groups]
    return read_fitted(curve_files, fit_files, laws, most=most)
