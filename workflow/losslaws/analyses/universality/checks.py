"""Has every curve its fits, and is ``results.json`` complete and consistent? One sentence per problem."""

import math
from collections.abc import Iterator
from pathlib import Path

from losslaws.analyses.universality.records import Results, RunRecord
from losslaws.config.experiment import Experiment
from losslaws.core.registry import LAWS
from losslaws.curves.table import read_curves
from losslaws.fitting.selection import SUPPORT_LEVELS
from losslaws.storage import files as storage
from losslaws.storage.records import read_record

TOLERANCE = 1e-6


def problems(folder: Path, experiment: Experiment) -> Iterator[str]:
    """Yield what is wrong with the fits and the result of an experiment."""
    for group in experiment.groups:
        damaged = storage.damage(folder / "fits" / f"{group}.parquet")
        yield from damaged
        if not damaged and not storage.damage(folder.parent / experiment.curve_table(group)):
            yield from _unmatched(folder, group, experiment)
    path = folder / "results.json"
    result = read_record(path, Results)
    yield from (f"{path}: {problem}" for problem in _inconsistencies(result, experiment))


def _unmatched(folder: Path, group: str, experiment: Experiment) -> Iterator[str]:
    laws = {LAWS.name(entry) for entry in experiment.fitting.laws}
    fitted: dict[str, set[str]] = {}
    for row in storage.read_table(folder / "fits" / f"{group}.parquet").select(["curve", "law"]).to_pylist():
        fitted.setdefault(row["curve"], set()).add(row["law"])
    names = {curve.name for curve in read_curves(folder.parent / experiment.curve_table(group))}
    for name in sorted(names | set(fitted)):
        if fitted.get(name, set()) != laws or name not in names:
            found = ", ".join(sorted(fitted.get(name, set()))) or "none"
            yield f"{folder}/fits/{group}.parquet: curve {name} has fits of {found}; expected {', '.join(sorted(laws))}"


def _inconsistencies(result: Results, experiment: Experiment) -> Iterator[str]:
    runs, wins, grid = result.runs, result.wins, experiment.grid
    if grid:
        tested = grid.training.train_fraction < 1 or grid.training.fresh_data
        expected = len(experiment.groups) * len(grid.seeds) * (2 if tested else 1)
        if len(runs) != expected:
            yield f"runs_summary has {len(runs)} runs; expected {expected}"
    for run in runs:
        yield from (f"run {run.curve} {problem}" for problem in _run_problems(run))
    winners = sum(1 for run in runs if run.best_law)
    if sum(wins.counts.values()) != winners:
        yield f"form_counts add up to {sum(wins.counts.values())}; {winners} runs have a best law"
    for name, counts in {"all": wins.support_counts, **wins.support_by_task}.items():
        total = sum(1 for run in runs if name in ("all", run.task))
        if set(counts) != set(SUPPORT_LEVELS) or sum(counts.values()) != total:
            yield f"support counts of {name} are {counts}; expected all four levels, adding up to {total}"
    for key, value in result.metadata.provenance.items():
        if value in (None, "") and (key != "seed" or grid):
            yield f"metadata.provenance.{key} is empty"


def _run_problems(run: RunRecord) -> Iterator[str]:
    converged = [fit for fit in run.fits if fit.converged]
    if len(converged) < 2 and run.curve.endswith("_test"):
        # A test loss may only rise, which no law that falls can follow.
        return
    if len(converged) < 2:
        yield f"has {len(converged)} converged fits; expected at least two ({_reasons(run)})"
        return
    numbers = [run.final_loss, *(value for fit in converged for value in (fit.rss, fit.aic, fit.bic))]
    numbers += [value for fit in converged for value in fit.params.values()]
    if not all(value is not None and math.isfinite(value) for value in numbers):
        yield "has a number that is missing or not finite"
        return
    first, second = converged[:2]
    delta = float(second.aic or 0.0) - float(first.aic or 0.0)
    if delta < 0 or abs(delta - run.support.delta_aic) > TOLERANCE:
        yield f"states ΔAIC {run.support.delta_aic}; its two best fits differ by {delta}"
    if run.best_law != first.law:
        yield f"states best law {run.best_law}; its lowest AIC is that of {first.law}"


def _reasons(run: RunRecord) -> str:
    return ", ".join(f"{fit.law}: {fit.status}" for fit in run.fits if not fit.converged)
