"""The analysis of one experiment: laws fitted, schedules predicted or held out, and one chosen."""

from collections.abc import Sequence
from dataclasses import asdict

from losslaws.analyses.schedule_law.design import compare, design, extrapolations, rate_range, references
from losslaws.analyses.schedule_law.results import (
    Design,
    HeldOutCurve,
    LawFindings,
    NamedSchedule,
    Parameter,
    Plan,
    PredictedCurve,
    ScheduleFindings,
    score_rows,
)
from losslaws.analyses.schedule_law.scores import hold_out, scores
from losslaws.analyses.schedule_law.settings import Settings
from losslaws.analyses.work import Work
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.fitting.pooled import PooledFit, fit_pooled
from losslaws.fitting.pooled_uncertainty import replicates, standard_errors
from losslaws.laws.schedule.catalogue import SCHEDULE_LAWS, ScheduleLaw, drop_terms
from losslaws.laws.schedule.curve import ScheduledCurve, scheduled_curve
from losslaws.laws.schedule.history import History
from losslaws.storage.csv_tables import write_csv
from losslaws.storage.records import write_record

MIN_CURVES = 2
"""One curve alone cannot separate the effect of its schedule from that of time."""

MIN_HELD_OUT = 3
"""With fewer curves, a fit to all but one has a single schedule."""

FEW_CURVES = 5
"""With fewer curves a bootstrap over them says little."""

REDESIGNED = 8
"""Refits whose own schedules are looked for: each takes the better part of a second."""


def fit_laws(work: Work[Settings]) -> None:
    """Write the laws of an experiment's schedules, their scores, and the schedule that the best one chooses."""
    found = study(work.curves(), work.settings)
    write_record(work.output("found"), found)
    rows = [{"law": row.law, "curve": row.curve, "role": row.role, **asdict(row.scores)} for row in score_rows(found)]
    write_csv(work.output("scores"), rows)
    write_csv(work.output("schedule"), schedule_rows(found.design))


def schedule_rows(chosen: Design | None) -> list[dict[str, float]]:
    """Return the chosen schedule as rows of `step` and `lr`: what a trainer reads."""
    if chosen is None:
        return []
    schedule = chosen.designed
    return [{"step": int(step), "lr": rate} for step, rate in zip(schedule.step, schedule.lr, strict=True)]


def study(curves: Sequence[Curve], settings: Settings) -> ScheduleFindings:
    """Return all that is said of an experiment's schedules.

    Raises
    ------
    LosslawsError
        If a curve cannot be used, a curve to predict is not there, too few are left to fit, the rate of none of them
        falls, or the schedule to choose is too short for its warm-up.
    """
    fitted, tested = _split([scheduled_curve(curve, settings.warmup, settings.drops) for curve in curves], settings)
    laws = [SCHEDULE_LAWS[name] for name in settings.laws]
    following = [law for law in laws if drop_terms(law)]
    if following:
        _check_schedules(fitted)
    plan = _plan(fitted, settings)
    fits = {law.name: fit_pooled(law, fitted) for law in laws}
    entries = tuple(fitted_law(fits[law.name], fitted, tested) for law in laws)
    if not following:
        return ScheduleFindings(entries, None, "none of the laws depends on the schedule")
    best = min((fits[law.name] for law in following), key=lambda fit: fit.objective)
    try:
        return ScheduleFindings(entries, _design(best, fitted, plan, settings.replicates), None)
    except LosslawsError as error:
        return ScheduleFindings(entries, None, str(error))


def _split(curves: Sequence[ScheduledCurve], settings: Settings) -> tuple[list[ScheduledCurve], list[ScheduledCurve]]:
    names = [curve.name for curve in curves]
    for name in settings.predict:
        if name not in names:
            raise LosslawsError(
                f"config: schedule_law.predict: there is no curve {name!r}; expected names among {', '.join(names)}"
            )
    fitted = [curve for curve in curves if curve.name not in settings.predict]
    if not fitted:
        raise LosslawsError("config: schedule_law.predict names all curves, so that none is left to fit: name fewer")
    return fitted, [curve for curve in curves if curve.name in settings.predict]


