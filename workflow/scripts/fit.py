"""Fit the laws to one group of curves."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from dataclasses import asdict

    from losslaws.config.changed import restored
    from losslaws.config.fitting import Fitting
    from losslaws.core.registry import LAWS
    from losslaws.curves.table import read_curves
    from losslaws.fitting.fit_table import fit_curves
    from losslaws.fitting.options import FitOptions
    from losslaws.storage.files import write_table

    fitting = restored(Fitting, snakemake.params.fitting)
    laws = [LAWS.load(name) for name in fitting.laws]
    fits = fit_curves(read_curves(snakemake.input.curves), laws, fitting.skip, FitOptions(preset=fitting.bounds))
    write_table(snakemake.output[0], fits, {"fitting": asdict(fitting)})
