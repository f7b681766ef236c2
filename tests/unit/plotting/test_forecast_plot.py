"""The plot of one forecast."""

import numpy as np
import pytest

from losslaws.curves.curve import Curve
from losslaws.forecasting.forecast import forecast_curve
from losslaws.plotting import forecast as forecast_figure


def forecast_from(start, target):
    """Return a forecast to twice the end of a curve that starts at a t and is 300 long, falling to 1."""
    t = np.arange(start, start + 300.0)
    return forecast_curve(Curve("a", t, 1.0 + (t - start + 1.0) ** -0.5), "2x", target)


@pytest.mark.slow
def test_the_axis_of_a_forecast_is_logarithmic_where_the_range_is_wide():
    for start, scale in ((1.0, "log"), (1000.0, "linear")):
        (axes,) = forecast_figure.draw(forecast_from(start, None)).axes
        assert axes.get_xscale() == scale


@pytest.mark.slow
def test_a_target_is_marked_where_it_is_reached_and_only_drawn_where_it_is_not():
    lines = {}
    for target in (1.05, 0.1):
        (axes,) = forecast_figure.draw(forecast_from(1.0, target)).axes
        lines[target] = [line for line in axes.get_lines() if set(line.get_ydata()) == {target}]
    assert [len(found) for found in lines.values()] == [3, 1]
