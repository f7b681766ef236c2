"""Import recorded curves, or one chunk of them."""

import os
import sys

sys.path.insert(0, os.path.dirname(snakemake.scriptdir))

from losslaws.jobs.job import job

with job(snakemake):
    import logging
    from dataclasses import asdict

    from losslaws.config.changed import restored
    from losslaws.config.sources import Import
    from losslaws.curves.table import write_curves
    from losslaws.importing.source import import_curves
    from losslaws.storage.files import write_json

    entry, chunk = restored(Import, snakemake.params.source), snakemake.params.chunk
    imported = import_curves(entry, chunk)
    for note in imported.notes:
        logging.info("%s: %s", snakemake.wildcards.group, note)
    write_curves(snakemake.output.curves, imported.curves, {"import": asdict(entry), "chunk": chunk})
    write_json(snakemake.output.notes, imported.summary(entry.name))
