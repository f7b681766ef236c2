"""The figures draw what they say, whatever the runs are, and the same bytes each time."""

import warnings
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pytest
from docutils.core import publish_parts
from jinja2 import Environment, StrictUndefined

from losslaws.analyses.universality import figure_aic as aic_comparison
from losslaws.analyses.universality import figure_exponents as exponent_distributions
from losslaws.core.registry import LAWS
from losslaws.curves.curve import Curve
from losslaws.fitting.fit_table import fit_curves
from losslaws.fitting.fitted import join_fits
from losslaws.plotting import draw as _draw
from losslaws.plotting import fits as loss_curves_with_fits
from losslaws.plotting.cells import cells
from losslaws.plotting.style import law_styles
from losslaws.plotting.ticks import label, log_ticks

FIGURES = ("loss_curves_with_fits", "aic_comparison", "exponent_distributions")

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("error")]

LAWS_FITTED = [LAWS.load(name) for name in ("power_law", "exponential", "stretched_exp", "log_power")]
SKIP = 3
T = np.arange(1.0, 61.0)


def curve(task="mod_add", width=32, seed=0, loss=None, t=T):
    """A noisy power law, or any other losses, as training would leave them."""
    if loss is None:
        noise = np.random.default_rng(1000 * seed + width).standard_normal(t.size)
        loss = 3.0 * t**-0.7 + 0.2 + 0.005 * noise
    return Curve(f"{task}_w{width}_s{seed}", t, loss, {"task": task, "width": width, "seed": seed, "split": "train"})


def imported(name, loss=None):
    """A curve that somebody else recorded."""
    return Curve(name, T, curve().loss if loss is None else loss)


def fitted(*curves, laws=LAWS_FITTED, skip=SKIP):
    with warnings.catch_warnings():
        # What the fitter thinks of these curves is for its own tests.
        warnings.simplefilter("ignore")
        return join_fits(curves, fit_curves(curves, laws, skip), laws)


def ending_in(value):
    loss = curve().loss.copy()
    loss[-5:] = value
    return loss


def dots(axes):
    return [line for line in axes.lines if line.get_marker() not in ("None", "x")]


def x_values(axes):
    return np.concatenate([line.get_xdata() for line in dots(axes)])


def texts(figure):
    return " ".join(text.get_text() for text in figure.findobj(mpl.text.Text))


LOG_TIME = 5.0 - np.log(T)
"""The limit of a power law as its exponent tends to 0."""

