"""Who wins: the machine-readable result of an experiment, whole and in short, and the tables.

Keys and columns are the words of the original study: `form` for a law, `hidden_size` for a width.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from losslaws.analyses.universality import counts as aggregates
from losslaws.analyses.work import Work
from losslaws.config.fitting import Fitting
from losslaws.config.sources import Grid
from losslaws.fitting.fitted import FittedCurve, FittedLaw, read_fitted
from losslaws.jobs.software import elapsed_seconds, software
from losslaws.laws.law import Law
from losslaws.storage import files as storage
from losslaws.storage.csv_tables import write_csv

Json = dict[str, Any]

MOST_CURVES = 1000
"""Curves in ``full_curves.json``, and in figures; all are in the tables."""

MOST_LISTED = 2000
"""Runs in ``summary.json``; reports are made of it, so that their memory does not grow with the number of curves."""

SHORT = (
    "form_counts",
    "majority_form",
    "majority_fraction",
    "majority_interval",
    "best_form_by_task",
    "support_counts",
    "support_by_task",
    "bic_changes",
)
"""What ``summary.json`` has of ``universality``: not what is there once for every curve."""


def find_winners(work: Work[None]) -> None:
    """Write who wins which run of an experiment."""
    runs = read_fitted(work.inputs["curves"], work.inputs["fits"], work.laws, whole=MOST_CURVES)
    folder = work.output("results").parent
    write_results(folder, metadata(work.experiment, work.grid, work.fitting, runs), runs, work.laws)


def write_results(folder: Path, described: Json, runs: Sequence[FittedCurve], laws: Sequence[Law]) -> None:
    """Write ``results.json``, ``full_curves.json``, ``summary.json`` and ``tables/*.csv`` into `folder`."""
    universality = aggregates.universality(runs, laws)
    described = described | {"elapsed_seconds": elapsed_seconds(folder / "benchmarks")}
    storage.write_json_lines(
        folder / "results.json",
        {
            "metadata": described,
            "runs_summary": (run_summary(run) for run in runs),
            "universality": universality,
        },
    )
    storage.write_json_lines(folder / "full_curves.json", (full_curve(run) for run in runs[:MOST_CURVES]))
    exponents = [{"form": law.name, "parameter": law.exponent, **_spread(runs, law)} for law in laws]
    storage.write_json(folder / "summary.json", summary(described, runs, universality) | {"exponents": exponents})
    write_csv(folder / "tables" / "runs.csv", [run_row(run) for run in runs])
    rows = (fit_row(run, fit) for run in runs for fit in run.fits)
    write_csv(folder / "tables" / "fits.csv", rows, fit_columns(laws))
    write_csv(folder / "tables" / "exponents.csv", exponents)


def summary(described: Json, runs: Sequence[FittedCurve], universality: Json) -> Json:
    """Return what reports are made of: counts over all runs, and the first runs as in ``results.json``.

    Parameters
    ----------
    described : dict
        ``metadata`` of ``results.json``, without what differs between equal studies.
    runs : sequence of FittedCurve
        All runs.
    universality : dict
        As in ``results.json``.
    """
    return {
        "metadata": {key: described[key] for key in described if key not in ("elapsed_seconds", "provenance")},
        "runs_summary": [run_summary(run) for run in runs[:MOST_LISTED]],
        "universality": {key: universality[key] for key in SHORT},
        "winners": aggregates.winners(runs),
        "held": aggregates.held(runs),
        "statuses": aggregates.statuses(runs),
    }


def metadata(experiment: str, grid: Grid | None, fitting: Fitting, runs: Sequence[FittedCurve]) -> Json:
    """Describe what was run and with which software."""
    seed = grid.seeds[0] if grid else None
    return {
        "experiment": experiment,
        "tasks": list(dict.fromkeys(run.task for run in runs)),
        "hidden_sizes": list(dict.fromkeys(run.width for run in runs if run.width is not None)),
        "n_epochs": grid.training.epochs if grid else None,
        "skip_epochs": fitting.skip,
        "seed": seed,
        "seeds": list(grid.seeds) if grid else [],
        "total_runs": len(grid.tasks) * len(grid.widths) if grid else len(runs),
        "n_curves": len(runs),
        "elapsed_seconds": 0.0,
        "provenance": {"seed": seed, **software()},
    }


def run_summary(run: FittedCurve) -> Json:
    """Describe one curve: what was trained, how it ended, which laws were fitted."""
    return {
        "curve": run.curve.name,
        "task": run.task,
        "hidden_size": run.width,
        "seed": run.curve.attributes.get("seed"),
        "n_params": run.curve.attributes.get("n_params"),
        "final_loss": final_loss(run),
        "best_form": run.support.best,
        "fit_support": {
            "best_form": run.support.best,
            "second_form": run.support.second,
            "delta_aic": run.support.delta_aic,
            "support_level": run.support.level,
            "n_converged": run.support.n_converged,
        },
        "fits": [form_fit(fit) for fit in run.fits],
    }


def final_loss(run: FittedCurve) -> float | None:
    """Return the last recorded loss; None where it is not finite."""
    last = float(run.curve.loss[-1])
    return last if abs(last) < float("inf") else None


def form_fit(fit: FittedLaw) -> Json:
    """Describe one law on one curve."""
    return {
        "form": fit.law,
        "params": fit.params,
        "param_names": list(fit.params),
        "errors": fit.errors,
        "at_bound": fit.at_bound,
        "status": fit.status,
        "rss": fit.rss,
        "r2": fit.r2,
        "aic": fit.aic,
        "aicc": fit.aicc,
        "bic": fit.bic,
        "converged": fit.converged,
    }


def full_curve(run: FittedCurve) -> Json:
    """Return one curve point by point, losses that are not finite as null, with its fits."""
    return {
        "task": run.task,
        "hidden_size": run.width,
        "seed": run.curve.attributes.get("seed"),
        "epochs": [int(t) if t.is_integer() else t for t in run.curve.t.tolist()],
        "losses": [loss if abs(loss) < float("inf") else None for loss in run.curve.loss.tolist()],
        "fits": [form_fit(fit) for fit in run.fits],
    }


def run_row(run: FittedCurve) -> Json:
    """Return the row of ``tables/runs.csv`` for one curve."""
    best = run.fits[0] if run.support.best else None
    return {
        "curve": run.curve.name,
        **dict(run.curve.attributes),
        "final_loss": float(run.curve.loss[-1]),
        "best_form": run.support.best,
        "second_form": run.support.second,
        "delta_aic": run.support.delta_aic,
        "support_level": run.support.level,
        "aic": best and best.aic,
        "bic": best and best.bic,
        "best_by_bic": run.best_by("bic"),
        "at_bound": " ".join(best.at_bound) if best else "",
        "n_converged": run.support.n_converged,
    }


CRITERIA = ("n", "k", "rss", "r2", "aic", "aicc", "bic")


def fit_columns(laws: Sequence[Law]) -> list[str]:
    """Return the columns of ``tables/fits.csv``."""
    names = list(dict.fromkeys(name for law in laws for name in law.parameters))
    return ["curve", "form", "status", *names, *(f"{name}_error" for name in names), "at_bound", *CRITERIA]


def fit_row(run: FittedCurve, fit: FittedLaw) -> Json:
    """Return the row of ``tables/fits.csv`` for one law on one curve."""
    return {
        "curve": run.curve.name,
        "form": fit.law,
        "status": fit.status,
        **fit.params,
        **{f"{name}_error": error for name, error in fit.errors.items()},
        "at_bound": " ".join(fit.at_bound),
        **{key: getattr(fit, key) for key in CRITERIA},
    }


def _spread(runs: Sequence[FittedCurve], law: Law) -> Json:
    values = aggregates.exponents(runs, law)
    return {"n": len(values), **aggregates.spread(values)}
