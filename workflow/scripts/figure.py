"""Draw one figure of one experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs import job

with job(snakemake):
    from losslaws.figures._draw import draw
    from losslaws.registry import LAWS
    from losslaws.results import MOST_CURVES
    from losslaws.runs import count_runs, read_runs

    fitting = snakemake.params.fitting
    laws = [LAWS.load(name) for name in fitting["laws"]]
    runs = read_runs(snakemake.input.curves, snakemake.input.fits, laws, most=MOST_CURVES)
    left_out = count_runs(snakemake.input.fits, laws) - len(runs)
    note = f"the first {len(runs):,} curves; {left_out:,} more are not drawn" if left_out else ""
    draw(snakemake.params.figure, snakemake.output, runs, laws, fitting["skip"], note=note)
