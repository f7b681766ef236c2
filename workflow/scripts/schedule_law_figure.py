"""Draw measured and predicted losses of every run under the law with the lowest objective."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.plotting.draw import draw
    from losslaws.storage.files import read_json

    laws = read_json(snakemake.input.found)["laws"]
    draw("schedule_law", snakemake.output, min(laws, key=lambda entry: entry["objective"])["curves"])
