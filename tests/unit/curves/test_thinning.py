"""Long curves made short: means over bins, and points that stay."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from losslaws.curves.thinning import log_bins, log_points


def test_bins_keep_sums_and_weights():
    t = np.arange(1.0, 2001.0)
    losses = np.random.default_rng(0).standard_normal((2, 2000))
    middle, means, weights = log_bins(t, losses, 300)
    assert middle.size == weights.size <= 300
    assert weights.sum() == 2000
    assert (means * weights).sum(axis=1) == pytest.approx(losses.sum(axis=1))
    assert np.array_equal(middle[:5], t[:5])
    # The last bin stands at the geometric mean of its points.
    last = int(weights[-1])
    assert middle[-1] == pytest.approx(np.exp(np.log(t[-last:]).mean()))


def test_a_short_curve_is_not_binned():
    t, losses = np.arange(1.0, 301.0), np.random.default_rng(0).standard_normal((2, 300))
    middle, means, weights = log_bins(t, losses, 300)
    assert np.array_equal(middle, t)
    assert np.array_equal(means, losses)
    assert np.array_equal(weights, np.ones(300))


@given(st.integers(1, 300), st.integers(2, 50))
def test_points_are_few_and_have_both_ends(size, most):
    kept = log_points(np.cumsum(np.random.default_rng(size).uniform(0.1, 2.0, size)), most)
    assert kept.size == size if size <= most else kept.size <= most
    assert (kept[0], kept[-1]) == (0, size - 1)
    assert (np.diff(kept) > 0).all()


def test_points_are_even_in_the_logarithm():
    # Half, 6.30, 79.3 and 999.5 are even in the logarithm.
    assert log_points(np.arange(0.5, 1000.0), 4).tolist() == [0, 6, 79, 999]


def test_a_single_point_is_the_last():
    assert log_points(np.arange(1.0, 11.0), 1).tolist() == [9]
