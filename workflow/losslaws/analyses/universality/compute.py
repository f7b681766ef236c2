"""Which law wins: the machine-readable result of an experiment, whole and in short, and the tables.

Keys and columns are the words of the original study: `form` for a law, `hidden_size` for a width.
"""

from collections.abc import Sequence
from pathlib import Path

from msgspec import to_builtins

from losslaws.analyses.universality.counts import (
    cell_wins,
    count_wins,
    estimates,
    exponent_spread,
    on_bound,
    runs_by_task,
    statuses,
)
from losslaws.analyses.universality.records import Described, LawRecord, RunRecord, Summary, SupportRecord, Wins
from losslaws.analyses.work import Work
from losslaws.config.fitting import Fitting
from losslaws.config.sources import Grid
from losslaws.fitting.fitted import FittedCurve, FittedLaw, read_fitted
from losslaws.jobs.software import elapsed_seconds, software
from losslaws.laws.law import Law
from losslaws.storage import files as storage
from losslaws.storage.csv_tables import write_csv

Json = dict[str, object]

MAX_CURVES = 1000
"""Curves in ``full_curves.json``; all are in the tables."""

MAX_LISTED = 2000
"""Curves in ``summary.json``; reports are made of it, so that their memory does not grow with the number of curves."""

CRITERIA = ("n", "k", "rss", "r2", "aic", "aicc", "bic")


def find_winners(work: Work[None]) -> None:
    """Write which law wins each curve of an experiment."""
    runs = read_fitted(work.inputs["curves"], work.inputs["fits"], work.laws, whole=MAX_CURVES)
    described = describe(work.experiment, work.grid, work.fitting, runs)
    write_results(work.output("results").parent, described, runs, work.laws)


def write_results(folder: Path, described: Described, runs: Sequence[FittedCurve], laws: Sequence[Law]) -> None:
    """Write ``results.json``, ``full_curves.json``, ``summary.json`` and ``tables/*.csv`` into `folder`."""
    found = summary(described, runs, laws)
    seconds = elapsed_seconds(folder / "benchmarks")
    storage.write_json_lines(
        folder / "results.json",
        {
            "metadata": metadata(described, seconds),
            "runs_summary": (to_builtins(run_record(run)) for run in runs),
            "universality": universality(found.wins, runs, laws),
        },
    )
    storage.write_json_lines(folder / "full_curves.json", (full_curve(run) for run in runs[:MAX_CURVES]))
    storage.write_json(folder / "summary.json", to_builtins(found))
    write_csv(folder / "tables" / "runs.csv", [run_row(run) for run in runs])
    rows = (fit_row(run, fit) for run in runs for fit in run.fits)
    write_csv(folder / "tables" / "fits.csv", rows, fit_columns(laws))
    write_csv(folder / "tables" / "exponents.csv", map(to_builtins, found.exponents))


def summary(described: Described, runs: Sequence[FittedCurve], laws: Sequence[Law]) -> Summary:
    """Return what reports are made of: counts over all curves, and the first curves as in ``results.json``."""
    return Summary(
        metadata=described,
        runs=tuple(run_record(run) for run in runs[:MAX_LISTED]),
        wins=count_wins(runs, laws),
        winners=cell_wins(runs),
        on_bound=on_bound(runs),
        statuses=statuses(runs),
        exponents=tuple(exponent_spread(runs, law) for law in laws),
        formulas={law.name: law.formula for law in laws},
    )


def describe(experiment: str, grid: Grid | None, fitting: Fitting, runs: Sequence[FittedCurve]) -> Described:
    """Describe what was run."""
    return Described(
        experiment=experiment,
        tasks=tuple(runs_by_task(runs)),
        widths=tuple(dict.fromkeys(run.width for run in runs if run.width is not None)),
        n_epochs=grid.training.epochs if grid else None,
        skip=fitting.skip,
        seed=grid.seeds[0] if grid else None,
        seeds=tuple(grid.seeds) if grid else (),
        total_runs=len(grid.tasks) * len(grid.widths) if grid else len(runs),
        n_curves=len(runs),
    )


