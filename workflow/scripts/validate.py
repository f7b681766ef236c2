"""Check finished experiments; exit with status 1 and a line per problem if something is wrong."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    import logging
    from pathlib import Path

    from losslaws.plan.params import restored_experiment
    from losslaws.study.validation import overview, problems

    studies = [
        (Path("results") / params["name"], restored_experiment(params)) for params in snakemake.params.experiments
    ]
    products = snakemake.params.products
    found = [line for folder, study in studies for line in problems(folder, study, products[study.name])]
    if found:
        logging.error("\n".join([*found, f"Problems found: {len(found)} (log: {snakemake.log[0]})"]))
        sys.exit(1)
    print("\n".join(overview(folder, study) for folder, study in studies))
