"""Score the attempts of an experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs import job

with job(snakemake):
    from losslaws.csv_table import write_csv
    from losslaws.forecasting.attempts import read_attempts
    from losslaws.forecasting.backtest import judge

    tested = judge(*read_attempts(snakemake.input.attempts))
    write_csv(snakemake.output.rows, tested.rows)
    write_csv(snakemake.output.summary, tested.summary)
