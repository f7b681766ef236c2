"""Is a finished study complete and consistent? One line per problem."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from losslaws.analyses.section import reported
from losslaws.config.experiment import Experiment
from losslaws.core.errors import LosslawsError
from losslaws.curves.table import read_curves
from losslaws.jobs.record import read_record, record_files, sha256
from losslaws.storage import files as storage


def problems(folder: Path, experiment: Experiment, products: Sequence[str]) -> list[str]:
    """Return what is wrong with the results in `folder`, one sentence each; an empty list for a sound study.

    Parameters
    ----------
    folder : path
        ``results/{experiment}``.
    experiment : Experiment
        What should be there. Its analyses know their own files.
    products : sequence of str
        The files that the experiment ends in.
    """
    return [*damaged(folder, products), *inconsistencies(folder, experiment, products)]


def inconsistencies(folder: Path, experiment: Experiment, products: Sequence[str]) -> list[str]:
    """Return what :func:`problems` does but for files that are not as their job left them."""
    found: list[str] = []
    for check in (_tables, *(entry.section.problems for entry in reported(experiment))):
        try:
            found.extend(check(folder, experiment))
        except LosslawsError as error:
            found.append(str(error))
    return found + list(_absent(products))


def damaged(folder: Path, products: Sequence[str]) -> Iterator[str]:
    """Yield a sentence for each file that has changed since its job wrote it, or has no record of its job.

    Looked at are the products and whatever they were made of, as their records say, in `folder`.
    """
    records: dict[str, dict[str, Any]] = {}
    for path in record_files(folder):
        try:
            record = read_record(path)
        except LosslawsError as error:
            yield str(error)
        else:
            records |= dict.fromkeys(record["outputs"], record)
    waiting, seen = list(products), set()
    while waiting:
        name = waiting.pop()
        if name in seen or not Path(name).is_file() or not Path(name).is_relative_to(folder):
            continue
        seen.add(name)
        record = records.get(name, {})
        if not record:
            yield f"{name} has no record of how it was made: delete this file and run snakemake again to make both"
            continue
        if sha256([Path(name)]) != record["outputs"][name]:
            yield f"{name} has changed since it was written: delete this file and run snakemake again to rebuild it"
        waiting += [*record["inputs"], *record["outputs"]]


def overview(folder: Path, experiment: Experiment) -> str:
    """Say in one line what a sound study holds."""
    curves = sum(len(read_curves(folder.parent / experiment.curve_table(group))) for group in experiment.groups)
    return f"{folder}: {len(experiment.groups)} tables with {curves} curves, complete and consistent"


def _tables(folder: Path, experiment: Experiment) -> Iterator[str]:
    """Read every table of data and curves, which verifies its checksums."""
    tasks = experiment.grid.tasks if experiment.grid else ()
    paths = [folder / "data" / f"{task}.parquet" for task in tasks]
    paths += [folder.parent / experiment.curve_table(group) for group in experiment.groups]
    for path in paths:
        yield from storage.damage(path)


def _absent(products: Sequence[str]) -> Iterator[str]:
    for name in products:
        path = Path(name)
        if not path.is_file() or not path.stat().st_size:
            yield f"{path} is missing or empty: run snakemake to build it"
