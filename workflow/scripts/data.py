"""Draw the data of one task."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.core.registry import TASKS
    from losslaws.tasks.dataset import write_data

    name, fraction = snakemake.wildcards.task, snakemake.params.train_fraction
    write_data(snakemake.output[0], name, TASKS.load(name), snakemake.params.seeds, fraction)