CASES = {
    "one cell": lambda: fitted(curve()),
    "grid": lambda: fitted(*(curve(task, width) for task in ("mod_add", "regression") for width in (8, 16, 32))),
    "many widths": lambda: fitted(*(curve(width=width) for width in (4, 8, 16, 32, 64, 128))),
    "many seeds": lambda: fitted(*(curve(width=width, seed=seed) for width in (8, 16) for seed in range(10))),
    "holes in the grid": lambda: fitted(curve("mod_add", 8), curve("mod_add", 16), curve("regression", 8)),
    "imported": lambda: fitted(imported("lm/run $1$ " + "x" * 60), imported("b"), imported("c"), imported("d")),
    "imported and trained": lambda: fitted(imported("b"), curve()),
    "NaN": lambda: fitted(curve(loss=ending_in(np.nan)), curve(width=64)),
    "infinite": lambda: fitted(curve(loss=ending_in(np.inf)), curve(width=64)),
    "no fit at all": lambda: fitted(curve(loss=np.full(T.size, np.nan))),
    "constant": lambda: fitted(curve(loss=np.full(T.size, 2.0))),
    "short": lambda: fitted(curve(t=T[: SKIP + 1], loss=curve().loss[: SKIP + 1])),
    "shorter than what is skipped": lambda: fitted(curve(t=T[:2], loss=curve().loss[:2])),
    "rising": lambda: fitted(curve(loss=curve().loss[::-1].copy())),
    "negative losses": lambda: fitted(curve(loss=curve().loss - 10.0)),
    "law turns negative": lambda: fitted(curve(loss=np.maximum(2.0 - 0.05 * T, 1e-6))),
    "exact law": lambda: fitted(curve(loss=3.0 * T**-0.5 + 0.1)),
    "limit": lambda: fitted(curve(loss=LOG_TIME)),
    "huge and tiny": lambda: fitted(curve(loss=1e80 * curve().loss), curve(width=64, loss=1e-80 * curve().loss)),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", FIGURES)
def test_every_kind_of_run_is_drawn_as_png_and_svg(name, case, tmp_path, monkeypatch):
    monkeypatch.setitem(_draw.STYLE, "savefig.dpi", 50)
    paths = [tmp_path / "figure.png", tmp_path / "figure.svg"]
    _draw.draw(name, paths, CASES[case](), LAWS_FITTED, SKIP)
    assert paths[0].read_bytes().startswith(b"\x89PNG")
    assert b"</svg>" in paths[1].read_bytes()


@pytest.mark.parametrize("name", FIGURES)
def test_many_laws_are_told_apart(name):
    laws = [replace(law, name=f"{law.name}_{number}") for number in range(3) for law in LAWS_FITTED]
    figure = import_module(f"losslaws.figures.{name}").draw(fitted(curve(), laws=laws), laws, SKIP)
    assert all(law.name in texts(figure) for law in laws)
    styles = law_styles(laws).values()
    assert len({(style.colour, style.dashes) for style in styles}) == len(laws)
    assert len({(style.colour, style.marker) for style in styles}) == len(laws)


@pytest.mark.parametrize("name", FIGURES)
def test_equal_runs_give_equal_files_whatever_the_readers_settings(name, tmp_path):
    for folder, settings in (("a", {}), ("b", {"font.size": 20.0, "lines.linewidth": 7.0})):
        with mpl.rc_context(settings):
            paths = [tmp_path / folder / f"figure.{kind}" for kind in ("png", "svg")]
            _draw.draw(name, paths, CASES["many seeds"](), LAWS_FITTED, SKIP)
    for kind in ("png", "svg"):
        assert (tmp_path / "a" / f"figure.{kind}").read_bytes() == (tmp_path / "b" / f"figure.{kind}").read_bytes()


@pytest.mark.parametrize("name", FIGURES)
def test_the_caption_can_be_rendered(name):
    text = (Path(_draw.__file__).parents[2] / "report" / f"{name}.rst").read_text(encoding="utf-8")
    job = SimpleNamespace(
        wildcards=SimpleNamespace(experiment="tiny"),
        params=SimpleNamespace(fitting={"skip": SKIP, "laws": ["power_law"]}),
    )
    rendered = Environment(undefined=StrictUndefined).from_string(text).render(snakemake=job)
    body = publish_parts(rendered, writer="html", settings_overrides={"halt_level": 2})["body"]
    assert "experiment tiny" in body


class TestCells:
    def test_seeds_share_a_cell_and_widths_ascend(self):
        runs = fitted(curve("b", 64), curve("b", 8), curve("a", 8), curve("b", 8, seed=1))
        assert [(cell.task, cell.width, len(cell.runs)) for cell in cells(runs)] == [
            ("b", 8, 2),
            ("b", 64, 1),
            ("a", 8, 1),
        ]

    def test_curves_of_unknown_width_stay_apart(self):
        runs = fitted(*(replace(imported(name), attributes={"task": "lm"}) for name in ("x", "y")))
        assert [cell.title for cell in cells(runs)] == ["x", "y"]


class TestLossCurves:
    def draw(self, runs, skip=SKIP):
        return loss_curves_with_fits.draw(runs, LAWS_FITTED, skip)

    def test_each_cell_has_a_panel_and_a_strip_in_rows_of_tasks(self):
        figure = self.draw(CASES["grid"]())
        panels, strips = figure.axes[::2], figure.axes[1::2]
        assert [axes.get_title(loc="left").split(",")[0] for axes in panels] == ["mod_add"] * 3 + ["regression"] * 3
        assert len({round(axes.get_position().y0, 6) for axes in panels}) == 2
        assert len({round(axes.get_position().x0, 6) for axes in panels}) == 3
        for panel, strip in zip(panels, strips, strict=True):
            assert panel.get_xscale() == panel.get_yscale() == "log"
            assert strip.get_xlim() == panel.get_xlim()
            assert strip.get_position().y1 < panel.get_position().y0

    def test_all_points_and_all_laws_are_there(self):
        run = fitted(curve())[0]
        panel, strip = self.draw([run]).axes
        drawn = np.vstack([line.get_xydata() for line in dots(panel)])
        np.testing.assert_array_equal(drawn, np.column_stack([run.curve.t, run.curve.loss]))
        assert len(dots(panel)[0].get_xdata()) == SKIP
        assert len(panel.lines) == 2 + len(LAWS_FITTED)
        assert len(strip.lines) == len(LAWS_FITTED)

    def test_laws_run_over_the_fitted_range(self):
        panel, _ = self.draw(fitted(curve())).axes
        for line in panel.lines[2:]:
            assert line.get_xdata()[[0, -1]] == pytest.approx([SKIP + 1, 60])

    def test_every_seed_has_its_points_and_the_title_names_the_fitted_one(self):
        runs = fitted(curve(seed=5, loss=ending_in(np.nan)), *(curve(seed=seed) for seed in (6, 7)))
        panel, strip = self.draw(runs).axes
        assert len(dots(panel)) == 4
        assert sum(len(line.get_xdata()) for line in dots(panel)) > 150
        assert "3 seeds, laws of seed 6, 1 unfitted" in panel.get_title(loc="left").replace("\n", " ")
        assert len(strip.lines) == len(LAWS_FITTED)

    def test_points_on_top_of_one_another_are_drawn_once_and_a_spike_stays(self):
        t = np.arange(1.0, 1501.0)
        loss = 3.0 * t**-0.7 + 0.2
        loss[1400] = 2.5
        panel = self.draw(fitted(curve(t=t, loss=loss))).axes[0]
        drawn = np.vstack([line.get_xydata() for line in dots(panel)])
        assert len(drawn) < 700
        assert [1401.0, 2.5] in drawn.tolist()

    def test_residuals_are_in_units_of_those_of_the_best_law(self):
        run = fitted(curve())[0]
        sizes = {}
        for law in LAWS_FITTED:
            t, values = loss_curves_with_fits.residuals(run, law, SKIP)
            assert t[0] == SKIP + 1
            sizes[law.name] = np.sqrt(np.mean(values**2))
        assert sizes[run.fits[0].law] == pytest.approx(1.0, rel=1e-6)
        assert min(sizes.values()) == sizes[run.fits[0].law]

    def test_a_law_that_turns_negative_leaves_through_the_floor(self):
        run = CASES["law turns negative"]()[0]
        lines = self.draw([run]).axes[0].lines[2:]
        floor = self.draw([run]).axes[0].get_ylim()[0]
        lowest = [
            law(T[SKIP:], fit.params).min() for fit in run.converged for law in LAWS_FITTED if law.name == fit.law
        ]
        assert min(lowest) < 0
        assert all((line.get_ydata() > 0).all() for line in lines)
        assert min(line.get_ydata().min() for line in lines) < floor

    def test_a_run_without_fits_says_why(self):
        panel, strip = self.draw(CASES["no fit at all"]()).axes
        assert "no fit: the loss is NaN" in panel.get_title(loc="left").replace("\n", " ")
        assert not strip.lines

    def test_a_law_without_a_fit_is_named(self):
        runs = fitted(curve(), skip=0)
        panel = self.draw(runs, skip=0).axes[0]
        assert "no fit: log_power" in panel.get_title(loc="left").replace("\n", " ")

    def test_losses_that_a_logarithm_cannot_show_are_counted(self):
        loss = curve().loss.copy()
        loss[10:14] = [-1.0, 0.0, -2.0, 0.0]
        panel = self.draw(fitted(curve(loss=loss))).axes[0]
        assert "not shown: 4 losses at or below 0" in panel.get_title(loc="left").replace("\n", " ")

    def test_one_run_that_explodes_does_not_flatten_its_row(self):
        exploding = ending_in(np.inf)
        exploding[-8:-5] = 1e30
        figure = self.draw(fitted(curve(width=8), curve(width=16, loss=exploding)))
        assert figure.axes[2].get_ylim()[1] < 10

    def test_imported_curves_have_their_own_axes_and_time(self):
        figure = self.draw(CASES["imported"]())
        assert figure.texts[0].get_text() == "t"
        assert [axes.get_title(loc="left") for axes in figure.axes[2::2]] == ["b", "c", "d"]

    def test_panels_beyond_the_most_are_mentioned(self, monkeypatch):
        monkeypatch.setattr(loss_curves_with_fits, "MOST_PANELS", 2)
        figure = self.draw(CASES["imported"]())
        assert len(figure.axes) == 4
        assert "2 more are not drawn" in texts(figure)


class TestAICComparison:
    def draw(self, runs):
        return aic_comparison.draw(runs, LAWS_FITTED, SKIP)

    def test_points_are_differences_to_the_best_law_of_the_run(self):
        runs = CASES["grid"]()
        axes = self.draw(runs).axes[0]
        drawn = np.sort(x_values(axes))
        expected = [fit.aic - min(other.aic for other in run.fits) for run in runs for fit in run.fits]
        np.testing.assert_allclose(drawn, np.sort(expected))
        assert np.sum(drawn == 0) == len(runs)

    def test_zero_and_the_thresholds_are_on_the_axis(self):
        axes = self.draw(fitted(curve())).axes[0]
        assert [text.get_text() for text in axes.get_xticklabels()][:3] == ["0", "4", "10"]
        assert axes.get_xlim()[0] < 0 < axes.get_xlim()[1]
        assert {"weak", "moderate", "strong"} <= {text.get_text() for text in axes.texts}

    def test_each_run_has_a_point_in_the_row_of_its_cell(self):
        runs = CASES["many seeds"]()
        heights = np.concatenate([line.get_ydata() for line in dots(self.draw(runs).axes[0])])
        assert len(heights) == len(runs) * len(LAWS_FITTED)
        assert set(np.round(heights)) == {0, 1}

    def test_fits_at_a_bound_are_open(self):
        run = CASES["limit"]()[0]
        at_bound = sum(bool(fit.at_bound) for fit in run.converged)
        lines = dots(self.draw([run]).axes[0])
        open_points = [x for line in lines if line.get_markerfacecolor() == "white" for x in line.get_xdata()]
        assert len(open_points) == at_bound > 0

    def test_a_law_without_a_fit_is_a_cross_and_a_run_without_fits_says_why(self):
        runs = fitted(curve(), curve(width=64, loss=np.full(T.size, 2.0)), skip=0)
        figure = self.draw(runs)
        crosses = [y for line in figure.axes[0].lines if line.get_marker() == "x" for y in line.get_ydata()]
        assert len(crosses) == 1
        assert len(x_values(figure.axes[0])) == 3
        assert "the loss never changes" in texts(figure).replace("\n", " ")


class TestExponents:
    def draw(self, runs, laws=LAWS_FITTED):
        return exponent_distributions.draw(runs, laws, SKIP)

    def test_each_law_has_a_panel_with_a_point_per_run(self):
        runs = CASES["grid"]()
        figure = self.draw(runs)
        for axes, law in zip(figure.axes, LAWS_FITTED, strict=True):
            expected = [fit.params[law.exponent] for run in runs for fit in run.fits if fit.law == law.name]
            np.testing.assert_allclose(np.sort(x_values(axes)), np.sort(expected))

    def test_a_law_without_latex_is_labelled_with_its_formula(self):
        laws = [replace(LAWS_FITTED[0], latex="")]
        assert "a·t^(−β) + L∞" in texts(self.draw(fitted(curve(), laws=laws), laws))

    def test_error_bars_span_one_standard_error_either_side(self):
        run = fitted(curve())[0]
        axes = self.draw([run]).axes[0]
        fit = next(fit for fit in run.fits if fit.law == "power_law")
        (bar,) = axes.collections[-1].get_segments()
        assert fit.errors["beta"] > 0
        beta, error = fit.params["beta"], fit.errors["beta"]
        np.testing.assert_allclose(bar[:, 0], [beta - error, beta + error])
        assert axes.get_xlim()[0] < beta - error < beta + error < axes.get_xlim()[1]

    def test_a_bound_makes_the_point_open(self):
        # Faster than any exponential within the bounds: the rate ends on its upper bound of 1.
        run = fitted(curve(loss=np.exp(-2.0 * T) + 0.1))[0]
        fit = next(fit for fit in run.fits if fit.law == "exponential")
        assert fit.at_bound == ["lambda"]
        (point,) = dots(self.draw([run]).axes[1])
        assert point.get_markerfacecolor() == "white"
        assert point.get_marker() == "o"

    def test_an_optimum_at_infinity_is_a_triangle_at_the_limit(self):
        run = CASES["limit"]()[0]
        assert next(fit for fit in run.fits if fit.law == "power_law").status == "limit"
        (point,) = dots(self.draw([run]).axes[0])
        assert (point.get_marker(), point.get_xdata()[0]) == ("<", 0.0)

    def test_exponents_over_many_decades_get_a_logarithmic_axis_that_keeps_the_limit(self):
        slow = [curve(width=width, loss=2.0 * np.exp(-rate * T) + 0.1) for width, rate in ((8, 1e-3), (16, 0.8))]
        figure = self.draw(fitted(*slow, curve(width=32, loss=2.0 - 0.01 * T)))
        axes = figure.axes[1]
        assert axes.get_xscale() == "log"
        assert dots(axes)[-1].get_marker() == "<"
        assert dots(axes)[-1].get_xdata()[0] == pytest.approx(axes.get_xlim()[0])

    def test_rows_beyond_the_most_are_mentioned(self, monkeypatch):
        monkeypatch.setattr(exponent_distributions, "MOST_ROWS", 1)
        figure = self.draw(CASES["imported"]())
        assert all(len(x_values(axes)) == 1 for axes in figure.axes)
        assert "3 more are not drawn" in texts(figure)


class TestTicks:
    @pytest.mark.parametrize(
        ("low", "high", "expected"),
        [
            (0.9, 1600.0, [1, 10, 100, 1000]),
            (1e-8, 10.0, [1e-8, 1e-5, 1e-2, 10]),
            (1.5, 25.0, [2, 5, 10, 20]),
            (2.99, 3.31, [3.0, 3.1, 3.2, 3.3]),
        ],
    )
    def test_ticks_are_few_and_round(self, low, high, expected):
        assert log_ticks(low, high, 4) == pytest.approx(expected)

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (0.0, "0"),
            (0.05, "0.05"),
            (1000.0, "1000"),
            (10000.0, "10⁴"),
            (1e-8, "10⁻⁸"),
            (2e7, "2·10⁷"),
            (-100.0, "−100"),
            (-2.5e-5, "−2.5·10⁻⁵"),
        ],
    )
    def test_labels(self, value, text):
        assert label(value) == text


def test_fonts_beyond_matplotlibs_own_are_those_that_are_installed(monkeypatch):
    monkeypatch.setattr(_draw.fontManager, "get_font_names", lambda: ["PingFang SC", "DejaVu Sans", "Comic Sans MS"])
    assert _draw.font_families() == ["DejaVu Sans", "PingFang SC"]
