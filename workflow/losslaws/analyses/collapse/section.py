"""Do curves of all sizes follow one curve?"""

from pathlib import Path
from typing import Any

from losslaws.analyses.collapse.settings import Settings
from losslaws.analyses.section import Section
from losslaws.config.experiment import Experiment
from losslaws.report.blocks import Block, Figure, Paragraph, Table
from losslaws.report.text import number
from losslaws.storage.files import read_json

FIGURE = Figure(
    "collapse",
    "Loss against compute, normalised curves, spread against the noise of seeds, deviations of widths; the noise model",
    "Loss against compute; normalised curves; the spread of all runs against the noise of seeds; each width "
    "against the others. Where the noise was recorded, losses under each schedule beside those predicted from a run "
    "at a constant rate.",
)

SIGNIFICANT = 0.05
"""The p-value below which deviations are said to go with size."""


def answer(folder: Path) -> list[Block]:
    """Say for each ladder whether it collapses, and what its noise model explains."""
    return [
        Paragraph(" ".join([_answer(found), *_noise_answer(found["noise_model"])]))
        for found in read_json(folder / "collapse.json")
    ]


def _answer(found: dict[str, Any]) -> str:
    if "problem" in found:
        return f"{found['ladder']}: sizes are not compared, because {found['problem']}."
    start = found["supercollapse"]["start"]
    where = "but not just before its end" if start is None else f"from x = {start:.2f} on"
    off = [row["name"] for row in found["widths"] if row["off"]]
    sentences = [
        f"{found['ladder']}: at {found['at']:g} of the horizon, normalised curves of all sizes differ by "
        f"{found['spread_at']:.2%}, seeds of one size by {found['floor_at']:.2%}.",
        f"Sizes are closer together than seeds over {found['supercollapse']['share']:.0%} of the run, {where}.",
        *([f"Width {', '.join(off)} is off."] if off else []),
        *([_trend(found["trend"])] if found["trend"] else []),
        *([_horizon_law(found["frontier"])] if found["frontier"] else []),
    ]
    return " ".join(sentences)


def _horizon_law(frontier: dict[str, Any]) -> str:
    if "problem" in frontier:
        return f"There are no horizons that are optimal for compute, because {frontier['problem']}."
    error = "" if frontier["error"] is None else f" ± {number(frontier['error'], 2)}"
    return (
        f"Horizons that are optimal for compute grow as the number of parameters to the power "
        f"{number(frontier['exponent'], 3)}{error}: t = (parameters/{number(frontier['unit'], 3)})^exponent."
    )


def _trend(trend: dict[str, float]) -> str:
    slope = f"{trend['slope']:+.2%} ± {trend['error']:.2%} for each doubling of parameters, p = {trend['p_value']:.2g}"
    if trend["p_value"] >= SIGNIFICANT:
        return f"No trend of deviations with size is seen ({slope})."
    return f"Deviations go with size ({slope}), as they do where horizons, learning rates or L0 are off."


def _noise_answer(model: dict[str, Any] | None) -> list[str]:
    if model is None:
        return []
    if "problem" in model:
        return [f"There is no noise model, because {model['problem']}."]
    error = "" if model["error"] is None else f" ± {number(model['error'], 1)}"
    return [
        f"The noise model, with α = {number(model['alpha'], 3)}{error}, explains {model['explained']:.1%} of the "
        f"difference between {len(model['runs'])} runs and those at a constant rate."
    ]


def body(folder: Path) -> list[Block]:
    """Return the laws of compute and horizons, how far widths and runs are from the others, and the noise model."""
    found = read_json(folder / "collapse.json")
    ladders = [entry for entry in found if "problem" not in entry]
    return [FIGURE, *_comparison(ladders), *_frontier(ladders), *_noise(found)]


def _comparison(ladders: list[dict[str, Any]]) -> list[Block]:
    if not ladders:
        return []
    lines = [_laws(found) for found in ladders]
    off = [
        [found["ladder"], row["name"], f"{row['mean']:+.2%}", f"{row['rms']:.2%}"]
        for found in ladders
        for row in found["runs"]
        if row["off"]
    ]
    deviations = [
        [found["ladder"], row["name"], f"{row['mean']:+.2%}", f"{row['rms']:.2%}", "off" if row["off"] else ""]
        for found in ladders
        for row in found["widths"]
    ]
    left_out = sum(found["left_out"] for found in ladders)
    return [
        Table(["ladder", "L0", "exponent of compute", "exponent of horizon"], lines, "Final losses and horizons."),
        Table(
            ["ladder", "width", "mean", "rms", ""],
            deviations,
            "Deviation of each width from the others' mean normalised curve, over the last four fifths.",
        ),
        *([Table(["ladder", "curve", "mean", "rms"], off, "Runs that are off:")] if off else []),
        *([Paragraph(f"{left_out} curves of the losses of other rows are left out.")] if left_out else []),
    ]


def _laws(found: dict[str, Any]) -> list[str]:
    law = found["compute_law"]
    exponent = None if law is None else law["b"]
    return [
        found["ladder"],
        number(found["irreducible"], 6),
        number(exponent, 3),
        number(found["horizons"]["exponent"], 3),
    ]


def _frontier(ladders: list[dict[str, Any]]) -> list[Block]:
    lines = [
        [found["ladder"], point["label"], str(point["size"]), *(number(point[key], 3) for key in ("t", "low", "high"))]
        for found in ladders
        if found["frontier"] and "problem" not in found["frontier"]
        for point in found["frontier"]["points"]
    ]
    table = Table(
        ["ladder", "width", "parameters", "t", "from", "to"],
        lines,
        "Where each size is the best choice for its compute: from and to which t, and their geometric mean.",
    )
    return [table] if lines else []


def _noise(found: list[dict[str, Any]]) -> list[Block]:
    models = [entry["noise_model"] for entry in found if entry["noise_model"] and "problem" not in entry["noise_model"]]
    lines = [
        [run["name"], run["reference"], number(run["alpha"], 3), number(run["apart"], 2), number(run["missed"], 2)]
        for model in models
        for run in model["runs"]
    ]
    left_out = [name for model in models for name in model["left_out"]]
    table = Table(
        ["run", "reference", "alpha", "apart", "missed"],
        lines,
        "The noise model: runs predicted from a reference at a constant rate at equal Σ lr. Alpha of each run alone; "
        "root mean square of the difference to the reference, and to the prediction with the common alpha.",
    )
    alone = f"Runs with a noise trace and no partner at a constant rate: {', '.join(left_out)}."
    return [*([table] if lines else []), *([Paragraph(alone)] if left_out else [])]


def methods(experiment: Experiment) -> list[str]:
    """Say how curves were normalised and compared."""
    settings = experiment.settings["collapse"]
    assert isinstance(settings, Settings)
    level = settings.irreducible
    given = "fitted to the final losses against compute with Huber's loss" if level is None else f"given as {level:g}"
    frontier = (
        "Horizons that are optimal for compute come from where mean losses, averaged over ±0.2 in ln t, cross at equal "
        "compute; their error from draws of seeds with replacement."
    )
    return [
        f"Collapse (Qiu et al. 2025): losses above L0, {given}, over their final value, against the share of the "
        "horizon. Their relative standard deviation over all runs is compared with that of losses over the seeds of "
        "one size, and each size with the mean of the others. Whether deviations go with size is told by a line "
        "through them against the logarithm of the number of parameters.",
        *([frontier] if settings.frontier else []),
    ]


SECTION = Section(body, answer, methods=methods)
