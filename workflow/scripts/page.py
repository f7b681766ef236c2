"""Write the page of one experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from pathlib import Path

    from losslaws.analyses.universality.curve_details import MOST_CURVES
    from losslaws.config.experiment import Experiment
    from losslaws.core.registry import ANALYSES, LAWS
    from losslaws.fitting.fitted import read_runs
    from losslaws.study.page import write_page

    study = Experiment(**snakemake.params.study)
    laws = [LAWS.load(name) for name in study.fitting["laws"]]
    runs = read_runs(snakemake.input.curves, snakemake.input.fits, laws, most=MOST_CURVES)
    analyses = {name: ANALYSES.load(name) for name in study.analyses}
    write_page(Path(snakemake.output[0]).parent, study, analyses, runs, laws)
