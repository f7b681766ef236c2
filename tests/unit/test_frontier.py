"""For how long each size is the best choice for its compute."""

from dataclasses import replace

import numpy as np
import pytest
from builders import tiny_experiment
from theory_ladder import MU, NU, theory

from losslaws.analyses.collapse.compute import summarise_ladders
from losslaws.analyses.collapse.frontier import SMOOTHING, compute_frontier, summarise_frontier
from losslaws.analyses.collapse.ladder import ladder_of
from losslaws.analyses.collapse.section import ANALYSIS
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.laws.scaling.compute import fit_horizon_law
from losslaws.report.blocks import as_text
from losslaws.storage.files import write_json


def test_the_frontier_finds_the_optimal_horizons():
    sizes = np.unique(np.rint(np.geomspace(1e3, 1e6, 10))).astype(int)
    t = np.geomspace(1, 1e7, 3000)
    ladder = ladder_of([Curve(f"p{p}", t, 3 + t**-MU + float(p) ** -NU, {"n_params": int(p)}) for p in sizes])
    frontier = compute_frontier(ladder)
    assert [point.size for point in frontier] == list(sizes[1:-1])
    assert all(point.low < point.t < point.high for point in frontier)
    law = fit_horizon_law(np.array([p.size for p in frontier]), np.array([p.t for p in frontier]))
    assert law.exponent == pytest.approx(NU / MU, rel=5e-3)
    assert law.horizon(np.array([1e4]))[0] == pytest.approx((NU / MU) ** (-1 / MU) * 1e4 ** (NU / MU), rel=0.03)


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


def test_the_report_tells_the_optimal_horizons_of_runs_at_a_constant_rate(tmp_path):
    curves = at_a_constant_rate()
    write_json(
        tmp_path / "collapse.json", summarise_ladders(curves, {"split": None, "irreducible": 3.0, "frontier": True})
    )
    told = as_text(ANALYSIS.answer(tmp_path)).replace("\n", " ")
    assert "grow as the number of parameters to the power 0.7" in told
    pilot = tiny_experiment(analyses=["collapse"], widths=[4, 8, 16, 32], collapse={"frontier": True})
    (_, how) = ANALYSIS.methods(pilot)
    assert f"averaged over ±{SMOOTHING:g} in ln t" in how
    table = as_text(ANALYSIS.section(tmp_path))
    assert "Where each size is the best choice" in table
    assert "64000" in table


def test_a_frontier_needs_steady_rates_and_sizes_that_take_turns():
    steady = theory(seeds=2)
    falling = [replace(c, learning_rate=np.linspace(1, 0, c.t.size)) for c in steady]
    with pytest.raises(LosslawsError, match="the learning rate of 'p10000_s0' falls"):
        summarise_frontier(falling, ladder_of(falling))
    bad = [replace(c, loss=c.loss + (c.attributes["n_params"] in (4000, 16000, 64000))) for c in at_a_constant_rate()]
    with pytest.raises(LosslawsError, match="0 of 5 sizes are the best choice"):
        summarise_frontier(bad, ladder_of(bad))


def test_ranges_that_end_with_a_record_have_no_place_on_the_frontier():
    curves = [Curve(c.name, c.t[c.t <= 1000], c.loss[c.t <= 1000], c.attributes) for c in at_a_constant_rate()]
    assert [point.size for point in compute_frontier(ladder_of(curves))] == []
    longer = [Curve(c.name, c.t[c.t <= 1e4], c.loss[c.t <= 1e4], c.attributes) for c in at_a_constant_rate()]
    points = {point.size: point.t for point in compute_frontier(ladder_of(at_a_constant_rate()))}
    kept = compute_frontier(ladder_of(longer))
    assert 0 < len(kept) < 3
    assert all(point.t == pytest.approx(points[point.size], rel=0.05) for point in kept)


def test_a_ladder_without_a_frontier_is_compared_all_the_same(tmp_path):
    curves = [Curve(c.name, c.t[:40], c.loss[:40], c.attributes) for c in at_a_constant_rate()]
    found = summarise_ladders(curves, {"split": None, "irreducible": 3.0, "frontier": True})
    write_json(tmp_path / "collapse.json", found)
    told = as_text(ANALYSIS.answer(tmp_path)).replace("\n", " ")
    assert "normalised curves of all sizes differ by" in told
    assert "There are no horizons that are optimal for compute, because 0 of 5 sizes" in told
    assert "from one crossing" in told
    assert "Where each size" not in as_text(ANALYSIS.section(tmp_path))


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"widths": [4, 8, 16, 32], "training": {"schedule": "linear"}}, "frontier is true with schedule linear"),
        ({"widths": [4, 8]}, "frontier is true with 2 widths; expected four or more"),
    ],
)
def test_a_frontier_that_cannot_be_is_refused_before_anything_runs(keys, message):
    with pytest.raises(LosslawsError, match=message):
        tiny_experiment(analyses=["collapse"], collapse={"frontier": True}, **keys)
