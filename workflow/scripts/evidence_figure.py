"""Draw one figure of the multiverse of one experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs import job

with job(snakemake):
    from losslaws.evidence.tables import read_rows
    from losslaws.figures._draw import draw
    from losslaws.registry import LAWS

    fitting = snakemake.params.fitting
    laws = [LAWS.load(name) for name in fitting["laws"]]
    rows = read_rows(snakemake.input.multiverse)
    draw(snakemake.params.figure, snakemake.output, rows, laws, fitting)
