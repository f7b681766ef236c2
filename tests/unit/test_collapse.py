"""Collapse: exact on the curves that explain it, the published ladder, the noise model, mistakes."""

import json
from dataclasses import replace

import numpy as np
import pytest
from losslaws.figures import collapse as figures_collapse
from published_runs import DATA, ladder_curves, noise_pairs
from theory_ladder import MU, NU, SIZES, theory

from losslaws.analyses.collapse.compute import summarise, summarise_ladders
from losslaws.analyses.collapse.frontier import compute_frontier
from losslaws.analyses.collapse.ladder import ladder_of
from losslaws.analyses.collapse.noise_model import NoiseRun, fit_noise_model, pairs_of, predict
from losslaws.analyses.collapse.noise_summary import summarise_noise
from losslaws.analyses.collapse.normalised import collapse, deviations, noise_floor, supercollapse, trend
from losslaws.analyses.collapse.section import ANALYSIS
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.importing.source import read_files
from losslaws.laws.scaling.compute import fit_compute_law, fit_horizon_law, ladder_compute_law
from losslaws.plotting.draw import draw
from losslaws.report.blocks import as_text
from losslaws.storage.files import write_json

DEFAULT = {"irreducible": None, "split": None, "frontier": False}


def test_curves_collapse_exactly_at_the_optimal_horizon_and_not_beside_it():
    spread = {}
    for factor in (0.9, 1.0, 1.1):
        ladder = ladder_of(theory(factor))
        law = ladder_compute_law(ladder)
        spread[factor] = collapse(ladder, law.irreducible).spread
        if factor == 1.0:
            assert law.irreducible == pytest.approx(3.0, abs=1e-10)
            assert law.exponent == pytest.approx(NU / (1 + NU / MU), rel=1e-8)
    assert spread[1.0].max() < 1e-9
    assert min(spread[0.9].max(), spread[1.1].max()) > 1e-2
    assert spread[1.0][-1] == 0.0


def test_noise_between_seeds_is_measured():
    ladder = ladder_of(theory(seeds=40, noise=0.02))
    floor = noise_floor(ladder, 3.0)
    x = collapse(ladder, 3.0).x
    expected = 0.02 * (1 - 0.95 * x)
    assert np.median(floor.mean(axis=0) / expected) == pytest.approx(1.0, abs=0.05)


def test_supercollapse_starts_where_the_spread_falls_below_the_noise():
    collapsed = collapse(ladder_of(theory(1.1)), 3.0)
    floor = np.full((len(SIZES), collapsed.x.size), np.median(collapsed.spread))
    found = supercollapse(collapsed, floor)
    assert found.share == pytest.approx(0.5, abs=0.01)
    assert found.start == pytest.approx(1 - found.share, abs=0.01)
    nowhere = supercollapse(collapsed, np.zeros_like(floor))
    assert (nowhere.share, nowhere.start) == (0.0, None)


def test_the_width_and_the_run_that_are_off_are_named():
    curves = theory(seeds=2, noise=0.005)
    wrong = [
        replace(c, loss=c.loss + 0.3 * (c.loss - 3) * (1 - c.t / c.t[-1])) if "p100000_" in c.name else c
        for c in curves
    ]
    ladder = ladder_of(wrong)
    collapsed = collapse(ladder, 3.0)
    floor = noise_floor(ladder, 3.0).mean()
    rows = deviations(collapsed, [ladder[index].label for index in collapsed.rung], floor)
    assert [row.name for row in rows if row.off] == ["100000"]
    assert next(row for row in rows if row.off).mean > 0.05
    single = [replace(c, loss=wrong[n].loss) if c.name == "p100000_s1" else c for n, c in enumerate(curves)]
    ladder = ladder_of(single)
    rows = deviations(collapse(ladder, 3.0), [name for rung in ladder for name in rung.names], floor)
    assert [row.name for row in rows if row.off] == ["p100000_s1"]
    clean = ladder_of(curves)
    rows = deviations(collapse(clean, 3.0), [name for rung in clean for name in rung.names], floor)
    assert not any(row.off for row in rows)


def slope(factor):
    ladder = ladder_of(theory(factor, seeds=3, noise=0.01))
    collapsed = collapse(ladder, 3.0)
    widths = deviations(collapsed, [ladder[index].label for index in collapsed.rung])
    return trend([rung.size for rung in ladder], widths)


