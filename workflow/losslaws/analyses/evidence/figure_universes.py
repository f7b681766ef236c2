"""What the figures of the multiverse share: the analyses, their choices, and the matrix that shows them."""

from collections import Counter
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from losslaws.analyses.evidence.results import Universe
from losslaws.analyses.evidence.universes import UniverseOutcome
from losslaws.plotting.style import plain

MATRIX_ROW = 0.112
"""Height of a row of the matrix in inches."""

MATRIX_WIDTH = 5.3
"""Width of the matrix in inches, without its labels; about, as labels differ."""

GAP = 0.6
"""Space between the choices, in rows."""

TEXTS = {"ar1": "AR(1)", "aic": "AIC", "aicc": "AICc", "bic": "BIC", "holdout": "hold-out"}
"""Values of choices that are written otherwise in tables."""

NAME_DISTANCE = 50
"""Points of type between the axes and the names of the choices, past the longest value."""


def majority_law(every: Sequence[UniverseOutcome], published: Universe) -> str | None:
    """Return the law that wins most runs under the published analysis, or over all if that is not one of `every`.

    None where no law wins any run.
    """
    wins: Counter[str] = Counter()
    for entry in [entry for entry in every if entry.universe == published] or every:
        wins.update(entry.wins)
    return wins.most_common(1)[0][0] if wins else None


def choice_values(universes: Sequence[Universe]) -> list[tuple[str, str]]:
    """Return every (choice, value) that `universes` make, choices in their order, numbers ascending."""
    pairs = []
    for name in Universe._fields:
        values = list(dict.fromkeys(getattr(universe, name) for universe in universes))
        pairs += [(name, value) for value in sorted(values, key=lambda value: (*_amount(value), values.index(value)))]
    return pairs


def _amount(value: str) -> tuple[bool, float]:
    """Return what sorts numbers by size, percentages after them, and leaves words as they are."""
    number = value.removesuffix("%")
    return value.endswith("%"), float(number) if number.isdecimal() else 0.0


def by_choices(universes: Sequence[Universe], pairs: Sequence[tuple[str, str]]) -> list[Universe]:
    """Sort `universes` by the first choice, then the second, and so on, values in the order of `pairs`."""
    places = {pair: place for place, pair in enumerate(pairs)}
    return sorted(universes, key=lambda universe: [places[pair] for pair in universe._asdict().items()])


def matrix_heights(pairs: Sequence[tuple[str, str]]) -> list[float]:
    """Return where the rows of the matrix stand, from 0 downwards, with gaps between choices."""
    return [place + GAP * Universe._fields.index(name) for place, (name, _) in enumerate(pairs)]


def matrix_inches(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the height of the matrix in inches."""
    return MATRIX_ROW * (matrix_heights(pairs)[-1] + 1.4)


def draw_matrix(
    axes: Axes, pairs: Sequence[tuple[str, str]], universes: Sequence[Universe], published: Universe
) -> None:
    """Draw a row per value of each choice, with a tick where a universe makes it, universes at 0, 1, 2 …

    Parameters
    ----------
    axes : Axes
        Empty axes.
    pairs : sequence of (str, str)
        The rows, from :func:`choice_values`.
    universes : sequence of Universe
        From left to right.
    published : Universe
        The one to outline.
    """
    heights = matrix_heights(pairs)
    thick = min(0.75 * 72 * MATRIX_WIDTH / len(universes), 8.0)
    for (name, value), height in zip(pairs, heights, strict=True):
        made = [number for number, universe in enumerate(universes) if getattr(universe, name) == value]
        axes.axhspan(height - 0.42, height + 0.42, color="0.94", linewidth=0, zorder=0)
        axes.vlines(made, height - 0.36, height + 0.36, color="0.25", linewidth=thick)
    for name in Universe._fields:
        first = next(height for (other, _), height in zip(pairs, heights, strict=True) if other == name)
        axes.annotate(
            name,
            (0, first),
            (-NAME_DISTANCE, 0),
            xycoords=axes.get_yaxis_transform(),
            textcoords="offset points",
            ha="right",
            va="center",
            color="0.4",
        )
    axes.set_yticks(heights, [plain(TEXTS.get(value, value)) for _, value in pairs])
    axes.set_ylim(heights[-1] + 0.7, -0.7)
    axes.set_xlim(-0.5, len(universes) - 0.5)
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0)
    axes.spines[:].set_visible(False)
    if published in universes:
        outline(axes, universes.index(published), -0.6, heights[-1] + 0.6)


def outline(axes: Axes, column: int, top: float, bottom: float) -> None:
    """Draw a frame around the universe at `column`."""
    frame = Rectangle((column - 0.5, top), 1, bottom - top, fill=False, linewidth=0.8, clip_on=False, zorder=4)
    axes.add_patch(frame)


def name_published(axes: Axes, universes: Sequence[Universe], published: Universe, height: float) -> None:
    """Write what the outlined universe is, at `height` in units of `axes`, towards the middle."""
    if published in universes:
        column = universes.index(published)
        leftwards = column > len(universes) / 2
        text = "published analysis ▼" if leftwards else "▼ published analysis"
        # Shifted by half a triangle, so that its tip is above the column.
        axes.annotate(
            text,
            (column, height),
            (3 if leftwards else -3, 0),
            textcoords="offset points",
            ha="right" if leftwards else "left",
            va="bottom",
            annotation_clip=False,
        )
