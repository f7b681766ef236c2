"""Simulate curves of one law with one number of points."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.core.registry import LAWS
    from losslaws.curves.table import write_curves
    from losslaws.theory.from_laws import simulate

    settings = snakemake.params.simulate
    law, length = snakemake.wildcards.group.rsplit("_n", 1)
    noise = {key: settings[key] for key in ("rho", "signal_to_noise", "curves", "seed")}
    curves = simulate(LAWS.load(law), int(length), **noise)
    write_curves(snakemake.output[0], curves, {"simulate": settings})
