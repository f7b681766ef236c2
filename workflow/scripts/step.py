"""Run one step of an analysis."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.analyses.work import make_work, run_step

    params = snakemake.params
    inputs, outputs = dict(snakemake.input.items()), dict(snakemake.output.items())
    about = (snakemake.wildcards.experiment, params.analysis, params.settings_read, params.changed)
    work = make_work(*about, inputs, outputs)
    run_step(params.analysis, params.run, work)
