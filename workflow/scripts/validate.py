"""Check finished experiments; exit with status 1 and a line per problem if something is wrong."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    import logging
    from pathlib import Path

    from losslaws.config.experiment import Experiment
    from losslaws.study.validation import damaged, overview, problems

    studies = [(Path("results") / study["name"], Experiment(**study)) for study in snakemake.params.studies]
    found = []
    for folder, study in studies:
        products = snakemake.params.products[study.name]
        found += [*damaged(folder, products), *problems(folder, study, products)]
    if found:
        logging.error("\n".join([*found, f"Problems found: {len(found)} (log: {snakemake.log[0]})"]))
        sys.exit(1)
    print("\n".join(overview(folder, study) for folder, study in studies))
