"""Simulate curves of one law with one number of points."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from dataclasses import asdict

    from losslaws.config.changed import restored
    from losslaws.config.sources import Simulation
    from losslaws.core.registry import LAWS
    from losslaws.curves.table import write_curves
    from losslaws.theory.from_laws import simulate

    settings = restored(Simulation, snakemake.params.simulate)
    law, length = snakemake.wildcards.group.rsplit("_n", 1)
    write_curves(snakemake.output[0], simulate(LAWS.load(law), int(length), settings), {"simulate": asdict(settings)})
