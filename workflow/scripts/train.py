"""Train one task at one width."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from dataclasses import asdict

    from losslaws.config.changed import restored
    from losslaws.config.training import Training
    from losslaws.core.registry import TASKS
    from losslaws.curves.table import write_curves
    from losslaws.training.group import train_group

    name, width, params = snakemake.wildcards.task, int(snakemake.wildcards.width), snakemake.params
    training = restored(Training, params.training)
    curves = train_group(snakemake.input.data, name, TASKS.load(name), width, params.seeds, training)
    write_curves(snakemake.output[0], curves, {"task": name, "width": width, "training": asdict(training)})
