"""The analysis of one experiment: laws fitted, schedules predicted or held out, and one chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from losslaws.analyses.schedule_law.design import Plan, compare, design, extrapolations, rate_range, references, table
from losslaws.analyses.schedule_law.scores import hold_out
from losslaws.analyses.schedule_law.settings import Settings
from losslaws.analyses.schedule_law.summary import summarise
from losslaws.analyses.schedule_law.uncertainty import FEW_RUNS, replicates
from losslaws.analyses.work import Work
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.fitting.pooled import fit_schedule_law
from losslaws.laws.schedule.catalogue import SCHEDULE_LAWS
from losslaws.laws.schedule.runs import Run, run_of
from losslaws.storage.csv_tables import write_csv
from losslaws.storage.files import write_json

FEWEST = 2
"""Of one run, nobody can tell what its schedule does from what time does."""

FEWEST_HELD_OUT = 3
"""With fewer runs, a fit to all but one has a single schedule."""

REDESIGNED = 8
"""Refits whose own schedules are looked for: each takes the better part of a second."""


def fit_laws(work: Work[Settings]) -> None:
    """Write what the schedules of an experiment say, and the schedule that a law chooses."""
    found = study(work.curves(), work.settings)
    write_json(work.output("found"), found)
    write_csv(work.output("scores"), score_rows(found))
    write_csv(work.output("schedule"), found["design"].get("table", []))


def study(curves: Sequence[Curve], settings: Settings) -> dict[str, Any]:
    """Return all that is said of an experiment's schedules, as a JSON value.

    Parameters
    ----------
    curves : sequence of Curve
        All of them.
    settings : Settings
        What is fitted, and which schedule is chosen.

    Returns
    -------
    dict
        `laws`, of :func:`.summary.summarise`; `held_out`, for each law and curve the metrics of a fit
        to all other curves, empty where curves are named to be predicted or there are fewer than three; and `design`,
        the chosen schedule with its `law`, `plan`, `comparison`, `warnings`, `table`, the `schedules` compared by name
        and the `band` of those that refits choose, or its `problem`.

    Raises
    ------
    LosslawsError
        If a curve cannot be used, a curve to predict is not there, too few are left to fit, the rate of none of them
        falls, or the schedule to choose is too short for its warm-up.
    """
    fitted, tested = _split([run_of(curve, settings.warmup, settings.drops) for curve in curves], settings)
    laws = [SCHEDULE_LAWS[name] for name in settings.laws]
    if any(law.follows_schedule for law in laws):
        _check_schedules(fitted)
    plan = _plan(fitted, settings)
    entries = summarise(laws, fitted, tested)
    held_out: dict[str, dict[str, Any]] = {}
    if not tested and len(fitted) >= FEWEST_HELD_OUT:
        for law in laws:
            held_out[law.name] = {curve: asdict(row) for curve, row in hold_out(law, fitted).items()}
    return {"laws": entries, "held_out": held_out, "design": _design(entries, fitted, plan, settings)}


def _split(runs: Sequence[Run], settings: Settings) -> tuple[list[Run], list[Run]]:
    names = [run.name for run in runs]
    for name in settings.predict:
        if name not in names:
            raise LosslawsError(
                f"config: schedule_law.predict: there is no curve {name!r}; expected names among {', '.join(names)}"
            )
    fitted = [run for run in runs if run.name not in settings.predict]
    if not fitted:
        raise LosslawsError("config: schedule_law.predict names all curves, so that none is left to fit: name fewer")
    return fitted, [run for run in runs if run.name in settings.predict]


def _check_schedules(fitted: Sequence[Run]) -> None:
    if len(fitted) < FEWEST:
        raise LosslawsError(
            f"{fitted[0].name!r} is the only curve to fit, and one schedule does not show what a schedule does: "
            "import runs of the same model under other schedules, or fit the law chinchilla_steps alone"
        )
    if all(run.schedule.rates[-1] >= run.schedule.peak for run in fitted):
        raise LosslawsError(
            f"the learning rate falls in none of the {len(fitted)} curves to fit, so that they do not show what a "
            "fall does: import a run whose rate falls, or fit the law chinchilla_steps alone"
        )


def _plan(fitted: Sequence[Run], settings: Settings) -> Plan:
    plan = Plan(
        length=settings.length or int(max(run.steps[-1] for run in fitted)),
        peak=settings.peak or max(run.schedule.peak for run in fitted),
        warmup=int(max(run.schedule.peak_step for run in fitted)),
        drops=settings.drops,
    )
    if plan.length <= plan.warmup:
        raise LosslawsError(
            f"config: schedule_law.length is {plan.length}, and the warm-up of the curves alone takes {plan.warmup} "
            "steps: choose more, or 0 for the length of the longest curve"
        )
    return plan


def _design(
    entries: Sequence[Mapping[str, Any]], fitted: Sequence[Run], plan: Plan, settings: Settings
) -> dict[str, Any]:
    able = [entry for entry in entries if SCHEDULE_LAWS[entry["law"]].follows_schedule]
    if not able:
        return {"problem": "none of the laws depends on the schedule"}
    law = SCHEDULE_LAWS[min(able, key=lambda entry: float(entry["objective"]))["law"]]
    fit = fit_schedule_law(law, fitted)
    try:
        chosen = design(fit, plan)
    except LosslawsError as error:
        return {"problem": str(error)}
    refits = replicates(fit, fitted, settings.replicates)
    rows = compare(fit, refits, plan, chosen)
    low, high = rate_range(refits[:REDESIGNED], plan, chosen)
    warnings = extrapolations(fitted, chosen)
    if len(fitted) < FEW_RUNS:
        warnings.append(f"The uncertainty is that of {len(fitted)} runs under random weights, and rough.")
    return {
        "law": law.name,
        "plan": asdict(plan),
        "comparison": [asdict(row) for row in rows],
        "warnings": warnings,
        "table": table(chosen),
        "schedules": {
            name: {"step": schedule.steps.tolist(), "lr": schedule.rates.tolist()}
            for name, schedule in {"designed": chosen, **references(plan)}.items()
        },
        "band": {"low": low.tolist(), "high": high.tolist()},
    }


def score_rows(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return one row per law and curve: whether it was `fitted`, `predicted` or `held_out`, and the metrics."""
    metrics = ("r2", "mae", "rmse", "mean_relative", "worst_relative")
    rows = []
    for entry in found["laws"]:
        for curve in entry["curves"]:
            role = "fitted" if curve["fitted"] else "predicted"
            about = {"law": entry["law"], "curve": curve["curve"], "role": role}
            rows.append(about | {name: curve[name] for name in metrics})
        for name, values in found["held_out"].get(entry["law"], {}).items():
            rows.append({"law": entry["law"], "curve": name, "role": "held_out"} | values)
    return rows
