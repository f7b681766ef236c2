"""Write the page of one experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs import job

with job(snakemake):
    from pathlib import Path

    from losslaws.experiment import Experiment
    from losslaws.page.build import write_page
    from losslaws.page.curve_details import MOST_CURVES
    from losslaws.registry import ANALYSES, LAWS
    from losslaws.runs import read_runs

    study = Experiment(**snakemake.params.study)
    laws = [LAWS.load(name) for name in study.fitting["laws"]]
    runs = read_runs(snakemake.input.curves, snakemake.input.fits, laws, most=MOST_CURVES)
    analyses = {name: ANALYSES.load(name) for name in study.analyses}
    write_page(Path(snakemake.output[0]).parent, study, analyses, runs, laws)
