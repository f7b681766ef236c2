"""The machine-readable result of an experiment: JSON, whole and in short, and the tables."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from losslaws.analyses.universality import counts as aggregates
from losslaws.config.experiment import Experiment
from losslaws.fitting.fitted import FormFit, Run
from losslaws.jobs.software import elapsed_seconds, software
from losslaws.laws.law import Law
from losslaws.storage import files as storage
from losslaws.storage.csv_tables import write_csv

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


def write_results(folder: Path, experiment: Experiment, runs: Sequence[Run], laws: Sequence[Law]) -> None:
    """Write ``results.json``, ``full_curves.json``, ``summary.json`` and ``tables/*.csv`` into `folder`."""
    universality = aggregates.universality(runs, laws)
    described = metadata(experiment, runs, elapsed_seconds(folder / "benchmarks"))
    storage.write_json_lines(
        folder / "results.json",
        {
            "metadata": described,
            "runs_summary": (run_summary(run) for run in runs),
            "universality": universality,
        },
    )
    storage.write_json_lines(folder / "full_curves.json", (full_curve(run) for run in runs[:MOST_CURVES]))
    storage.write_json(folder / "summary.json", summary(described, runs, universality))
    write_csv(folder / "tables" / "runs.csv", [run_row(run) for run in runs])
    rows = (fit_row(run, fit) for run in runs for fit in run.fits)
    write_csv(folder / "tables" / "fits.csv", rows, fit_columns(laws))
    write_csv(
        folder / "tables" / "exponents.csv",
        [{"form": law.name, "parameter": law.exponent, **_spread(runs, law)} for law in laws],
    )


def summary(described: dict[str, Any], runs: Sequence[Run], universality: dict[str, Any]) -> dict[str, Any]:
    """Return what reports are made of: counts over all runs, and the first runs as in ``results.json``.

    Parameters
    ----------
    described : dict
        ``metadata`` of ``results.json``, without what differs between equal studies.
    runs : sequence of Run
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


def metadata(experiment: Experiment, runs: Sequence[Run], elapsed: float) -> dict[str, Any]:
    """Describe what was run and with which software."""
    trained = experiment.source == "training"
    seed = experiment.seeds[0] if trained else None
    return {
        "experiment": experiment.name,
        "tasks": list(dict.fromkeys(run.task for run in runs)),
        "hidden_sizes": list(dict.fromkeys(run.width for run in runs if run.width is not None)),
        "n_epochs": experiment.training["epochs"] if trained else None,
        "skip_epochs": experiment.fitting["skip"],
        "seed": seed,
        "seeds": experiment.seeds,
        "total_runs": len(experiment.groups) if trained else len(runs),
        "n_curves": len(runs),
        "elapsed_seconds": elapsed,
        "provenance": {"seed": seed, **software()},
    }


def run_summary(run: Run) -> dict[str, Any]:
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


def final_loss(run: Run) -> float | None:
    """Return the last recorded loss; None where it is not finite."""
    last = float(run.curve.loss[-1])
    return last if abs(last) < float("inf") else None


def form_fit(fit: FormFit) -> dict[str, Any]:
    """Describe one law on one curve."""
    return {
        "form": fit.form,
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


def full_curve(run: Run) -> dict[str, Any]:
    """Return one curve point by point, losses that are not finite as null, with its fits."""
    return {
        "task": run.task,
        "hidden_size": run.width,
        "seed": run.curve.attributes.get("seed"),
        "epochs": [int(t) if t.is_integer() else t for t in run.curve.t.tolist()],
        "losses": [loss if abs(loss) < float("inf") else None for loss in run.curve.loss.tolist()],
        "fits": [form_fit(fit) for fit in run.fits],
    }


def run_row(run: Run) -> dict[str, Any]:
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


def fit_row(run: Run, fit: FormFit) -> dict[str, Any]:
    """Return the row of ``tables/fits.csv`` for one law on one curve."""
    return {
        "curve": run.curve.name,
        "form": fit.form,
        "status": fit.status,
        **fit.params,
        **{f"{name}_error": error for name, error in fit.errors.items()},
        "at_bound": " ".join(fit.at_bound),
        **{key: getattr(fit, key) for key in CRITERIA},
    }


def _spread(runs: Sequence[Run], law: Law) -> dict[str, Any]:
    values = aggregates.exponents(runs, law)
    return {"n": len(values), **aggregates.spread(values)}
