"""Aggregate the fits of one experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from pathlib import Path

    from losslaws.analyses.universality.compute import MOST_CURVES, write_results
    from losslaws.config.experiment import Experiment
    from losslaws.core.registry import LAWS
    from losslaws.fitting.fitted import read_runs

    study = Experiment(**snakemake.params.study)
    laws = [LAWS.load(name) for name in study.fitting["laws"]]
    runs = read_runs(snakemake.input.curves, snakemake.input.fits, laws, whole=MOST_CURVES)
    write_results(Path(snakemake.output[0]).parent, study, runs, laws)
