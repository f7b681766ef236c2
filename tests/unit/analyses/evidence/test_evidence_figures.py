"""The figures of the multiverse draw what they say, whatever the runs are, and the same bytes each time."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pytest
from docutils.core import publish_parts
from jinja2 import Environment, StrictUndefined
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from losslaws.analyses.evidence import ANALYSIS
from losslaws.analyses.evidence import figure_specification_curve as specification_curve
from losslaws.analyses.evidence import figure_winner_map as winner_map
from losslaws.analyses.evidence.figure_universes import choice_values, majority_law
from losslaws.analyses.evidence.multiverse import CRITERIA, choices
from losslaws.analyses.evidence.results import CurveOutcome, Universe
from losslaws.analyses.evidence.universes import outcomes, published_universe
from losslaws.config.fitting import Fitting
from losslaws.core.registry import LAWS
from losslaws.plotting.draw import save_figure
from losslaws.plotting.style import STYLE, law_styles

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("error")]

LAWS_FITTED = [LAWS.load(name) for name in ("power_law", "exponential", "stretched_exp", "log_power")]
FITTING = Fitting(laws=tuple(law.name for law in LAWS_FITTED))
PUBLISHED = published_universe(10, "paper")
FIGURES = {"specification_curve": specification_curve.draw, "winner_map": winner_map.draw}
UNIVERSES = [
    Universe(choice.bounds, choice.space, choice.errors, choice.skip, criterion)
    for choice in choices(10)
    for criterion in CRITERIA
]
CAPTION = Path(__file__).parents[4] / "workflow" / "report" / "figure.rst"


def run(task="mod_add", width=32, seed=0):
    return f"{task}_w{width}_s{seed}", task, width, seed, None, None


def imported(name):
    """A curve of which only the name is known."""
    return name, None, None, None, None, None


def table(*runs, winner="power_law", **exceptions):
    """Return outcomes in which `winner` wins everywhere, but under choices such as ``space_log="exponential"``."""
    rows = []
    for about in runs:
        for universe in UNIVERSES:
            made = universe._asdict()
            chosen = [law for key, law in exceptions.items() if made[key.split("_")[0]] == key.split("_")[1]]
            rows.append(CurveOutcome(*about, *universe, chosen[-1] if chosen else winner, None, None, ()))
    return rows


def mixed(*runs):
    """Return outcomes whose winners, of four laws and none, have no pattern."""
    names = [*FITTING.laws, None]
    picks = np.random.default_rng(0).integers(len(names), size=len(runs) * len(UNIVERSES))
    return [replace(row, winner=names[pick]) for row, pick in zip(table(*runs), picks, strict=True)]


GRID = [run(task, width) for task in ("mod_add", "regression") for width in (8, 16, 32)]

CASES = {
    "one run": lambda: mixed(run()),
    "grid": lambda: mixed(*GRID),
    "120 runs": lambda: mixed(*(run(width=width, seed=seed) for width in (4, 8, 16) for seed in range(40))),
    "120 imported": lambda: mixed(*(imported(f"lm {number}") for number in range(120))),
    "imported and trained": lambda: mixed(imported("b"), run()),
    "no winner at all": lambda: table(run(), winner=None),
    "no winner for some": lambda: table(run(), errors_ar1=None),
    "no published winner": lambda: table(run(), errors_independent=None),
    "odd names": lambda: mixed(imported("lm/run $1$_{ % \\frac & <x>" + "x" * 60), run("$a_b$ μ", 8)),
    "one universe": lambda: [row for row in mixed(run()) if row.universe == PUBLISHED],
}


def texts(figure):
    return [text.get_text() for text in figure.findobj(mpl.text.Text) if text.get_text()]


def frames(axes):
    return [patch for patch in axes.patches if type(patch) is Rectangle and not patch.get_fill()]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", FIGURES)
def test_every_kind_of_table_is_drawn_as_png_and_svg(name, case, tmp_path, monkeypatch):
    monkeypatch.setitem(STYLE, "savefig.dpi", 50)
    paths = [tmp_path / "figure.png", tmp_path / "figure.svg"]
    save_figure(FIGURES[name], paths, CASES[case](), LAWS_FITTED, FITTING)
    assert paths[0].read_bytes().startswith(b"\x89PNG")
    assert b"</svg>" in paths[1].read_bytes()


@pytest.mark.parametrize("name", FIGURES)
def test_equal_tables_give_equal_files_whatever_the_readers_settings(name, tmp_path):
    for folder, settings in (("a", {}), ("b", {"font.size": 20.0, "lines.linewidth": 7.0})):
        with mpl.rc_context(settings):
            paths = [tmp_path / folder / f"figure.{kind}" for kind in ("png", "svg")]
            save_figure(FIGURES[name], paths, CASES["grid"](), LAWS_FITTED, FITTING)
    for kind in ("png", "svg"):
        assert (tmp_path / "a" / f"figure.{kind}").read_bytes() == (tmp_path / "b" / f"figure.{kind}").read_bytes()


@pytest.mark.parametrize("case", ["grid", "120 runs", "odd names"])
@pytest.mark.parametrize("name", FIGURES)
def test_all_text_is_inside_the_page_and_large_enough(name, case):
    with mpl.rc_context(STYLE):
        figure = FIGURES[name](CASES[case](), LAWS_FITTED, FITTING)
        figure.draw_without_rendering()
        for text in figure.findobj(mpl.text.Text):
            if text.get_text():
                box = text.get_window_extent()
                assert text.get_fontsize() >= 6.5
                assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1, text.get_text()
                assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1, text.get_text()
    assert figure.get_size_inches()[0] == 7.0


@pytest.mark.parametrize("name", FIGURES)
def test_the_matrix_has_a_tick_for_each_choice_of_each_universe(name):
    matrix = FIGURES[name](CASES["grid"](), LAWS_FITTED, FITTING).axes[1]
    ticks = [tuple(segment[0]) for lines in matrix.collections for segment in lines.get_segments()]
    assert len(ticks) == len(set(ticks)) == 5 * len(UNIVERSES)
    labels = [label.get_text() for label in matrix.get_yticklabels()]
    assert labels[:6] == ["paper", "wide", "linear", "log", "independent", "AR(1)"]
    assert labels[6:] == ["0", "10", "50", "1%", "AIC", "AICc", "BIC", "hold-out"]


@pytest.mark.parametrize("bounds", ["paper", "wide"])
@pytest.mark.parametrize("name", FIGURES)
def test_the_published_analysis_is_framed_in_the_matrix(name, bounds):
    fitting = replace(FITTING, bounds=bounds)
    figure = FIGURES[name](CASES["grid"](), LAWS_FITTED, fitting)
    matrix = figure.axes[1]
    (frame,) = frames(matrix)
    column = frame.get_x() + 0.5
    made = [
        label.get_text()
        for label, lines in zip(matrix.get_yticklabels(), matrix.collections, strict=True)
        if column in [segment[0][0] for segment in lines.get_segments()]
    ]
    assert made == [bounds, "linear", "independent", "10", "AIC"]
    assert sum("published analysis" in text for text in texts(figure)) == 1


@pytest.mark.parametrize("name", FIGURES)
def test_without_the_published_analysis_nothing_is_framed(name):
    figure = FIGURES[name](CASES["grid"](), LAWS_FITTED, replace(FITTING, skip=5))
    assert not any(frames(axes) for axes in figure.axes)
    assert not any("published analysis" in text for text in texts(figure))


@pytest.mark.parametrize("name", FIGURES)
def test_the_caption_can_be_rendered(name):
    params = SimpleNamespace(caption=ANALYSIS.steps[f"figure_{name}"].caption)
    job = SimpleNamespace(wildcards=SimpleNamespace(experiment="tiny"), params=params)
    text = Environment(undefined=StrictUndefined).from_string(CAPTION.read_text(encoding="utf-8"))
    body = publish_parts(text.render(snakemake=job), writer="html", settings_overrides={"halt_level": 2})["body"]
    assert "xperiment tiny" in body
    assert "published analysis" in body


class TestUniverses:
    def test_numbers_of_skipped_points_ascend_and_percentages_follow(self):
        universes = [Universe("paper", "linear", "independent", skip, "aic") for skip in ("10", "1%", "0", "200", "50")]
        skips = [value for name, value in choice_values(universes) if name == "skip"]
        assert skips == ["0", "10", "50", "200", "1%"]

    def test_the_majority_law_is_that_of_the_published_analysis(self):
        rows = table(run(), winner="exponential", skip_10="power_law")
        assert majority_law(outcomes(rows), PUBLISHED) == "power_law"

    def test_without_the_published_analysis_it_is_that_of_all(self):
        rows = table(run(), winner="exponential", skip_10="power_law")
        assert majority_law(outcomes(rows), published_universe(7, "paper")) == "exponential"

    def test_without_any_winner_there_is_none(self):
        assert majority_law(outcomes(table(run(), winner=None)), PUBLISHED) is None


class TestSpecificationCurve:
    def draw(self, rows, fitting=FITTING, laws=LAWS_FITTED):
        return specification_curve.draw(rows, laws, fitting)

    def points(self, figure):
        """Return x, y and the face of every point that stands for a universe, by x."""
        lines = [line for line in figure.axes[0].lines if line.get_marker() not in ("None", None)]
        found = [
            (x, y, line.get_markerfacecolor())
            for line in lines
            if line.get_markerfacecolor() != "none"
            for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
        ]
        return sorted(found, key=lambda point: point[0])

    def ring(self, figure):
        (line,) = [line for line in figure.axes[0].lines if line.get_markerfacecolor() == "none"]
        return float(line.get_xdata()[0]), float(line.get_ydata()[0])

    def test_each_universe_has_a_point_and_shares_ascend(self):
        rows = CASES["grid"]()
        points = self.points(self.draw(rows))
        every = outcomes(rows)
        law = majority_law(every, PUBLISHED)
        assert [x for x, _, _ in points] == list(range(len(UNIVERSES)))
        assert [y for _, y, _ in points] == sorted(entry.share(law) for entry in every)

    def test_points_are_filled_where_the_law_keeps_its_majority_and_the_title_counts_them(self):
        rows = table(*GRID, space_log="exponential")
        figure = self.draw(rows)
        points = self.points(figure)
        assert [(y, face) for _, y, face in points[:64]] == [(0.0, "white")] * 64
        filled = law_styles(LAWS_FITTED)["power_law"].colour
        assert [(y, face) for _, y, face in points[64:]] == [(1.0, filled)] * 64
        assert figure.axes[0].get_title(loc="left") == "6 runs: power_law wins most under 64 of 128 analyses"

    def test_a_tie_keeps_the_majority(self):
        rows = table(run(seed=0)) + table(run(seed=1), criterion_bic="exponential")
        assert "under 128 of 128" in self.draw(rows).axes[0].get_title(loc="left")

    def test_each_choice_says_in_how_many_of_its_universes(self):
        figure = self.draw(table(run(), space_log="exponential"))
        counts = [text.get_text() for text in figure.axes[1].texts if " of " in text.get_text()]
        assert counts == ["32 of 64"] * 2 + ["64 of 64", "0 of 64"] + ["32 of 64"] * 2 + ["16 of 32"] * 8

    def test_the_published_analysis_is_one_ringed_point(self):
        rows = table(*GRID[:3]) + table(*GRID[3:], errors_ar1="exponential", skip_50="exponential")
        figure = self.draw(rows)
        x, y = self.ring(figure)
        assert y == 1.0
        assert frames(figure.axes[1])[0].get_x() + 0.5 == x

    def test_the_title_says_that_the_published_analysis_is_missing(self):
        figure = self.draw(table(run()), replace(FITTING, skip=5))
        assert "the published one (skip 5) is not among them" in figure.axes[0].get_title(loc="left")

    def test_universes_without_winner_are_crosses_at_0(self):
        figure = self.draw(CASES["no winner for some"]())
        (crosses,) = [line for line in figure.axes[0].lines if line.get_marker() == "x"]
        assert len(crosses.get_xdata()) == 64
        assert not np.any(crosses.get_ydata())
        assert "no law has a fit" in texts(figure)

    def test_without_any_winner_the_title_says_so(self):
        figure = self.draw(CASES["no winner at all"]())
        assert figure.axes[0].get_title(loc="left") == "1 run: no law has a fit"

    def test_one_law_wins_everywhere(self):
        figure = self.draw(table(*GRID), laws=LAWS_FITTED[:1])
        assert {y for _, y, _ in self.points(figure)} == {1.0}


class TestWinnerMap:
    def draw(self, rows, fitting=FITTING, laws=LAWS_FITTED):
        return winner_map.draw(rows, laws, fitting)

    def colours(self, figure):
        """Return the colours, shape (runs, universes, 3)."""
        (mesh,) = [entry for entry in figure.axes[0].collections if isinstance(entry, mpl.collections.QuadMesh)]
        return np.asarray(mesh.get_array())

    def test_each_run_has_a_line_with_the_colours_of_its_winners(self):
        colours = self.colours(self.draw(table(run(width=8)) + table(run(width=16), space_log="exponential")))
        styles = law_styles(LAWS_FITTED)
        power, exponential = (to_rgb(styles[name].colour) for name in ("power_law", "exponential"))
        assert colours.shape == (2, 128, 3)
        np.testing.assert_array_equal(colours[0], [power] * 128)
        np.testing.assert_array_equal(colours[1], ([power] * 32 + [exponential] * 32) * 2)

    def test_lines_follow_task_width_and_seed(self):
        order = [run("b", 64, 1), run("b", 64, 0), run("a", 8), run("b", 8)]
        winners = ["power_law", "exponential", "stretched_exp", "log_power"]
        rows = [row for about, winner in zip(order, winners, strict=True) for row in table(about, winner=winner)]
        figure = self.draw(rows)
        styles = law_styles(LAWS_FITTED)
        expected = [to_rgb(styles[name].colour) for name in ("log_power", "exponential", "power_law", "stretched_exp")]
        np.testing.assert_array_equal(self.colours(figure)[:, 0], expected)
        assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["b  8", "64", "a  8"]

    def test_no_winner_is_grey_and_in_the_legend(self):
        figure = self.draw(CASES["no winner for some"]())
        grey = np.all(self.colours(figure) == to_rgb(winner_map.NO_WINNER), axis=-1)
        assert grey.sum() == 64
        assert {"power_law 50%", "no fit 50%"} <= set(texts(figure))

    def test_a_row_that_is_missing_is_grey(self):
        rows = table(run(width=8)) + [row for row in table(run(width=16)) if row.skip != "50"]
        grey = np.all(self.colours(self.draw(rows)) == to_rgb(winner_map.NO_WINNER), axis=-1)
        assert grey.sum(axis=1).tolist() == [0, 32]

    def test_the_frame_spans_all_rows(self):
        (frame,) = frames(self.draw(CASES["grid"]()).axes[0])
        assert (frame.get_y(), frame.get_height(), frame.get_width()) == (-0.5, 6, 1)

    def test_agreement_is_the_share_of_analyses_with_the_published_winner(self):
        rows = (
            table(run(width=8))
            + table(run(width=16), criterion_bic="exponential")
            + table(run(width=32, seed=0))
            + table(run(width=32, seed=1), space_log="exponential")
            + table(run(width=64), winner=None)
        )
        figure = self.draw(rows)
        column = [text.get_text() for text in figure.axes[0].texts]
        assert [text for text in column if text.endswith("%") or text == "–"] == ["100%", "75%", "75%", "–"]

    def test_laws_beyond_the_palette_have_colours_of_their_own(self):
        laws = [replace(law, name=f"{law.name}_{number}") for number in range(4) for law in LAWS_FITTED]
        assert len(set(winner_map.law_fills(laws).values())) == len(laws)
        rows = [replace(row, winner=laws[place % 16].name) for place, row in enumerate(table(run()))]
        figure = self.draw(rows, laws=laws)
        assert all(f"{law.name} 6%" in texts(figure) for law in laws)

    def test_rows_beyond_the_most_are_mentioned(self):
        figure = self.draw(CASES["120 imported"]())
        assert self.colours(figure).shape[0] == 60
        assert any("60 more are not drawn" in text for text in texts(figure))

    def test_many_seeds_of_a_cell_are_all_drawn(self):
        assert self.colours(self.draw(CASES["120 runs"]())).shape == (120, 128, 3)
