"""Information criteria and support, by hand."""

import math

import pytest

from losslaws.fitting import selection
from losslaws.fitting.selection import support, support_level


def test_criteria_by_hand():
    # n = 10, RSS = 10e: n ln(RSS/n) = 10.
    deviance = 10 * math.log(10 * math.e / 10)
    assert selection.aic(deviance, 3) == pytest.approx(16.0)
    assert selection.bic(deviance, 10, 3) == pytest.approx(10 + 3 * math.log(10))
    # q = 4 with the variance: 10 + 8 + 2·4·5/(10 − 4 − 1).
    assert selection.aicc(deviance, 10, 3) == pytest.approx(26.0)


@pytest.mark.parametrize("n", [3, 4, 5])
def test_aicc_needs_more_points_than_parameters(n):
    assert math.isnan(selection.aicc(10.0, n, 3))
    assert math.isfinite(selection.aicc(10.0, 6, 3))


@pytest.mark.parametrize(
    ("delta", "level"),
    [
        (0.0, "weak"),
        (3.999, "weak"),
        (4.0, "moderate"),
        (9.999, "moderate"),
        (10.0, "strong"),
        (1e6, "strong"),
    ],
)
def test_levels_of_support(delta, level):
    assert support_level(delta) == level
    assert support(["b", "a"], [delta - 7.0, -7.0]).level == level


def test_support_names_the_best_two():
    found = support(["w", "x", "y", "z"], [5.0, -20.0, 30.0, -15.0])
    assert (found.best, found.second, found.delta_aic, found.level, found.n_converged) == ("x", "z", 5.0, "moderate", 4)


def test_the_first_of_two_equals_is_best():
    found = support(["x", "y"], [1.0, 1.0])
    assert (found.best, found.second, found.delta_aic, found.level) == ("x", "y", 0.0, "weak")


def test_fewer_than_two_fits_are_undetermined():
    nothing, one = support([], []), support(["x"], [3.0])
    assert (nothing.best, nothing.second, nothing.delta_aic, nothing.level) == (None, None, 0.0, "undetermined")
    assert (one.best, one.second, one.delta_aic, one.level) == ("x", None, 0.0, "undetermined")
    assert (nothing.n_converged, one.n_converged) == (0, 1)