def _check_schedules(fitted: Sequence[ScheduledCurve]) -> None:
    if len(fitted) < MIN_CURVES:
        raise LosslawsError(
            f"{fitted[0].name!r} is the only curve to fit, and one schedule does not show what a schedule does: "
            "import runs of the same model under other schedules, or fit the law chinchilla_steps alone"
        )
    if all(curve.schedule.rates[-1] >= curve.schedule.peak for curve in fitted):
        raise LosslawsError(
            f"the learning rate falls in none of the {len(fitted)} curves to fit, so that they do not show what a "
            "fall does: import a run whose rate falls, or fit the law chinchilla_steps alone"
        )


def _plan(fitted: Sequence[ScheduledCurve], settings: Settings) -> Plan:
    plan = Plan(
        length=settings.length or int(max(curve.steps[-1] for curve in fitted)),
        peak=settings.peak or max(curve.schedule.peak for curve in fitted),
        warmup=int(max(curve.schedule.peak_step for curve in fitted)),
        drops=settings.drops,
    )
    if plan.length <= plan.warmup:
        raise LosslawsError(
            f"config: schedule_law.length is {plan.length}, and the warm-up of the curves alone takes {plan.warmup} "
            "steps: choose more, or 0 for the length of the longest curve"
        )
    return plan


def fitted_law(
    fit: PooledFit[History], fitted: Sequence[ScheduledCurve], tested: Sequence[ScheduledCurve]
) -> LawFindings:
    """Return a fitted law's parameters with errors, and how it predicts every curve.

    Parameters
    ----------
    fit : PooledFit
        The fit to `fitted`.
    fitted, tested : sequence of ScheduledCurve
        Curves that were fitted, and curves to predict; where there are none of these, each of at least `MIN_HELD_OUT`
        fitted curves is held out in turn.
    """
    errors = standard_errors(fit, fitted)
    return LawFindings(
        law=fit.law.name,
        formula=fit.law.formula,
        objective=fit.objective,
        parameters=tuple(Parameter(name, value, errors[name]) for name, value in fit.parameters.items()),
        at_bound=fit.at_bound,
        curves=tuple(_predicted(fit, curve) for curve in (*fitted, *tested)),
        held_out=() if tested else _held_out(fit.law, fitted),
    )


def _held_out(law: ScheduleLaw, fitted: Sequence[ScheduledCurve]) -> tuple[HeldOutCurve, ...]:
    if len(fitted) < MIN_HELD_OUT:
        return ()
    return tuple(HeldOutCurve(name, found) for name, found in hold_out(law, fitted).items())


def _predicted(fit: PooledFit[History], curve: ScheduledCurve) -> PredictedCurve:
    prediction = fit.predict(curve.x)
    return PredictedCurve(
        curve=curve.name,
        fitted=curve.name in fit.runs,
        scores=scores(curve.y, prediction),
        step=tuple(curve.steps.tolist()),
        lr=tuple(curve.schedule.at(curve.steps).tolist()),
        loss=tuple(curve.y.tolist()),
        prediction=tuple(prediction.tolist()),
    )


def _design(fit: PooledFit[History], fitted: Sequence[ScheduledCurve], plan: Plan, count: int) -> Design:
    chosen = design(fit, plan)
    refits = replicates(fit, fitted, count)
    low, high = rate_range(refits[:REDESIGNED], plan, chosen)
    warnings = extrapolations(fitted, chosen)
    if len(fitted) < FEW_CURVES:
        warnings.append(f"The uncertainty is that of {len(fitted)} runs under random weights, and rough.")
    return Design(
        law=fit.law.name,
        plan=plan,
        comparison=tuple(compare(fit, refits, plan, chosen)),
        warnings=tuple(warnings),
        schedules=tuple(
            NamedSchedule(name, tuple(schedule.steps.tolist()), tuple(schedule.rates.tolist()))
            for name, schedule in {"designed": chosen, **references(plan)}.items()
        ),
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
    )
