"""For how long each size is the best choice for its compute."""

from dataclasses import replace

import numpy as np
import pytest
from theory_ladder import MU, NU, theory

from losslaws.analyses.collapse.check import check
from losslaws.analyses.collapse.compute import compare_sizes
from losslaws.analyses.collapse.frontier import SMOOTHING, compute_frontier, find_frontier
from losslaws.analyses.collapse.ladder import ladder_of
from losslaws.analyses.collapse.scaling import fit_horizon_law
from losslaws.analyses.collapse.section import SECTION
from losslaws.analyses.collapse.settings import Settings
from losslaws.config.experiment import Experiment
from losslaws.config.fitting import Fitting
from losslaws.config.sources import Grid
from losslaws.config.training import Training
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve


def test_the_frontier_finds_the_optimal_horizons():
    sizes = np.unique(np.rint(np.geomspace(1e3, 1e6, 10))).astype(int)
    t = np.geomspace(1, 1e7, 3000)
    ladder = ladder_of([Curve(f"p{p}", t, 3 + t**-MU + float(p) ** -NU, {"n_params": int(p)}) for p in sizes])
    frontier = compute_frontier(ladder)
    assert [point.size for point in frontier] == list(sizes[1:-1])
    assert all(point.low < point.t < point.high for point in frontier)
    law = fit_horizon_law(np.array([p.size for p in frontier]), np.array([p.t for p in frontier]))
    assert law.exponent == pytest.approx(NU / MU, rel=5e-3)
    assert (1e4 / law.scale) ** law.exponent == pytest.approx((NU / MU) ** (-1 / MU) * 1e4 ** (NU / MU), rel=0.03)


def test_the_frontier_is_found_under_noise_where_losses_are_averaged():
    noise = np.random.default_rng(1)
    sizes = np.unique(np.rint(np.geomspace(1e3, 1e6, 10))).astype(int)
    t = np.geomspace(1, 1e7, 3000)
    losses = {p: (3 + t**-MU + float(p) ** -NU) * np.exp(1e-3 * noise.standard_normal(t.size)) for p in sizes}
    ladder = ladder_of([Curve(f"p{p}", t, loss, {"n_params": int(p)}) for p, loss in losses.items()])
    error = {}
    for smoothing in (0.0, 0.1):
        frontier = compute_frontier(ladder, smoothing)
        law = fit_horizon_law(np.array([p.size for p in frontier]), np.array([p.t for p in frontier]))
        error[smoothing] = abs(law.exponent - NU / MU)
    assert error[0.1] < 0.05
    assert error[0.0] > 2 * error[0.1]


def at_a_constant_rate():
    t = np.geomspace(1, 1e7, 500)
    return [
        Curve(f"p{p}_{seed}", t, 3 + t**-MU + float(p) ** -NU * (1 + 0.001 * seed), {"n_params": p})
        for p in (1000, 4000, 16000, 64000, 256000)
        for seed in (0, 1)
    ]


@pytest.mark.slow
def test_runs_at_a_constant_rate_have_optimal_horizons():
    frontier = compare_sizes(at_a_constant_rate(), 3.0, frontier=True).frontier
    assert [point.label for point in frontier.points] == ["4000", "16000", "64000"]
    assert frontier.exponent == pytest.approx(NU / MU, abs=0.03)
    assert 0 <= frontier.error < 0.05


def test_a_frontier_needs_steady_rates_and_sizes_that_take_turns():
    steady = theory(seeds=2)
    falling = [replace(c, series={"lr": np.linspace(1, 0, c.t.size)}) for c in steady]
    with pytest.raises(LosslawsError, match="the learning rate of 'p10000_s0' falls"):
        find_frontier(falling, ladder_of(falling))
    bad = [replace(c, loss=c.loss + (c.attributes["n_params"] in (4000, 16000, 64000))) for c in at_a_constant_rate()]
    with pytest.raises(LosslawsError, match="0 of 5 sizes are the best choice"):
        find_frontier(bad, ladder_of(bad))


def test_ranges_that_end_with_a_record_have_no_place_on_the_frontier():
    curves = [Curve(c.name, c.t[c.t <= 1000], c.loss[c.t <= 1000], c.attributes) for c in at_a_constant_rate()]
    assert [point.size for point in compute_frontier(ladder_of(curves))] == []
    longer = [Curve(c.name, c.t[c.t <= 1e4], c.loss[c.t <= 1e4], c.attributes) for c in at_a_constant_rate()]
    points = {point.size: point.t for point in compute_frontier(ladder_of(at_a_constant_rate()))}
    kept = compute_frontier(ladder_of(longer))
    assert 0 < len(kept) < 3
    assert all(point.t == pytest.approx(points[point.size], rel=0.05) for point in kept)


def test_a_ladder_without_a_frontier_is_compared_all_the_same():
    curves = [Curve(c.name, c.t[:40], c.loss[:40], c.attributes) for c in at_a_constant_rate()]
    found = compare_sizes(curves, 3.0, frontier=True)
    assert found.spread_at > 0
    assert found.frontier is None
    assert found.no_frontier.startswith("0 of 5 sizes are the best choice from one crossing")


# --- settings ---


def pilot(widths=(4, 8, 16, 32), schedule="constant"):
    grid = Grid(tasks=("mod_add",), widths=widths, training=Training(epochs=60, schedule=schedule))
    return Experiment("tiny", grid, Fitting(), ("collapse",), {"collapse": Settings(frontier=True)})


def test_methods_tell_how_losses_were_averaged():
    (_, how) = SECTION.methods(pilot())
    assert f"averaged over ±{SMOOTHING:g} in ln t" in how


def test_a_frontier_that_cannot_be_is_refused_before_anything_runs():
    assert list(check(pilot())) == []
    (falling,) = check(pilot(schedule="linear"))
    assert falling.startswith("collapse.frontier is true with schedule linear")
    (few,) = check(pilot(widths=(4, 8)))
    assert few.startswith("collapse.frontier is true with 2 widths; expected four or more")