def metadata(described: Described, seconds: float) -> Json:
    """Return what ``results.json`` says of a study: what was run, how long it took, and with which software."""
    provenance = {"seed": described.seed, **software()}
    return {**to_builtins(described), "elapsed_seconds": seconds, "provenance": provenance}


def run_record(run: FittedCurve) -> RunRecord:
    """Describe one curve: what was trained, how it ended, which laws were fitted."""
    found, attributes = run.support, run.curve.attributes
    return RunRecord(
        curve=run.curve.name,
        task=run.task,
        width=run.width,
        seed=attributes.get("seed"),  # type: ignore[arg-type]
        n_params=attributes.get("n_params"),  # type: ignore[arg-type]
        final_loss=final_loss(run),
        best_law=found.best,
        support=SupportRecord(found.best, found.second, found.delta_aic, found.level, found.n_converged),
        fits=tuple(map(law_record, run.fits)),
    )


def final_loss(run: FittedCurve) -> float | None:
    """Return the last recorded loss; None where it is not finite."""
    last = float(run.curve.loss[-1])
    return last if abs(last) < float("inf") else None


def law_record(fit: FittedLaw) -> LawRecord:
    """Describe one law on one curve."""
    return LawRecord(
        law=fit.name,
        params=fit.params,
        param_names=tuple(fit.params),
        errors=fit.errors,
        at_bound=fit.at_bound,
        status=fit.status,
        rss=fit.rss,
        r2=fit.r2,
        aic=fit.aic,
        aicc=fit.aicc,
        bic=fit.bic,
        converged=fit.converged,
    )


def universality(wins: Wins, runs: Sequence[FittedCurve], laws: Sequence[Law]) -> Json:
    """Return ``universality`` of ``results.json``: the counts, and what there is of every curve."""
    counted = to_builtins(wins)
    changes = counted.pop("bic_changes")
    by_task = runs_by_task(runs).items()
    return {
        **counted,
        "run_support": [run_support(run) for run in runs],
        "exponents_by_task": {
            task: {law.name: estimates(members, law, law.exponent) for law in laws} for task, members in by_task
        },
        "exponents_by_form": {
            law.name: {shape.name: estimates(runs, law, shape.name) for shape in law.shapes} for law in laws
        },
        "bic_changes": changes,
    }


def run_support(run: FittedCurve) -> Json:
    """Describe the support of one curve by its task, width and best two laws."""
    return {
        "task": run.task,
        "hidden_size": run.width,
        "best_form": run.support.best,
        "second_form": run.support.second,
        "delta_aic": run.support.delta_aic,
        "support_level": run.support.level,
    }


def full_curve(run: FittedCurve) -> Json:
    """Return one curve point by point, losses that are not finite as null, with its fits."""
    return {
        "task": run.task,
        "hidden_size": run.width,
        "seed": run.curve.attributes.get("seed"),
        "epochs": [int(t) if t.is_integer() else t for t in run.curve.t.tolist()],
        "losses": [loss if abs(loss) < float("inf") else None for loss in run.curve.loss.tolist()],
        "fits": [to_builtins(law_record(fit)) for fit in run.fits],
    }


def run_row(run: FittedCurve) -> Json:
    """Return the row of ``tables/runs.csv`` for one curve."""
    best = run.fits[0] if run.support.best else None
    return {
        "curve": run.curve.name,
        **run.curve.attributes,
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


def fit_columns(laws: Sequence[Law]) -> list[str]:
    """Return the columns of ``tables/fits.csv``."""
    names = list(dict.fromkeys(name for law in laws for name in law.parameters))
    return ["curve", "form", "status", *names, *(f"{name}_error" for name in names), "at_bound", *CRITERIA]


def fit_row(run: FittedCurve, fit: FittedLaw) -> Json:
    """Return the row of ``tables/fits.csv`` for one law on one curve."""
    return {
        "curve": run.curve.name,
        "form": fit.name,
        "status": fit.status,
        **fit.params,
        **{f"{name}_error": error for name, error in fit.errors.items()},
        "at_bound": " ".join(fit.at_bound),
        **{key: getattr(fit, key) for key in CRITERIA},
    }
