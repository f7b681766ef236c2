"""Judge the curves of one part of an experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.analyses.evidence.compute import evidence_rows
    from losslaws.analyses.evidence.tables import EVIDENCE, write_rows
    from losslaws.core.registry import LAWS
    from losslaws.curves.table import read_curves

    fitting, settings = snakemake.params.fitting, snakemake.params.evidence
    laws = [LAWS.load(name) for name in fitting["laws"]]
    curves = [curve for path in snakemake.input.curves for curve in read_curves(path)]
    rows = evidence_rows(curves, laws, fitting["skip"], fitting["bounds"], **settings)
    write_rows(snakemake.output[0], rows, EVIDENCE, {"fitting": fitting, "evidence": settings})
