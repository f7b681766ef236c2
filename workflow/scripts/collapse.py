"""Compare the curves of all sizes of one experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs import job

with job(snakemake):
    from losslaws import storage
    from losslaws.collapse.summary import summarise_ladders
    from losslaws.curves import read_curves

    curves = [curve for path in snakemake.input.curves for curve in read_curves(path)]
    storage.write_json(snakemake.output[0], summarise_ladders(curves, snakemake.params.collapse))