def test_deviations_go_with_size_where_horizons_are_scaled_wrongly():
    short, right, long = slope(0.7), slope(1.0), slope(1.3)
    assert short.slope > 0.001
    assert long.slope < -0.001
    assert max(short.p_value, long.p_value) < 0.01
    assert right.p_value > 0.05
    assert abs(right.slope) < 3 * right.error < short.slope


def test_sizes_that_deviate_alike_have_no_trend():
    t = np.arange(1, 101.0)
    curves = [Curve(f"p{p}_{s}", t, (2 + s + 3 / t) * p**-0.1, {"n_params": p}) for p in SIZES for s in (0, 1)]
    found = summarise(curves, 0.0)["trend"]
    assert found["slope"] == pytest.approx(0, abs=1e-12)
    assert json.dumps(found, allow_nan=False)


def test_the_answer_says_whether_deviations_go_with_size(tmp_path):
    answers = {}
    for factor in (0.7, 1.0):
        found = summarise_ladders(theory(factor, seeds=3, noise=0.01), DEFAULT | {"irreducible": 3.0})
        write_json(tmp_path / "collapse.json", found)
        answers[factor] = as_text(ANALYSIS.answer(tmp_path)).replace("\n", " ")
    assert "Deviations go with size (+" in answers[0.7]
    assert "No trend of deviations with size is seen (" in answers[1.0]


# --- mistakes ---


def test_mistakes_are_one_sentence():
    curves = theory(seeds=2)
    first = curves[0]
    without_end = replace(first, t=first.t[:-50], loss=first.loss[:-50])
    other_grid = replace(first, t=np.append(first.t[:1] / 2, first.t[1:]))
    cases = [
        (curves[:2], "all 2 curves have 10000 parameters"),
        ([replace(first, attributes={}), *curves[1:]], "'p10000_s0' has no n_params"),
        ([without_end, *curves[1:]], "'p10000_s0' stops at t = "),
        ([other_grid, *curves[1:]], "'p10000_s0' and 'p10000_s1' of width 10000 were not recorded at the same t"),
        ([replace(first, loss=np.append(first.loss[:-1], np.nan)), *curves[1:]], "'p10000_s0' has the loss nan"),
    ]
    for wrong, message in cases:
        with pytest.raises(LosslawsError, match=message) as raised:
            ladder_of(wrong)
        assert "\n" not in str(raised.value)


def test_what_needs_more_says_so():
    one_seed = ladder_of(theory(seeds=2)[1:])
    with pytest.raises(LosslawsError, match=r"width 10000 has one seed \('p10000_s1'\)"):
        noise_floor(one_seed, 3.0)
    with pytest.raises(LosslawsError, match="2 sizes cannot fix the three parameters"):
        ladder_compute_law(one_seed[:2])
    with pytest.raises(LosslawsError, match="a frontier needs four sizes, and there are 2"):
        compute_frontier(one_seed[:2])
    with pytest.raises(LosslawsError, match="not above the irreducible loss 4"):
        collapse(one_seed, 4.0)
    with pytest.raises(LosslawsError, match="does not fall with compute"):
        fit_compute_law(np.array([1.0, 2.0, 3.0]), np.array([3.0, 3.1, 3.2]))
    with pytest.raises(LosslawsError, match="one size cannot fix how horizons grow"):
        fit_horizon_law(np.array([10.0, 10.0]), np.array([1.0, 2.0]))
    with pytest.raises(LosslawsError, match="all sizes have the same horizon"):
        fit_horizon_law(np.array([10.0, 20.0]), np.array([5.0, 5.0]))


# --- the noise model ---


def noise_run(name, rate, alpha=0.0, trace=0.05):
    tau = np.cumsum(rate)
    loss = 3 + (1 + tau) ** -0.5 + alpha * (rate / rate.max() - 1) * trace
    return NoiseRun(name, tau, loss, rate, np.full(rate.size, trace))


def test_the_noise_model_finds_its_coefficient():
    reference = noise_run("constant", np.ones(4000))
    decays = [
        np.append(np.linspace(0.01, 1, 50), np.linspace(1, 0, 1000)),
        np.append(np.ones(500), np.linspace(1, 0, 500)),
    ]
    pairs = [(reference, noise_run(f"decay {n}", rate, 0.2)) for n, rate in enumerate(decays)]
    model = fit_noise_model(pairs)
    assert model.alpha == pytest.approx(0.2, rel=1e-4)
    assert model.explained > 0.9999
    kept, predicted = predict(model, *pairs[0])
    assert kept[0] == 49
    assert predicted == pytest.approx(pairs[0][1].loss[kept], abs=5e-5)


