"""Judge the curves of one part of an experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs import job

with job(snakemake):
    from losslaws.curves import read_curves
    from losslaws.evidence.curve_evidence import evidence_rows
    from losslaws.evidence.tables import EVIDENCE, write_rows
    from losslaws.registry import LAWS

    fitting, settings = snakemake.params.fitting, snakemake.params.evidence
    laws = [LAWS.load(name) for name in fitting["laws"]]
    curves = [curve for path in snakemake.input.curves for curve in read_curves(path)]
    rows = evidence_rows(curves, laws, fitting["skip"], fitting["bounds"], **settings)
    write_rows(snakemake.output[0], rows, EVIDENCE, {"fitting": fitting, "evidence": settings})
