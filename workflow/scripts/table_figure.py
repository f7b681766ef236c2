"""Draw one figure of a table."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.plotting.draw import draw
    from losslaws.storage.csv_tables import read_csv

    draw(snakemake.params.figure, snakemake.output, read_csv(snakemake.input.table))
