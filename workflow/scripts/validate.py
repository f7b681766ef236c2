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

    experiments = [restored_experiment(params) for params in snakemake.params.experiments]
    studies = [(Path("results") / experiment.name, experiment) for experiment in experiments]
    found = [
        problem
        for folder, experiment in studies
        for problem in problems(folder, experiment, snakemake.params.products[experiment.name])
    ]
    if found:
        logging.error("\n".join([*found, f"Problems found: {len(found)} (log: {snakemake.log[0]})"]))
        sys.exit(1)
    print("\n".join(overview(folder, experiment) for folder, experiment in studies))
