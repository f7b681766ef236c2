"""Join the evidence of all parts of an experiment."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    from losslaws.analyses.evidence.tables import read_rows
    from losslaws.storage.csv_tables import write_csv
    from losslaws.storage.files import finite, write_json

    evidence, multiverse = read_rows(snakemake.input.evidence), read_rows(snakemake.input.multiverse)
    write_json(snakemake.output.summary, finite({"curves": evidence, "multiverse": multiverse}))
    write_csv(snakemake.output.evidence, evidence)
    write_csv(snakemake.output.multiverse, multiverse)
