"""Draw losses and accuracies of classifiers."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.curves.table import read_curves
    from losslaws.plotting.draw import draw

    draw("accuracy", snakemake.output, [curve for path in snakemake.input.curves for curve in read_curves(path)])