def test_mistakes_of_noise_runs():
    reference = noise_run("constant", np.ones(100))
    with pytest.raises(LosslawsError, match="no run to compare"):
        fit_noise_model([])
    with pytest.raises(LosslawsError, match="'other' does not fall"):
        fit_noise_model([(reference, noise_run("other", np.ones(50)))])
    broken = noise_run("other", np.linspace(1, 0.1, 50), trace=np.nan)
    with pytest.raises(
        LosslawsError, match="'other' or its reference 'constant' has a loss, a learning rate or a noise"
    ):
        fit_noise_model([(reference, broken)])


def noisy_curve(name, rate, alpha=0.0, size=100):
    run = noise_run(name, rate, alpha)
    steps = np.arange(1.0, rate.size + 1)
    return Curve(name, steps, run.loss, {"n_params": size}, rate, noise_trace=run.trace)


def falling(length):
    return np.append(np.ones(length // 2), np.linspace(1, 0.1, length - length // 2))


def test_each_run_is_compared_with_a_constant_rate_of_its_size_and_length():
    curves = [
        noisy_curve("short", np.ones(400)),
        noisy_curve("long", np.ones(900)),
        noisy_curve("warmed up", np.append(np.linspace(0.01, 1, 40), falling(360))),
        noisy_curve("other length", falling(600)),
        noisy_curve("other size", falling(400), size=200),
        noisy_curve("other peak", 2 * falling(400)),
    ]
    pairs = pairs_of(curves)
    found = [(run.name, reference.name) for reference, run in pairs]
    assert found == [("warmed up", "short"), ("other length", "long")]
    # Linear between records: the sum of the rates less half of the last step's change.
    np.testing.assert_allclose(pairs[1][1].tau, np.cumsum(falling(600)), rtol=2e-3)
    assert summarise_noise(curves)["left_out"] == ["other size", "other peak"]


def test_a_noise_model_needs_learning_rates():
    curve = replace(noisy_curve("mine", falling(50)), learning_rate=None)
    with pytest.raises(
        LosslawsError, match=r"curve 'mine' has no learning rate \(lr\), and the noise model needs both"
    ):
        pairs_of([curve])
    assert "no learning rate" in summarise_noise([curve])["problem"]


def test_runs_of_several_schedules_have_a_noise_model_and_say_why_they_are_no_ladder(tmp_path):
    curves = [
        noisy_curve("constant", np.ones(900)),
        noisy_curve("half", falling(600), 0.2),
        noisy_curve("whole", falling(900), 0.2),
    ]
    found = summarise_ladders(curves, DEFAULT)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found[0]["noise_model"]["alpha"] == pytest.approx(0.2, rel=0.02)
    assert [run["name"] for run in found[0]["noise_model"]["runs"]] == ["half", "whole"]
    draw("collapse", [tmp_path / "figure.png"], found)
    assert (tmp_path / "figure.png").stat().st_size > 20_000
    write_json(tmp_path / "collapse.json", found)
    answered = as_text(ANALYSIS.answer(tmp_path))
    assert "sizes are not compared, because all 3 curves have 100 parameters" in answered.replace("\n", " ")
    assert "2 runs and those at a constant rate" in answered.replace("\n", " ")
    assert "constant" in as_text(ANALYSIS.section(tmp_path))
    with pytest.raises(LosslawsError, match="all 2 curves have 100 parameters"):
        summarise_ladders(curves[1:], DEFAULT)


def test_a_ladder_with_a_noise_model_is_drawn_with_both():
    traced = [replace(c, learning_rate=np.ones(c.t.size), noise_trace=np.ones(c.t.size)) for c in theory(seeds=2)]
    (found,) = summarise_ladders(traced, DEFAULT)
    assert "no run to compare" in found["noise_model"]["problem"]
    runs = [noisy_curve("constant", np.ones(900)), noisy_curve("whole", falling(900), 0.2)]
    both = {**found, "noise_model": summarise_noise(runs)}
    assert len(figures_collapse.draw([both]).subfigs) == 2


# --- the published ladder ---


@pytest.fixture(scope="module")
def published():
    if not (DATA / "compute_ladder").is_dir():
        pytest.skip(f"there is no folder of published curves at {DATA}")
    return ladder_of(ladder_curves())


def test_published_ladder_supercollapses(published):
    law = ladder_compute_law(published)
    collapsed = collapse(published, law.irreducible)
    floor = noise_floor(published, law.irreducible)
    found = supercollapse(collapsed, floor)
    assert collapsed.at(0.75) == pytest.approx(0.0024, abs=0.0002)
    assert np.interp(0.75, collapsed.x, floor.mean(axis=0)) == pytest.approx(0.0091, abs=0.0005)
    assert found.share == pytest.approx(0.9, abs=0.04)
    assert found.start < 0.25
    widths = deviations(collapsed, [published[index].label for index in collapsed.rung])
    assert trend([rung.size for rung in published], widths).p_value > 0.05


def test_published_schedules_follow_the_noise_model(published):
    model = fit_noise_model(noise_pairs())
    assert model.alpha == pytest.approx(0.21, abs=0.01)
    assert model.explained > 0.99


def test_published_schedules_are_read_with_their_noise(published):
    files = str(DATA / "compute_ladder/c5m_schedules.parquet")
    found = read_files(files, "c5m", curve="run", t="step", loss="test_loss", every=3)
    assert "noise_trace: column 'noise_trace' (guessed)" in found.notes
    model = summarise_noise(found.curves)
    assert model["alpha"] == pytest.approx(0.21, abs=0.01)
    assert (len(model["runs"]), model["left_out"]) == (36, ["c5m_34"])


# --- summary and figure ---


def test_summary_is_json_and_drawn(tmp_path):
    found = summarise(theory(seeds=2, noise=0.005))
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["horizons"]["exponent"] == pytest.approx(NU / MU)
    assert found["spread_at"] < 0.02
    draw("collapse", [tmp_path / "figure.png"], [{"ladder": "mine", "noise_model": None, **found}])
    assert (tmp_path / "figure.png").stat().st_size > 20_000


def test_two_sizes_do_with_a_known_irreducible_loss():
    found = summarise(theory(seeds=2, noise=0.005)[:4], 3.0)
    assert (found["irreducible"], found["compute_law"], found["trend"]) == (3.0, None, None)
    assert len(found["rungs"]) == 2
    figure = figures_collapse.draw([{"ladder": f"ladder {n}", "noise_model": None, **found} for n in range(5)])
    assert len(figure.subfigs) == figures_collapse.MOST_LADDERS


def test_equal_horizons_have_no_power_of_size():
    t = np.arange(1, 201.0)
    curves = [
        Curve(f"p{p}_{seed}", t, 3 + t**-MU * (1 + 0.001 * seed) + float(p) ** -NU, {"n_params": p})
        for p in SIZES
        for seed in (0, 1)
    ]
    assert summarise(curves, 3.0)["horizons"] == {"exponent": 0.0, "unit": None, "error": None}


def test_the_section_names_ladders_and_who_is_off(tmp_path):
    curves = [replace(c, attributes={**c.attributes, "task": "mine"}) for c in theory(seeds=2, noise=0.005)]
    tested = [replace(c, name=f"{c.name}_test", attributes={**c.attributes, "split": "test"}) for c in curves]
    wrong = replace(curves[4], loss=curves[4].loss + 0.5 * (curves[4].loss - 3) * (1 - curves[4].t / curves[4].t[-1]))
    found = summarise_ladders([*curves[:4], wrong, *curves[5:], *tested], DEFAULT)
    assert [entry["left_out"] for entry in found] == [10]
    write_json(tmp_path / "collapse.json", found)
    answered = as_text(ANALYSIS.answer(tmp_path))
    assert answered.startswith("mine: at 0.75 of the horizon")
    section = as_text(ANALYSIS.section(tmp_path))
    assert "Runs that are off" in section
    assert "p100000_s0" in section
    assert "10 curves of the losses of other rows are left out." in section


def test_which_losses_are_compared_and_the_irreducible_loss_can_be_set():
    trained = [replace(c, attributes={**c.attributes, "split": "train"}) for c in theory(seeds=2, noise=0.005)]
    tested = [replace(c, name=f"{c.name}_test", attributes={**c.attributes, "split": "test"}) for c in trained]
    (found,) = summarise_ladders([*trained, *tested], DEFAULT | {"irreducible": 2.9, "split": "test"})
    assert (found["irreducible"], found["left_out"]) == (2.9, len(trained))
    assert all(row["name"].endswith("_test") for row in found["runs"])
    with pytest.raises(
        LosslawsError, match=r"collapse\.split is test, and none of the 10 curves of all curves has that"
    ):
        summarise_ladders(trained, DEFAULT | {"split": "test"})
