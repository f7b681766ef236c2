"""Write the page that shows experiments side by side."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from pathlib import Path

    from losslaws.study.compare import write_comparison

    folders = [Path(snakemake.output[0]).parent / name for name in snakemake.params.experiments]
    write_comparison(Path(snakemake.output[0]), folders)
