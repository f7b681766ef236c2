"""The last steps of a study that is made without training."""

from losslaws.analyses.section import reported
from losslaws.analyses.universality.compute import describe, write_results
from losslaws.fitting.fitted import read_fitted
from losslaws.study.text import write_report


def rebuild_results(folder, experiment, laws):
    """Write the results and the report of a study from its curve and fit tables."""
    curves, fits = ([folder / kind / f"{group}.parquet" for group in experiment.groups] for kind in ("curves", "fits"))
    runs = read_fitted(curves, fits, laws)
    write_results(folder, describe(experiment.name, experiment.grid, experiment.fitting, runs), runs, laws)
    write_report(folder, experiment, reported(experiment))
