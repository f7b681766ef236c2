"""What does the learning rate do to the loss, and which schedule ends lowest?"""

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from losslaws.analyses.schedule_law.compute import score_rows
from losslaws.analyses.schedule_law.settings import Settings
from losslaws.analyses.section import Section
from losslaws.config.experiment import Experiment
from losslaws.report.blocks import Block, Figure, Paragraph, Table
from losslaws.report.text import fixed, listed, number
from losslaws.storage.files import read_json

FIGURE = Figure(
    "schedule_law",
    "Measured and predicted loss of every run, with its learning rate beneath",
    "Measured losses and those of the law with the lowest objective; beneath them the learning rate.",
)

DESIGN_FIGURE = Figure(
    "schedule_design",
    "The chosen schedule beside a cosine and WSD, and the predicted final loss of each",
    "The chosen schedule, with those that refits would choose, beside a cosine and warm-up, stable, decay; the final "
    "loss that the law predicts for each.",
)


def answer(folder: Path) -> list[Block]:
    """Say which law foretells curves that it was not fitted to best, and by how much each law is off."""
    rows = [row for row in score_rows(read_json(folder / "schedule_law.json")) if row["role"] != "fitted"]
    if not rows:
        return []
    laws = dict.fromkeys(row["law"] for row in rows)
    errors = {law: fmean(row["mean_relative"] for row in rows if row["law"] == law) for law in laws}
    best = min(errors, key=lambda law: errors[law])
    runs = len({row["curve"] for row in rows})
    others = [f"{law} by {error:.2%}" for law, error in errors.items() if law != best]
    sentence = f"{best} foretells {runs} curves it did not see best, and is off by {errors[best]:.2%} on average"
    return [Paragraph(f"{sentence}{f' ({listed(others)})' if others else ''}.")]


def body(folder: Path) -> list[Block]:
    """Return how well each law fits and predicts, its parameters, and the schedule that the best one chooses."""
    found = read_json(folder / "schedule_law.json")
    return [
        FIGURE,
        _scores(score_rows(read_json(folder / "schedule_law.json"))),
        _parameters(found["laws"]),
        *_design(found["design"]),
    ]


def _scores(rows: Sequence[dict[str, Any]]) -> Table:
    lines = []
    for law, role in dict.fromkeys((row["law"], row["role"]) for row in rows):
        own = [row for row in rows if (row["law"], row["role"]) == (law, role)]
        r2, mae, rmse, relative, worst = (
            sum(row[name] for row in own) / len(own)
            for name in ("r2", "mae", "rmse", "mean_relative", "worst_relative")
        )
        figures = [fixed(r2, 4), number(mae, 3), number(rmse, 3), f"{relative:.2%}", f"{worst:.2%}"]
        lines.append([law, role.replace("_", " "), str(len(own)), *figures])
    return Table(
        ["law", "curves", "number", "R2", "MAE", "RMSE", "mean error", "worst error"],
        lines,
        "How well the laws follow curves that they were fitted to, and curves that they did not see; averages over the "
        "curves. Held out: each curve predicted by a fit to all others.",
    )


def _parameters(laws: Sequence[dict[str, Any]]) -> Table:
    lines = [
        [
            entry["law"],
            number(entry["objective"], 4),
            *_parameter(parameter, entry["at_bound"]),
        ]
        for entry in laws
        for parameter in entry["parameters"]
    ]
    return Table(
        ["law", "objective", "parameter", "value", "error"],
        lines,
        "Objective: the sum of Huber losses of log residuals. Errors allow for correlated residuals; a parameter with "
        "a star is on a bound.",
    )


def _parameter(parameter: dict[str, Any], at_bound: Sequence[str]) -> list[str]:
    star = "*" if parameter["name"] in at_bound else ""
    return [parameter["name"] + star, number(parameter["value"]), number(parameter["error"], 2)]


def _design(chosen: dict[str, Any]) -> list[Block]:
    if "problem" in chosen:
        return [Paragraph(f"No schedule is chosen: {chosen['problem']}.")]
    plan = chosen["plan"]
    lines = [
        [
            row["name"].replace("_", " "),
            number(row["loss"], 5),
            f"{number(row['low'], 5)} – {number(row['high'], 5)}",
            number(row["gain"], 2),
            f"{number(row['gain_low'], 2)} – {number(row['gain_high'], 2)}",
        ]
        for row in chosen["comparison"]
    ]
    title = (
        f"Final loss predicted by {chosen['law']} over {plan['length']} steps with a peak of {plan['peak']:g} and "
        f"{plan['warmup']} steps of warm-up (drops: {plan['drops']}), "
        f"and how much more than designed; 5% and 95% quantiles over refits. The "
        "designed schedule is tables/schedule.csv, linear between its steps."
    )
    table = Table(["schedule", "loss", "5 – 95%", "more", "5 – 95% of that"], lines, title)
    return [DESIGN_FIGURE, table, *([Paragraph(" ".join(chosen["warnings"]))] if chosen["warnings"] else [])]


def methods(experiment: Experiment) -> list[str]:
    """Say what was fitted to what, and what was held out."""
    settings = experiment.settings["schedule_law"]
    assert isinstance(settings, Settings)
    tested = listed(settings.predict) if settings.predict else "each curve in turn"
    return [
        f"Schedule laws: {listed(settings.laws)} were fitted to all curves together by Huber's loss of the "
        f"residuals of ln L; held out was {tested}. A warm-up of {settings.warmup} steps came before the records. "
        "Errors of parameters are those of an M-estimator with neighbouring residuals correlated; what they mean for "
        f"the chosen schedule is told by {settings.replicates} refits under random weights of the runs."
    ]


SECTION = Section(body, answer, methods=methods)
