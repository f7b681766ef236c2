"""Write the page of one experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from pathlib import Path

    from losslaws.analyses.section import reported
    from losslaws.plan.params import restored_experiment
    from losslaws.study.page import write_page

    experiment = restored_experiment(snakemake.params.experiment)
    write_page(Path(snakemake.output[0]).parent, experiment, reported(experiment))
