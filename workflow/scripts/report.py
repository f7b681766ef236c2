"""Write the report of one experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from pathlib import Path

    from losslaws.config.experiment import Experiment
    from losslaws.core.registry import ANALYSES
    from losslaws.study.text import write_report

    study = Experiment(**snakemake.params.study)
    write_report(Path(snakemake.output[0]).parent, study, [ANALYSES.load(name) for name in study.analyses])
