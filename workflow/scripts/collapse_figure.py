"""Draw the collapse of one experiment's ladders."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs import job

with job(snakemake):
    from losslaws.figures._draw import draw
    from losslaws.storage import read_json

    draw("collapse", snakemake.output, read_json(snakemake.input.found))
