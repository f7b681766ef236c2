"""Write the report of one experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from pathlib import Path

    from losslaws.analyses.section import reported
    from losslaws.plan.params import restored_experiment
    from losslaws.study.text import write_report

    experiment = restored_experiment(snakemake.params.experiment)
    write_report(Path(snakemake.output[0]).parent, experiment, reported(experiment))
