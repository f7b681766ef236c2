"""Draw the schedule that a law chooses, and what it promises."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.plotting.draw import draw
    from losslaws.storage.files import read_json

    draw("schedule_design", snakemake.output, read_json(snakemake.input.found)["design"])
