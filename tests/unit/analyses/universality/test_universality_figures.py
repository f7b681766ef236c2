"""The figures of universality draw what they say, whatever the runs are, and the same bytes each time."""

from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pytest
from builders import law_fit, run_of
from docutils.core import publish_parts
from drawn_curves import CASES, LAWS_FITTED, SKIP, T, curve, dots, fitted, imported, texts, x_values
from matplotlib.backends.backend_agg import FigureCanvasAgg

from losslaws.analyses.universality import ANALYSIS, figure_aic, figure_exponents
from losslaws.core.registry import LAWS
from losslaws.fitting.residuals import effective_size
from losslaws.plotting import fits as figure_of_fits
from losslaws.plotting.draw import make_figure, save_figure
from losslaws.plotting.style import STYLE, law_styles

FIGURES = {
    "loss_curves_with_fits": figure_of_fits.draw,
    "aic_comparison": figure_aic.draw,
    "exponent_distributions": figure_exponents.draw,
}

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("error")]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", FIGURES)
def test_every_kind_of_run_is_drawn_as_png_and_svg(name, case, tmp_path, monkeypatch):
    monkeypatch.setitem(STYLE, "savefig.dpi", 50)
    paths = [tmp_path / "figure.png", tmp_path / "figure.svg"]
    save_figure(FIGURES[name], paths, CASES[case](), LAWS_FITTED, SKIP)
    assert paths[0].read_bytes().startswith(b"\x89PNG")
    assert b"</svg>" in paths[1].read_bytes()


@pytest.mark.parametrize("name", FIGURES)
def test_many_laws_are_told_apart(name):
    laws = [replace(law, name=f"{law.name}_{number}") for number in range(3) for law in LAWS_FITTED]
    figure = FIGURES[name](fitted(curve(), laws=laws), laws, SKIP)
    assert all(law.name in texts(figure) for law in laws)
    styles = law_styles(laws).values()
    assert len({(style.colour, style.dashes) for style in styles}) == len(laws)
    assert len({(style.colour, style.marker) for style in styles}) == len(laws)


@pytest.mark.parametrize("name", FIGURES)
def test_equal_runs_give_equal_files_whatever_the_readers_settings(name, tmp_path):
    for folder, settings in (("a", {}), ("b", {"font.size": 20.0, "lines.linewidth": 7.0})):
        with mpl.rc_context(settings):
            paths = [tmp_path / folder / f"figure.{kind}" for kind in ("png", "svg")]
            save_figure(FIGURES[name], paths, CASES["many seeds"](), LAWS_FITTED, SKIP)
    for kind in ("png", "svg"):
        assert (tmp_path / "a" / f"figure.{kind}").read_bytes() == (tmp_path / "b" / f"figure.{kind}").read_bytes()


@pytest.mark.parametrize("name", FIGURES)
def test_captions_are_restructured_text(name):
    caption = ANALYSIS.steps[f"figure_{name}"].caption
    assert publish_parts(caption, writer="html", settings_overrides={"halt_level": 2})["body"]


