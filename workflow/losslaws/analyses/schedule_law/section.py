"""What does the learning rate do to the loss, and which schedule ends lowest?"""

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from losslaws.analyses.schedule_law.results import (
    Comparison,
    Design,
    LawFindings,
    ScheduleFindings,
    average,
    score_rows,
)
from losslaws.analyses.schedule_law.settings import own_settings
from losslaws.analyses.section import Section
from losslaws.config.experiment import Experiment
from losslaws.report.blocks import Block, Figure, Paragraph, Table
from losslaws.report.text import fixed, listed, number
from losslaws.storage.records import read_record

FIGURE = Figure(
    "schedule_law",
    "Measured and predicted loss of every run, with its learning rate beneath",
    "Measured losses and those of the law with the lowest objective; beneath them the learning rate.",
)

DESIGN_FIGURE = Figure(
    "schedule_design",
    "The chosen schedule beside a cosine and WSD, and the predicted final loss of each",
    "The chosen schedule, with the range of those that refits choose, beside a cosine and warm-up–stable–decay; the "
    "final loss that the law predicts for each.",
)


def answer(folder: Path) -> list[Block]:
    """Say which law predicts curves that it was not fitted to best, and the error of each law."""
    rows = [row for row in score_rows(_read(folder)) if row.role != "fitted"]
    if not rows:
        return []
    laws = dict.fromkeys(row.law for row in rows)
    errors = {law: fmean(row.scores.mean_relative for row in rows if row.law == law) for law in laws}
    best = min(errors, key=lambda law: errors[law])
    curves = len({row.curve for row in rows})
    others = [f"{law} {error:.2%}" for law, error in errors.items() if law != best]
    sentence = f"{best} predicts unseen curves best (n = {curves}), with a mean relative error of {errors[best]:.2%}"
    return [Paragraph(f"{sentence}{f'; {listed(others)}' if others else ''}.")]


def _read(folder: Path) -> ScheduleFindings:
    return read_record(folder / "schedule_law.json", ScheduleFindings)


def body(folder: Path) -> list[Block]:
    """Return how well each law fits and predicts, its parameters, and the schedule that the best one chooses."""
    found = _read(folder)
    return [FIGURE, _scores(found), _parameters(found.laws), *_design(found)]


def _scores(found: ScheduleFindings) -> Table:
    rows = score_rows(found)
    lines = []
    for law, role in dict.fromkeys((row.law, row.role) for row in rows):
        own = [row.scores for row in rows if (row.law, row.role) == (law, role)]
        mean = average(own)
        errors = [number(mean.mae, 3), number(mean.rmse, 3), f"{mean.mean_relative:.2%}", f"{mean.worst_relative:.2%}"]
        lines.append([law, role.replace("_", " "), str(len(own)), fixed(mean.r2, 4), *errors])
    return Table(
        ["law", "subset", "n", "R2", "MAE", "RMSE", "mean error", "worst error"],
        lines,
        "How well each law follows the curves that it was fitted to and unseen curves, averaged over curves. Held out: "
        "each curve predicted by a fit to all others.",
    )


def _parameters(laws: Sequence[LawFindings]) -> Table:
    lines = [
        [
            law.law,
            number(law.objective, 4),
            parameter.name + ("*" if parameter.name in law.at_bound else ""),
            number(parameter.value),
            number(parameter.error, 2),
        ]
        for law in laws
        for parameter in law.parameters
    ]
    return Table(
        ["law", "objective", "parameter", "value", "error"],
        lines,
        "Objective: the sum of Huber losses of log residuals. Standard errors allow for autocorrelated residuals; a "
        "parameter with a star is on a bound.",
    )


def _design(found: ScheduleFindings) -> list[Block]:
    chosen = found.design
    if chosen is None:
        return [Paragraph(f"No schedule is chosen: {found.no_design}.")]
    table = Table(
        ["schedule", "loss", "5–95%", "excess loss", "5–95% of the excess"],
        [_compared(row) for row in chosen.comparison],
        _title(chosen),
    )
    return [DESIGN_FIGURE, table, *([Paragraph(" ".join(chosen.warnings))] if chosen.warnings else [])]


def _compared(row: Comparison) -> list[str]:
    return [
        row.name.replace("_", " "),
        number(row.loss, 5),
        f"{number(row.low, 5)} – {number(row.high, 5)}",
        number(row.excess, 2),
        f"{number(row.excess_low, 2)} – {number(row.excess_high, 2)}",
    ]


def _title(chosen: Design) -> str:
    plan = chosen.plan
    return (
        f"Final loss predicted by {chosen.law} over {plan.length} steps with a peak of {plan.peak:g} and "
        f"{plan.warmup} steps of warm-up (drops: {plan.drops}), and the excess over the designed schedule; 5% and 95% "
        "quantiles over refits. The designed schedule is tables/schedule.csv, linear between its steps."
    )


def methods(experiment: Experiment) -> list[str]:
    """Say what was fitted to what, and what was held out."""
    settings = own_settings(experiment)
    tested = listed(settings.predict) if settings.predict else "each curve in turn"
    return [
        f"Schedule laws: {listed(settings.laws)} were fitted to all curves together by Huber's loss of the residuals "
        f"of ln L; held out was {tested}. A warm-up of {settings.warmup} steps came before the records. Standard "
        "errors of parameters are those of an M-estimator with autocorrelated residuals; the uncertainty of the chosen "
        f"schedule comes from {settings.replicates} refits under random weights of the runs."
    ]


SECTION = Section(body, answer, methods=methods)
