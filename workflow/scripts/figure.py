"""Draw one figure of one experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.analyses.universality.compute import MOST_CURVES
    from losslaws.core.registry import LAWS
    from losslaws.fitting.fitted import count_runs, read_runs
    from losslaws.plotting.draw import draw

    fitting = snakemake.params.fitting
    laws = [LAWS.load(name) for name in fitting["laws"]]
    runs = read_runs(snakemake.input.curves, snakemake.input.fits, laws, most=MOST_CURVES)
    left_out = count_runs(snakemake.input.fits, laws) - len(runs)
    note = f"the first {len(runs):,} curves; {left_out:,} more are not drawn" if left_out else ""
    draw(snakemake.params.figure, snakemake.output, runs, laws, fitting["skip"], note=note)