class TestAICComparison:
    def draw(self, runs):
        return figure_aic.draw(runs, LAWS_FITTED, SKIP)

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
        assert {"best", "weak", "moderate", "strong"} <= {text.get_text() for text in axes.texts}

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
        return figure_exponents.draw(runs, laws, SKIP)

    def test_each_law_has_a_panel_with_a_point_per_run(self):
        runs = CASES["grid"]()
        figure = self.draw(runs)
        for axes, law in zip(figure.axes, LAWS_FITTED, strict=True):
            expected = [fit.params[law.exponent] for run in runs for fit in run.fits if fit.name == law.name]
            np.testing.assert_allclose(np.sort(x_values(axes)), np.sort(expected))

    def test_a_law_without_latex_is_labelled_with_its_formula(self):
        laws = [replace(LAWS_FITTED[0], latex="")]
        assert "a·t^(−β) + L∞" in texts(self.draw(fitted(curve(), laws=laws), laws))

    def test_labels_of_the_narrowest_panels_keep_clear_of_one_another(self):
        laws = [LAWS.load(name) for name in LAWS.names()]
        figure = make_figure(figure_exponents.draw, fitted(curve(), laws=laws), laws, SKIP)
        renderer = FigureCanvasAgg(figure).get_renderer()
        boxes = [axes.xaxis.label.get_window_extent(renderer) for axes in figure.axes[: len(laws)]]
        assert max(box.x1 for box in boxes) < figure.bbox.x1
        assert not any(one.overlaps(other) for place, one in enumerate(boxes) for other in boxes[:place])

    def test_error_bars_span_one_standard_error_either_side(self):
        run = fitted(curve())[0]
        axes = self.draw([run]).axes[0]
        fit = next(fit for fit in run.fits if fit.name == "power_law")
        (bar,) = axes.collections[-1].get_segments()
        assert fit.errors["beta"] > 0
        beta, error = fit.params["beta"], figure_exponents.standard_error(run, fit, SKIP)
        np.testing.assert_allclose(bar[:, 0], [beta - error, beta + error])
        assert axes.get_xlim()[0] < beta - error < beta + error < axes.get_xlim()[1]

    def test_standard_errors_grow_as_the_effective_number_of_points_falls(self):
        t = np.arange(1.0, 601.0)
        noise = np.random.default_rng(0).standard_normal(t.size + 9)
        smooth = np.convolve(noise, np.ones(10) / 10, "valid")
        for added, least, most in ((noise[: t.size], 1.0, 1.2), (smooth, 2.0, np.inf)):
            run = fitted(curve(t=t, loss=3.0 * t**-0.7 + 0.2 + 0.02 * added))[0]
            fit = next(fit for fit in run.fits if fit.name == "power_law")
            ratio = figure_exponents.standard_error(run, fit, SKIP) / fit.errors["beta"]
            assert least <= ratio <= most
            worth = effective_size((run.curve.loss[SKIP:] - fit(t[SKIP:]))[None, :])[0]
            assert ratio == pytest.approx(np.sqrt(fit.n / worth))

    def test_a_bound_makes_the_point_open(self):
        # Faster than any exponential within the bounds: the rate ends on its upper bound of 1.
        run = fitted(curve(loss=np.exp(-2.0 * T) + 0.1))[0]
        fit = next(fit for fit in run.fits if fit.name == "exponential")
        assert fit.at_bound == ("lambda",)
        (point,) = dots(self.draw([run]).axes[1])
        assert point.get_markerfacecolor() == "white"
        assert point.get_marker() == "o"

    def test_an_optimum_at_infinity_is_a_triangle_at_the_limit(self):
        run = CASES["limit"]()[0]
        assert next(fit for fit in run.fits if fit.name == "power_law").status == "limit"
        (point,) = dots(self.draw([run]).axes[0])
        assert (point.get_marker(), point.get_xdata()[0]) == ("<", 0.0)

    def test_a_limit_beyond_every_exponent_is_marked_at_the_edge(self):
        law = LAWS.load("shifted_power_law")
        far = {"a": 1e9, "t0": 4e3, "beta": 400.0, "L_inf": 0.0}
        limit = law_fit(law.name, -1.0, status="limit", params=far, optimum={"beta": 1e4}, at_bound=["beta"])
        axes = self.draw([run_of([limit]), *fitted(curve(), laws=[law])], [law]).axes[0]
        (mark,) = [line for line in dots(axes) if line.get_marker() == ">"]
        assert mark.get_xdata()[0] == axes.get_xlim()[1] < 10

    def test_many_rows_make_a_page_and_no_more(self):
        runs = fitted(*(imported(f"run {number}") for number in range(70)))
        heights = {}
        for laws in (LAWS_FITTED, LAWS_FITTED * 3):
            figure = self.draw(runs, [replace(law, name=f"{law.name}{place}") for place, law in enumerate(laws)])
            heights[len(laws)] = figure.get_size_inches()[1]
        assert max(heights.values()) < 11

    def test_exponents_over_many_decades_get_a_logarithmic_axis_that_keeps_the_limit(self):
        slow = [curve(width=width, loss=2.0 * np.exp(-rate * T) + 0.1) for width, rate in ((8, 1e-3), (16, 0.8))]
        figure = self.draw(fitted(*slow, curve(width=32, loss=2.0 - 0.01 * T)))
        axes = figure.axes[1]
        assert axes.get_xscale() == "log"
        assert dots(axes)[-1].get_marker() == "<"
        assert dots(axes)[-1].get_xdata()[0] == pytest.approx(axes.get_xlim()[0])

    def test_rows_beyond_the_most_are_mentioned(self, monkeypatch):
        monkeypatch.setattr(figure_exponents, "MAX_ROWS", 1)
        figure = self.draw(CASES["imported"]())
        assert all(len(x_values(axes)) == 1 for axes in figure.axes)
        assert "3 more are not drawn" in texts(figure)
