"""The specification curve: how the majority law fares under every reasonable analysis.

After Simonsohn, Simmons and Nelson, "Specification curve analysis", Nature Human Behaviour 4 (2020) 1208–1214.
"""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from losslaws.analyses.evidence.figure_universes import (
    by_choices,
    choice_values,
    draw_matrix,
    majority_law,
    matrix_heights,
    matrix_inches,
    name_published,
)
from losslaws.analyses.evidence.results import CurveOutcome, Universe
from losslaws.analyses.evidence.settings import Settings
from losslaws.analyses.evidence.tables import read_rows
from losslaws.analyses.evidence.universes import UniverseOutcome, making, outcomes, published_universe
from losslaws.analyses.work import Work
from losslaws.config.fitting import Fitting
from losslaws.laws.law import Law
from losslaws.plotting.draw import save_figure
from losslaws.plotting.style import PAGE_WIDTH, LawStyle, law_styles, legend_columns, markers, plain

CURVE_HEIGHT = 1.7
"""Inches."""

NO_WINNER = LawStyle("0.5", "-", "x")
"""The look of analyses under which no law has a fit."""


def save(work: Work[Settings]) -> None:
    """Draw the multiverse of an experiment."""
    save_figure(draw, work.pictures, read_rows(work.inputs["universes"], CurveOutcome), work.laws, work.fitting)


def draw(multiverse: Sequence[CurveOutcome], laws: Sequence[Law], fitting: Fitting) -> Figure:
    """Draw the share of runs that the majority law wins under every universe, ascending, and its choices beneath.

    Parameters
    ----------
    multiverse : sequence of CurveOutcome
        At least one.
    laws : sequence of Law
        The laws that were fitted.
    fitting : Fitting
        The settings of the published analysis: `skip` and `bounds`.
    """
    published = published_universe(fitting.skip, fitting.bounds)
    every = outcomes(multiverse)
    law = majority_law(every, published)
    pairs = choice_values([entry.universe for entry in every])
    ranked = _ranked(every, law, pairs)
    universes = [entry.universe for entry in ranked]
    heights = [CURVE_HEIGHT, matrix_inches(pairs)]
    figure = Figure(figsize=(PAGE_WIDTH, sum(heights) + 0.5), layout="constrained")
    curve, matrix = figure.subplots(2, 1, height_ratios=heights)
    curve.set_title(_title(len({row.curve for row in multiverse}), ranked, law, published), loc="left", pad=3)
    _scale(curve, len(ranked))
    handles = _draw_points(curve, ranked, law, law_styles(laws))
    _mark_published(curve, ranked, law, published)
    draw_matrix(matrix, pairs, universes, published)
    _count_kept(matrix, pairs, ranked, law)
    columns = legend_columns([str(handle.get_label()) for handle in handles], PAGE_WIDTH)
    figure.legend(handles=handles, loc="outside upper center", ncols=columns)
    return figure


def _ranked(
    every: Sequence[UniverseOutcome], law: str | None, pairs: Sequence[tuple[str, str]]
) -> list[UniverseOutcome]:
    """Sort by the share that `law` wins; equal shares by their choices."""
    universes = by_choices([entry.universe for entry in every], pairs)
    order = {universe: place for place, universe in enumerate(universes)}
    return sorted(every, key=lambda entry: (_share(entry, law), order[entry.universe]))


def _share(entry: UniverseOutcome, law: str | None) -> float:
    return entry.share(law) if law else 0.0


def _kept(entry: UniverseOutcome, law: str | None) -> bool:
    return law is not None and entry.majority(law)


def _title(count: int, ranked: Sequence[UniverseOutcome], law: str | None, published: Universe) -> str:
    runs = f"{count} run{'s' if count > 1 else ''}"
    if law is None:
        return f"{runs}: no law has a fit"
    kept = sum(_kept(entry, law) for entry in ranked)
    title = f"{runs}: {plain(law)} wins most under {kept} of {len(ranked)} analyses"
    listed = any(entry.universe == published for entry in ranked)
    return title if listed else f"{title}; the published one (skip {published.skip}) is not among them"


def _scale(axes: Axes, count: int) -> None:
    axes.set_xlim(-0.5, count - 0.5)
    axes.set_xticks([])
    axes.set_ylim(-0.06, 1.18)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.set_ylabel("share of runs that it wins")
    axes.spines.bottom.set_visible(False)
    axes.spines.left.set_bounds(0, 1)
    # Clear of the first points.
    axes.spines.left.set_position(("outward", 5))
    axes.axhline(0.5, color="0.7", linewidth=0.6, linestyle=(0, (4, 2)), zorder=0)


def _draw_points(
    axes: Axes, ranked: Sequence[UniverseOutcome], law: str | None, styles: Mapping[str, LawStyle]
) -> list[Line2D]:
    """Draw one point per universe in the look of the law that wins most runs there; return the legend's entries."""
    groups: dict[str | None, list[int]] = {law: []}
    for number, entry in enumerate(ranked):
        first = law if _kept(entry, law) else max(entry.wins, key=lambda name: entry.wins[name], default=None)
        groups.setdefault(first, []).append(number)
    handles = []
    for winner, numbers in groups.items():
        if winner is None:
            look, text = markers(NO_WINNER, filled=True), "no law has a fit"
        else:
            look = markers(styles[winner], filled=winner == law)
            text = f"{plain(winner)} wins most"
        axes.plot(numbers, [_share(ranked[number], law) for number in numbers], clip_on=False, **look)
        handles.append(Line2D([], [], label=text, **look))
    return handles


def _mark_published(axes: Axes, ranked: Sequence[UniverseOutcome], law: str | None, published: Universe) -> None:
    universes = [entry.universe for entry in ranked]
    if published in universes:
        column = universes.index(published)
        share = _share(ranked[column], law)
        axes.plot(
            column, share, "o", markersize=8, markeredgewidth=0.8, markerfacecolor="none", color="k", clip_on=False
        )
        axes.vlines(column, -0.06, 1.06, color="black", linewidth=0.5, linestyle=(0, (1, 2)), zorder=0)
        name_published(axes, universes, published, 1.07)


def _count_kept(
    axes: Axes, pairs: Sequence[tuple[str, str]], ranked: Sequence[UniverseOutcome], law: str | None
) -> None:
    """Write beside each choice under how many of its universes the law keeps its majority."""
    side = axes.get_yaxis_transform()
    for (name, value), height in zip(pairs, matrix_heights(pairs), strict=True):
        chosen = making(ranked, name, value)
        kept = sum(_kept(entry, law) for entry in chosen)
        axes.text(1.01, height, f"{kept} of {len(chosen)}", transform=side, va="center", fontsize=6.5)
    axes.text(1.01, -1.15, "wins most", transform=side, va="center", color="0.4", fontsize=6.5)
