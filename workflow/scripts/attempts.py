"""Foretell the ends of curves from their starts."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.curves.table import read_curves
    from losslaws.forecasting.attempts import attempts_table, make_attempts
    from losslaws.storage.files import write_table

    settings = snakemake.params.forecast
    curves = [curve for path in snakemake.input.curves for curve in read_curves(path)]
    attempts, notes = make_attempts(curves, settings["laws"], settings["fractions"])
    write_table(snakemake.output[0], attempts_table(attempts), {"forecast": settings, "notes": notes})
