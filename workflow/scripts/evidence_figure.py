"""Draw one figure of the multiverse of one experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.analyses.evidence.tables import read_rows
    from losslaws.core.registry import LAWS
    from losslaws.plotting.draw import draw

    fitting = snakemake.params.fitting
    laws = [LAWS.load(name) for name in fitting["laws"]]
    rows = read_rows(snakemake.input.multiverse)
    draw(snakemake.params.figure, snakemake.output, rows, laws, fitting)
