"""Join the forecasts of an experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.analyses.forecast.compute import forecast_row
    from losslaws.storage.csv_tables import write_csv
    from losslaws.storage.files import read_json, write_json_lines

    records = [record for path in snakemake.input.forecasts for record in read_json(path)]
    write_json_lines(snakemake.output.whole, records)
    write_csv(snakemake.output.table, [forecast_row(record) for record in records])
