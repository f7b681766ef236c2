"""Train one task at one width."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.core.registry import TASKS
    from losslaws.curves.table import write_curves
    from losslaws.training.group import train_group

    name, width, settings = snakemake.wildcards.task, int(snakemake.wildcards.width), snakemake.params.training
    curves = train_group(snakemake.input.data, name, TASKS.load(name), width, snakemake.params.seeds, settings)
    write_curves(snakemake.output[0], curves, {"task": name, "width": width, "training": settings})
