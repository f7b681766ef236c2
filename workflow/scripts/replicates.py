"""Count winners over seeds, and compare exponents within and between cells."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.analyses.replicates.compute import exponent_spread, win_shares
    from losslaws.core.registry import LAWS
    from losslaws.fitting.fitted import read_runs
    from losslaws.storage.csv_tables import write_csv

    laws = [LAWS.load(name) for name in snakemake.params.fitting["laws"]]
    runs = read_runs(snakemake.input.curves, snakemake.input.fits, laws, whole=0)
    write_csv(snakemake.output.shares, win_shares(runs, laws))
    write_csv(snakemake.output.exponents, exponent_spread(runs, laws))
