"""Do curves of all sizes follow one curve?"""

from collections.abc import Sequence
from pathlib import Path

from losslaws.analyses.collapse.results import Comparison, Deviation, Frontier, LadderFindings, NoiseFindings, Trend
from losslaws.analyses.collapse.settings import own_settings
from losslaws.analyses.section import Section
from losslaws.config.experiment import Experiment
from losslaws.report.blocks import Block, Figure, Paragraph, Table
from losslaws.report.text import listed, number
from losslaws.storage.records import read_record

FIGURE = Figure(
    "collapse",
    "Loss against compute, normalised curves, spread against the noise between seeds, deviations of widths; the noise "
    "model",
    "Loss against compute; normalised curves; the spread of all runs against the noise between seeds; each width "
    "against the others. Where the noise was recorded, losses under each schedule beside those predicted from a run "
    "at a constant rate.",
)

SIGNIFICANT = 0.05
"""The p-value below which deviations are said to correlate with size."""

Compared = Sequence[tuple[str, Comparison]]


def answer(folder: Path) -> list[Block]:
    """Say for each ladder whether it collapses, and what its noise model explains."""
    return [Paragraph(" ".join([_compared(found), *_explained(found)])) for found in _read(folder)]


def _read(folder: Path) -> tuple[LadderFindings, ...]:
    return read_record(folder / "collapse.json", tuple[LadderFindings, ...])


def _compared(ladder: LadderFindings) -> str:
    found = ladder.comparison
    if found is None:
        return f"{ladder.ladder}: sizes are not compared, because {ladder.no_comparison}."
    start = found.supercollapse.start
    where = "but not just before the end" if start is None else f"from x = {start:.2f} on"
    outliers = [width.name for width in found.widths if width.outlier]
    named = f"Width {outliers[0]} is an outlier." if len(outliers) == 1 else f"Widths {listed(outliers)} are outliers."
    sentences = [
        f"{ladder.ladder}: at {found.at:g} of the horizon, normalised curves of all sizes differ by "
        f"{found.spread_at:.2%}, seeds of one size by {found.floor_at:.2%}.",
        f"Sizes differ by less than seeds over {found.supercollapse.share:.0%} of the run, {where}.",
        *([named] if outliers else []),
        *([_trend(found.trend)] if found.trend else []),
        *([_horizons(found.frontier)] if found.frontier else []),
        *([f"There are no compute-optimal horizons, because {found.no_frontier}."] if found.no_frontier else []),
    ]
    return " ".join(sentences)


def _trend(trend: Trend) -> str:
    slope = f"{trend.slope:+.2%} ± {trend.error:.2%} per doubling of the parameters, p = {trend.p_value:.2g}"
    if trend.p_value >= SIGNIFICANT:
        return f"Deviations show no trend with model size ({slope})."
    return f"Deviations correlate with model size ({slope}), a sign of mis-scaled horizons, learning rates or L0."


def _horizons(frontier: Frontier) -> str:
    error = "" if frontier.error is None else f" ± {number(frontier.error, 2)}"
    exponent, scale = number(frontier.exponent, 3), number(frontier.scale, 3)
    return f"The compute-optimal horizon scales as N^γ with γ = {exponent}{error}: t = (N/{scale})^γ for N parameters."


def _explained(ladder: LadderFindings) -> list[str]:
    model = ladder.noise_model
    if ladder.no_noise_model:
        return [f"There is no noise model, because {ladder.no_noise_model}."]
    if model is None:
        return []
    error = "" if model.error is None else f" ± {number(model.error, 1)}"
    return [
        f"The noise model, with α = {number(model.alpha, 3)}{error}, explains {model.explained:.1%} of the "
        f"difference to runs at a constant rate (n = {len(model.runs)})."
    ]


def body(folder: Path) -> list[Block]:
    """Return the laws of compute and horizons, how far widths and runs are from the others, and the noise model."""
    found = _read(folder)
    compared = [(entry.ladder, entry.comparison) for entry in found if entry.comparison]
    left_out = sum(entry.left_out for entry in found if entry.comparison)
    excluded = [Paragraph(f"{left_out} curves of the other split are excluded.")] if left_out else []
    models = [entry.noise_model for entry in found if entry.noise_model]
    return [FIGURE, *_comparison(compared), *excluded, *_frontier(compared), *_noise(models)]


def _comparison(compared: Compared) -> list[Block]:
    if not compared:
        return []
    outliers = [[name, *_deviation(run)] for name, found in compared for run in found.runs if run.outlier]
    widths = [
        [name, *_deviation(width), "outlier" if width.outlier else ""]
        for name, found in compared
        for width in found.widths
    ]
    return [
        Table(
            ["ladder", "L0", "exponent of compute", "exponent of horizon"],
            [_laws(name, found) for name, found in compared],
            "Final losses and horizons.",
        ),
        Table(
            ["ladder", "width", "mean", "RMS", ""],
            widths,
            "Deviation of each width from the mean normalised curve of the others, over the last four fifths.",
        ),
        *([Table(["ladder", "curve", "mean", "RMS"], outliers, "Runs that are outliers:")] if outliers else []),
    ]


def _deviation(row: Deviation) -> list[str]:
    return [row.name, f"{row.mean:+.2%}", f"{row.rms:.2%}"]


def _laws(name: str, found: Comparison) -> list[str]:
    exponent = None if found.compute_law is None else found.compute_law.exponent
    return [name, number(found.irreducible, 6), number(exponent, 3), number(found.horizons.exponent, 3)]


def _frontier(compared: Compared) -> list[Block]:
    lines = [
        [name, point.label, str(point.size), *(number(value, 3) for value in (point.t, point.low, point.high))]
        for name, found in compared
        if found.frontier
        for point in found.frontier.points
    ]
    table = Table(
        ["ladder", "width", "parameters", "t", "from", "to"],
        lines,
        "The range of t over which each size is the best choice for its compute, and its geometric mean.",
    )
    return [table] if lines else []


def _noise(models: Sequence[NoiseFindings]) -> list[Block]:
    lines = [
        [
            run.name,
            run.reference,
            number(run.alpha, 3),
            number(run.rms_difference, 2),
            number(run.rms_error, 2),
        ]
        for model in models
        for run in model.runs
    ]
    left_out = [name for model in models for name in model.left_out]
    table = Table(
        ["run", "reference", "alpha", "RMS difference", "RMS error"],
        lines,
        "The noise model: runs predicted from a reference at a constant rate at equal Σ lr. Alpha of each run alone, "
        "the difference to the reference, and the error of the prediction with the common alpha.",
    )
    alone = f"Runs with a noise trace and no reference at a constant rate: {listed(left_out)}."
    return [*([table] if lines else []), *([Paragraph(alone)] if left_out else [])]


def methods(experiment: Experiment) -> list[str]:
    """Say how curves were normalised and compared."""
    settings = own_settings(experiment)
    level = settings.irreducible
    given = "fitted to the final losses against compute with Huber's loss" if level is None else f"given as {level:g}"
    frontier = (
        "Compute-optimal horizons come from where mean losses, averaged over ±0.2 in ln t, cross at equal compute; "
        "their error comes from drawing seeds with replacement."
    )
    return [
        f"Collapse (Qiu et al. 2025): losses above L0, {given}, were divided by their final value and compared at "
        "equal shares of the horizon. Their relative standard deviation over all runs was compared with that over the "
        "seeds of one size, and each size with the mean of the others. A line fitted to the deviations against the "
        "logarithm of the number of parameters tests whether they depend on size.",
        *([frontier] if settings.frontier else []),
    ]


SECTION = Section(body, answer, methods=methods)
