"""Draw one figure of one experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs import job

with job(snakemake.log[0]):
    from losslaws.figures._draw import draw
    from losslaws.registry import LAWS
    from losslaws.runs import read_runs

    fitting = snakemake.params.fitting
    laws = [LAWS.load(name) for name in fitting["laws"]]
    runs = read_runs(snakemake.input.curves, snakemake.input.fits, laws)
    draw(snakemake.params.figure, snakemake.output, runs, laws, fitting["skip"])
