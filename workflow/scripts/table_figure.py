"""Draw one figure of a table."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs import job

with job(snakemake):
    from losslaws.csv_table import read_csv
    from losslaws.figures._draw import draw

    draw(snakemake.params.figure, snakemake.output, read_csv(snakemake.input.table))
