"""Fit the curves of one part of an experiment under every reasonable analysis."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.analyses.evidence.multiverse import multiverse_rows
    from losslaws.analyses.evidence.tables import MULTIVERSE, write_rows
    from losslaws.core.registry import LAWS
    from losslaws.curves.table import read_curves

    fitting = snakemake.params.fitting
    laws = [LAWS.load(name) for name in fitting["laws"]]
    curves = [curve for path in snakemake.input.curves for curve in read_curves(path)]
    write_rows(snakemake.output[0], multiverse_rows(curves, laws, fitting["skip"]), MULTIVERSE, {"fitting": fitting})
