"""Forecast the curves of one part."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.analyses.forecast.compute import forecast_records
    from losslaws.curves.table import read_curves
    from losslaws.forecasting.attempts import read_attempts
    from losslaws.forecasting.backtest import judge
    from losslaws.storage.files import write_json

    tested = judge(*read_attempts(snakemake.input.attempts))
    curves = [curve for path in snakemake.input.curves for curve in read_curves(path)]
    write_json(snakemake.output[0], forecast_records(curves, tested, snakemake.params.forecast))
