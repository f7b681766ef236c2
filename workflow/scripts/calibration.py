"""Compare what the criteria say of simulated curves with the truth."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.analyses.calibration.compute import calibration_rows
    from losslaws.analyses.evidence.tables import read_rows
    from losslaws.core.registry import LAWS
    from losslaws.curves.table import read_curves
    from losslaws.storage.csv_tables import write_csv

    laws = [LAWS.load(name) for name in snakemake.params.fitting["laws"]]
    evidence = {row["curve"]: row for row in read_rows(snakemake.input.evidence)}
    curves = [curve for path in snakemake.input.curves for curve in read_curves(path)]
    write_csv(snakemake.output[0], calibration_rows(curves, evidence, laws))
