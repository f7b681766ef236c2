"""Look up when the curves of classifiers reach which accuracy."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.analyses.accuracy.compute import accuracy_rows
    from losslaws.core.errors import LosslawsError
    from losslaws.curves.table import read_curves
    from losslaws.storage.csv_tables import write_csv

    rows = accuracy_rows([curve for path in snakemake.input.curves for curve in read_curves(path)])
    if not rows:
        name = snakemake.wildcards.experiment
        raise LosslawsError(
            f"config: experiments.{name}.analyses: accuracy needs curves with an accuracy, and there are none; train "
            "a classification task with train_fraction below 1, or remove accuracy"
        )
    write_csv(snakemake.output[0], rows)
