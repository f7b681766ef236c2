"""The noise model: its coefficient, its references, mistakes, the published schedules."""

from dataclasses import replace

import numpy as np
import pytest
from published_runs import DATA, noise_pairs
from theory_ladder import theory

from losslaws.analyses.collapse import figure
from losslaws.analyses.collapse.compute import compare_ladders
from losslaws.analyses.collapse.noise_model import (
    NoiseRecord,
    find_noise_model,
    fit_noise_model,
    pairs_of,
    predict,
)
from losslaws.analyses.collapse.settings import Settings
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.importing.source import read_files
from losslaws.plotting.draw import make_figure


def record(name, rate, alpha=0.0, trace=0.05):
    tau = np.cumsum(rate)
    loss = 3 + (1 + tau) ** -0.5 + alpha * (rate / rate.max() - 1) * trace
    return NoiseRecord(name, tau, loss, rate, np.full(rate.size, trace))


def test_the_noise_model_finds_its_coefficient():
    reference = record("constant", np.ones(4000))
    decays = [
        np.append(np.linspace(0.01, 1, 50), np.linspace(1, 0, 1000)),
        np.append(np.ones(500), np.linspace(1, 0, 500)),
    ]
    pairs = [(reference, record(f"decay {n}", rate, 0.2)) for n, rate in enumerate(decays)]
    model = fit_noise_model(pairs)
    assert model.alpha == pytest.approx(0.2, rel=1e-4)
    assert model.explained > 0.9999
    kept, predicted = predict(model, *pairs[0])
    assert kept[0] == 49
    assert predicted == pytest.approx(pairs[0][1].loss[kept], abs=5e-5)


def test_mistakes_of_noise_runs():
    reference = record("constant", np.ones(100))
    with pytest.raises(LosslawsError, match="no run to compare"):
        fit_noise_model([])
    with pytest.raises(LosslawsError, match="'other' does not fall"):
        fit_noise_model([(reference, record("other", np.ones(50)))])
    broken = record("other", np.linspace(1, 0.1, 50), trace=np.nan)
    with pytest.raises(
        LosslawsError, match="'other' or its reference 'constant' has a loss, a learning rate or a noise"
    ):
        fit_noise_model([(reference, broken)])


def noisy_curve(name, rate, alpha=0.0, size=100):
    run = record(name, rate, alpha)
    steps = np.arange(1.0, rate.size + 1)
    return Curve(name, steps, run.loss, {"n_params": size}, {"lr": rate, "noise_trace": run.trace})


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
    assert find_noise_model(curves).left_out == ("other size", "other peak")


def test_a_noise_model_needs_learning_rates():
    curve = noisy_curve("mine", falling(50))
    curve = replace(curve, series={"noise_trace": curve.series["noise_trace"]})
    with pytest.raises(
        LosslawsError, match=r"curve 'mine' has no learning rate \(lr\), and the noise model needs both"
    ):
        pairs_of([curve])


def test_runs_of_several_schedules_have_a_noise_model_and_are_no_ladder():
    curves = [
        noisy_curve("constant", np.ones(900)),
        noisy_curve("half", falling(600), 0.2),
        noisy_curve("whole", falling(900), 0.2),
    ]
    (found,) = compare_ladders(curves, Settings())
    assert found.noise_model.alpha == pytest.approx(0.2, rel=0.02)
    assert [run.name for run in found.noise_model.runs] == ["half", "whole"]
    assert found.comparison is None
    assert found.no_comparison.startswith("all 3 curves have 100 parameters")
    assert [axes.get_xlabel() for axes in make_figure(figure.draw, [found]).axes] == [
        "τ, sum of the learning rate",
        "α of one run",
    ]
    with pytest.raises(LosslawsError, match="all 2 curves have 100 parameters"):
        compare_ladders(curves[1:], Settings())


def test_a_ladder_with_a_noise_model_is_drawn_with_both():
    traced = [replace(c, series={"lr": np.ones(c.t.size), "noise_trace": np.ones(c.t.size)}) for c in theory(seeds=2)]
    (found,) = compare_ladders(traced, Settings())
    assert found.noise_model is None
    assert "no run to compare" in found.no_noise_model
    runs = [noisy_curve("constant", np.ones(900)), noisy_curve("whole", falling(900), 0.2)]
    both = replace(found, noise_model=find_noise_model(runs), no_noise_model=None)
    assert len(make_figure(figure.draw, [both]).subfigs) == 2


@pytest.fixture
def published():
    if not (DATA / "compute_ladder").is_dir():
        pytest.skip(f"there is no folder of published curves at {DATA}")


def test_published_schedules_follow_the_noise_model(published):
    model = fit_noise_model(noise_pairs())
    assert model.alpha == pytest.approx(0.21, abs=0.01)
    assert model.explained > 0.99


def test_published_schedules_are_read_with_their_noise(published):
    files = str(DATA / "compute_ladder/c5m_schedules.parquet")
    found = read_files(files, "c5m", curve="run", t="step", loss="test_loss", every=3)
    assert "noise_trace: column 'noise_trace' (guessed)" in found.notes
    model = find_noise_model(found.curves)
    assert model.alpha == pytest.approx(0.21, abs=0.01)
    assert (len(model.runs), model.left_out) == (36, ("c5m_34",))
