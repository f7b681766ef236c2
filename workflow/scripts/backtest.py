"""Score the attempts of an experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.forecasting.attempts import read_attempts
    from losslaws.forecasting.backtest import judge
    from losslaws.storage.csv_tables import write_csv

    tested = judge(*read_attempts(snakemake.input.attempts))
    write_csv(snakemake.output.rows, tested.rows)
    write_csv(snakemake.output.summary, tested.summary)
