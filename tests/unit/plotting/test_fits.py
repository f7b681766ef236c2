"""The figure of curves with their fits."""

from dataclasses import replace

import numpy as np
import pytest
from drawn_curves import CASES, LAWS_FITTED, SKIP, T, curve, dots, ending_in, fitted, imported, texts
from matplotlib.backends.backend_agg import FigureCanvasAgg

from losslaws.plotting import fits as figure_of_fits
from losslaws.plotting.cells import cells
from losslaws.plotting.draw import make_figure

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("error")]


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
        return figure_of_fits.draw(runs, LAWS_FITTED, skip)

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
        assert len(strip.lines) == 1 + len(LAWS_FITTED)

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
        assert len(strip.lines) == 1 + len(LAWS_FITTED)

    def test_points_on_top_of_one_another_are_drawn_once_and_a_spike_stays(self):
        t = np.arange(1.0, 1501.0)
        loss = 3.0 * t**-0.7 + 0.2
        loss[1400] = 2.5
        panel = self.draw(fitted(curve(t=t, loss=loss))).axes[0]
        drawn = np.vstack([line.get_xydata() for line in dots(panel)])
        assert len(drawn) < 700
        assert [1401.0, 2.5] in drawn.tolist()

    def test_strips_are_in_units_of_the_residual_standard_deviation_of_the_best_law(self):
        run = fitted(curve())[0]
        loss, best = figure_of_fits.residuals(run, SKIP), run.fits[0]
        assert loss.size == T.size - SKIP
        for fit in run.fits:
            distance = loss - figure_of_fits.from_best(run, fit, T[SKIP:])
            assert np.mean(distance**2) == pytest.approx(fit.rss / best.rss, rel=1e-6)

    def test_strips_hold_the_losses_and_laws_minus_the_best_law(self):
        run = fitted(curve())[0]
        strip = self.draw([run]).axes[1]
        points, first, *others = strip.lines
        np.testing.assert_array_equal(first.get_ydata(), 0.0)
        residuals = dict(zip(T[SKIP:], figure_of_fits.residuals(run, SKIP), strict=True))
        assert points.get_ydata().tolist() == [residuals[t] for t in points.get_xdata()]
        for line, fit in zip(others, run.converged[1:], strict=True):
            np.testing.assert_allclose(
                line.get_ydata() * figure_of_fits.deviation(run), fit(line.get_xdata()) - run.fits[0](line.get_xdata())
            )

    def test_residual_axes_are_marked_where_they_turn_logarithmic(self):
        _, strip = self.draw(fitted(curve())).axes
        assert strip.get_yscale() == "symlog"
        assert [text.get_text() for text in strip.get_yticklabels()][1:3] == ["−1", "1"]
        assert "linear up to ±s, logarithmic beyond" in texts(strip.figure)

    def test_notes_stand_within_the_narrowest_page_beneath_its_axes(self):
        figure = make_figure(figure_of_fits.draw, fitted(curve()), LAWS_FITTED, SKIP)
        renderer = FigureCanvasAgg(figure).get_renderer()
        time, notes = (text.get_window_extent(renderer) for text in figure.texts)
        assert notes.x0 > 0
        assert notes.y1 < time.y0

    def test_a_law_that_turns_negative_leaves_through_the_floor(self):
        run = CASES["law turns negative"]()[0]
        lines = self.draw([run]).axes[0].lines[2:]
        floor = self.draw([run]).axes[0].get_ylim()[0]
        lowest = [fit(T[SKIP:]).min() for fit in run.converged]
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
        monkeypatch.setattr(figure_of_fits, "MAX_PANELS", 2)
        figure = self.draw(CASES["imported"]())
        assert len(figure.axes) == 4
        assert "2 more are not drawn" in texts(figure)
