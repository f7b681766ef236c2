"""Compare the curves of all sizes of one experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.analyses.collapse.compute import summarise_ladders
    from losslaws.curves.table import read_curves
    from losslaws.storage import files as storage

    curves = [curve for path in snakemake.input.curves for curve in read_curves(path)]
    storage.write_json(snakemake.output[0], summarise_ladders(curves, snakemake.params.collapse))
