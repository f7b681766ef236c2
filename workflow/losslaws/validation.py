"""Is a finished study complete and consistent? One line per problem."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from losslaws import storage
from losslaws.config import Experiment
from losslaws.curves import read_curves
from losslaws.errors import LosslawsError
from losslaws.registry import LAWS
from losslaws.selection import SUPPORT_LEVELS

FIGURES = ("loss_curves_with_fits", "aic_comparison", "exponent_distributions")
TOLERANCE = 1e-6


def problems(folder: Path, experiment: Experiment) -> list[str]:
    """Return what is wrong with the results in `folder`, one sentence each; an empty list for a sound study."""
    found: list[str] = []
    for check in (_intermediate_files, _products, _results):
        try:
            found.extend(check(folder, experiment))
        except LosslawsError as error:
            found.append(str(error))
    return found


def overview(folder: Path, experiment: Experiment) -> str:
    """Say in one line what a sound study holds."""
    curves = sum(len(read_curves(folder / "curves" / f"{group}.parquet")) for group in experiment.groups)
    fits = curves * len(experiment.fitting["laws"])
    return f"{folder}: {len(experiment.groups)} groups, {curves} curves, {fits} fits, complete and consistent"


def _intermediate_files(folder: Path, experiment: Experiment) -> Iterator[str]:
    """Read every table, which verifies its checksums, and match curves with fits."""
    for task in experiment.tasks:
        yield from _unreadable(folder / "data" / f"{task}.parquet")
    for group in experiment.groups:
        damaged = list(_unreadable(folder / "curves" / f"{group}.parquet"))
        damaged += _unreadable(folder / "fits" / f"{group}.parquet")
        yield from damaged
        if not damaged:
            yield from _unmatched(folder, group, experiment)


def _unreadable(path: Path) -> Iterator[str]:
    try:
        storage.read_table(path)
    except LosslawsError as error:
        yield str(error)


def _unmatched(folder: Path, group: str, experiment: Experiment) -> Iterator[str]:
    laws = {LAWS.name(entry) for entry in experiment.fitting["laws"]}
    fitted: dict[str, set[str]] = {}
    for row in storage.read_table(folder / "fits" / f"{group}.parquet").select(["curve", "law"]).to_pylist():
        fitted.setdefault(row["curve"], set()).add(row["law"])
    names = {curve.name for curve in read_curves(folder / "curves" / f"{group}.parquet")}
    for name in sorted(names | set(fitted)):
        if fitted.get(name, set()) != laws or name not in names:
            found = ", ".join(sorted(fitted.get(name, set()))) or "none"
            yield f"{folder}/fits/{group}.parquet: curve {name} has fits of {found}; expected {', '.join(sorted(laws))}"


def _products(folder: Path, _: Experiment) -> Iterator[str]:
    names = [
        "full_curves.json",
        "report.txt",
        *(f"figures/{name}.{kind}" for name in FIGURES for kind in ("png", "svg")),
    ]
    for name in names:
        path = folder / name
        if not path.is_file() or not path.stat().st_size:
            yield f"{path} is missing or empty: run snakemake to build it"


def _results(folder: Path, experiment: Experiment) -> Iterator[str]:
    path = folder / "results.json"
    result = storage.read_json(path)
    try:
        yield from (f"{path}: {problem}" for problem in _inconsistencies(result, experiment))
    except (KeyError, TypeError, AttributeError) as error:
        yield f"{path} lacks or mistypes {error}: delete this file and run snakemake again to rebuild it"


def _inconsistencies(result: dict[str, Any], experiment: Experiment) -> Iterator[str]:
    runs, summary, metadata = result["runs_summary"], result["universality"], result["metadata"]
    expected = len(experiment.groups) * len(experiment.seeds)
    if len(runs) != expected:
        yield f"runs_summary has {len(runs)} runs; expected {expected}"
    for run in runs:
        yield from (f"run {run['curve']} {problem}" for problem in _run_problems(run))
    winners = sum(1 for run in runs if run["best_form"])
    if sum(summary["form_counts"].values()) != winners:
        yield f"form_counts add up to {sum(summary['form_counts'].values())}; {winners} runs have a best law"
    for name, counts in {"all": summary["support_counts"], **summary["support_by_task"]}.items():
        total = sum(1 for run in runs if name in ("all", run["task"]))
        if set(counts) != set(SUPPORT_LEVELS) or sum(counts.values()) != total:
            yield f"support counts of {name} are {counts}; expected all four levels, adding up to {total}"
    for key, value in metadata["provenance"].items():
        if value in (None, ""):
            yield f"metadata.provenance.{key} is empty"


def _run_problems(run: dict[str, Any]) -> Iterator[str]:
    converged = [fit for fit in run["fits"] if fit["converged"]]
    if len(converged) < 2:
        yield f"has {len(converged)} converged fits; expected at least two ({_reasons(run)})"
        return
    numbers = [run["final_loss"], *(fit[key] for fit in converged for key in ("rss", "aic", "bic"))]
    numbers += [value for fit in converged for value in fit["params"].values()]
    if not all(isinstance(value, int | float) and math.isfinite(value) for value in numbers):
        yield "has a number that is missing or not finite"
        return
    delta = converged[1]["aic"] - converged[0]["aic"]
    if delta < 0 or abs(delta - run["fit_support"]["delta_aic"]) > TOLERANCE:
        yield f"states ΔAIC {run['fit_support']['delta_aic']}; its two best fits differ by {delta}"
    if run["best_form"] != converged[0]["form"]:
        yield f"states best law {run['best_form']}; its lowest AIC is that of {converged[0]['form']}"


def _reasons(run: dict[str, Any]) -> str:
    return ", ".join(f"{fit['form']}: {fit['status']}" for fit in run["fits"] if not fit["converged"])
