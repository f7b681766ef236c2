"""The last steps of a study that is made without training."""

from losslaws.analyses.universality.compute import write_results
from losslaws.analyses.universality.section import ANALYSIS
from losslaws.fitting.fitted import read_fitted
from losslaws.study.text import write_report


def rebuild_results(folder, experiment, laws):
    """Write the results and the report of a study from its curve and fit tables."""
    curves, fits = ([folder / kind / f"{group}.parquet" for group in experiment.groups] for kind in ("curves", "fits"))
    write_results(folder, experiment, read_fitted(curves, fits, laws), laws)
    write_report(folder, experiment, [ANALYSIS])
