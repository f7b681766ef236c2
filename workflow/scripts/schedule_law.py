"""Fit laws of schedules to the curves of one experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.analyses.schedule_law.compute import score_rows, study
    from losslaws.curves.table import read_curves
    from losslaws.storage import files as storage
    from losslaws.storage.csv_tables import write_csv

    curves = [curve for path in snakemake.input.curves for curve in read_curves(path)]
    found = study(curves, snakemake.params.schedule_law)
    storage.write_json(snakemake.output.found, found)
    write_csv(snakemake.output.scores, score_rows(found))
    write_csv(snakemake.output.schedule, found["design"].get("table", []))
