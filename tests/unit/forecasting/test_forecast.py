"""Forecasts: exact where a law is, honest where none is, and one sentence for every mistake."""

import numpy as np
import pytest

from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.forecasting.arguments import horizon_of
from losslaws.forecasting.candidates import candidates_of, load_laws
from losslaws.forecasting.combination import combine, weighted_median
from losslaws.forecasting.conformal import DEFAULT, Calibration
from losslaws.forecasting.forecast import forecast_curve
from losslaws.forecasting.prefixes import fit_prefixes
from losslaws.forecasting.record import forecast_record

pytestmark = pytest.mark.slow

T = np.arange(20.0, 420.0)

TRUTHS = {
    "power_law": lambda t: 3.0 * t**-0.6 + 1.5,
    "log_power": lambda t: 8.0 * np.log(t) ** -2.0 + 1.0,
    "stretched_exp": lambda t: 2.0 * np.exp(-((t / 90.0) ** 0.6)) + 0.7,
    "shifted_power_law": lambda t: 20.0 * (t - 15.0) ** -0.8 + 2.0,
    "double_exponential": lambda t: np.exp(-t / 20.0) + 0.5 * np.exp(-t / 150.0) + 0.2,
}


def curve(loss, t=T, **keys):
    return Curve("run", t, np.asarray(loss, dtype=float), **keys)


def noisy(seed=0, t=T, size=0.01):
    return curve(TRUTHS["power_law"](t) + size * np.random.default_rng(seed).standard_normal(t.size), t)


# --- the forecast ---


@pytest.mark.parametrize("name", TRUTHS)
def test_a_law_without_noise_is_continued_exactly(name):
    truth = TRUTHS[name]
    forecast = forecast_curve(curve(truth(T)), "3x")
    fall = truth(T)[0] - truth(T)[-1]
    assert np.abs(forecast.loss - truth(forecast.t)).max() < 1e-4 * fall
    assert forecast.laws[0].law == name
    assert forecast.now == pytest.approx(truth(T)[-1], abs=1e-6)


def test_a_law_that_is_undefined_at_the_first_t_is_fitted_after_it():
    t = np.arange(1.0, 301.0)
    truth = 2.0 * np.log(np.maximum(t, 1.5)) ** -1.5 + 0.5
    forecast = forecast_curve(curve(truth, t), "2x", laws=["log_power"])
    assert forecast.warnings == ()
    assert forecast.loss[-1] == pytest.approx(2.0 * np.log(600.0) ** -1.5 + 0.5, abs=1e-6)


def test_the_grid_runs_from_the_last_point_to_the_horizon():
    forecast = forecast_curve(noisy(), 1000)
    assert (forecast.t[0], forecast.t[-1], forecast.horizon) == (419.0, 1000.0, 1000.0)
    assert (np.diff(forecast.t) > 0).all()


def test_intervals_lie_around_the_forecast_and_grow():
    forecast = forecast_curve(noisy(), "5x")
    for inner, outer in ((forecast.lower_90, forecast.lower_50), (forecast.lower_50, forecast.loss)):
        assert (inner < outer).all()
    for inner, outer in ((forecast.loss, forecast.upper_50), (forecast.upper_50, forecast.upper_90)):
        assert (inner < outer).all()
    width = forecast.upper_90 - forecast.lower_90
    assert width[-1] > width[0]


def test_widths_are_multiples_of_the_expected_error():
    curves = noisy()
    narrow, wide = (forecast_curve(curves, calibration=Calibration({0.5: 0.1, 0.9: q}, "")) for q in (1.0, 3.0))
    assert wide.upper_90 - wide.loss == pytest.approx(3 * (narrow.upper_90 - narrow.loss))
    default = forecast_curve(curves)
    assert default.upper_90 - default.loss == pytest.approx(DEFAULT[0.9] * (narrow.upper_90 - narrow.loss))


def test_default_intervals_cover_simulated_curves():
    stream = np.random.default_rng(0)
    t = np.arange(10.0, 510.0)
    truth = np.stack(
        [
            stream.uniform(1, 4) * (t + stream.uniform(0, 40)) ** -stream.uniform(0.3, 1.2) + stream.uniform(0, 2)
            for _ in range(24)
        ]
    )
    losses = truth + 0.01 * np.ptp(truth, axis=1)[:, None] * stream.standard_normal(truth.shape)
    candidates = candidates_of(load_laws(None))
    prefixes = fit_prefixes(candidates, t[:200], losses[:, :200])
    together, values = combine(prefixes, range(len(candidates))), prefixes.values(t[200:])
    scores = np.abs(losses[:, 200:] - together.centre(values)) / together.scale(values)
    assert 0.35 < (scores <= DEFAULT[0.5]).mean() < 0.8
    # Candidates that hold the truth do better than those that the defaults are for.
    assert 0.88 < (scores <= DEFAULT[0.9]).mean() < 1


def test_a_positive_loss_is_not_predicted_to_be_negative():
    t = np.arange(1.0, 61.0)
    forecast = forecast_curve(curve(1.0 - 0.015 * t, t), "5x")
    assert min(forecast.lower_90.min(), forecast.loss.min()) >= 0


def test_the_same_curve_has_the_same_forecast():
    one, two = (forecast_curve(noisy(), "3x", 1.55) for _ in range(2))
    assert forecast_record(one) == forecast_record(two)


def test_a_long_curve_is_binned_and_forecast_alike():
    t = np.arange(10.0, 5010.0)
    truth = TRUTHS["power_law"]
    forecast = forecast_curve(noisy(t=t), "3x")
    assert forecast.seen_t.size == 5000
    assert forecast.loss[-1] == pytest.approx(truth(15027.0), abs=0.003)


def test_the_weighted_median_by_hand():
    weights = np.array([[0.2], [0.5], [0.3], [0.0]])
    values = np.array([[[9.0, 1.0]], [[5.0, 5.0]], [[1.0, 9.0]], [[np.nan, np.nan]]])
    assert weighted_median(weights, values).tolist() == [[5.0, 5.0]]
    assert weighted_median(np.array([[0.5], [0.5]]), np.array([[[2.0]], [[1.0]]])).tolist() == [[1.0]]


# --- target, and the benefit of continuing ---


def test_the_target_of_a_known_law():
    truth = TRUTHS["power_law"]
    forecast = forecast_curve(curve(truth(T)), "4x", target=float(truth(1000.0)))
    assert forecast.reached.value == pytest.approx(1000.0, rel=1e-3)
    assert forecast.reached.lower_90 <= forecast.reached.lower_50 <= forecast.reached.value
    assert forecast.reached.value <= forecast.reached.upper_50 <= forecast.reached.upper_90


def test_a_target_beyond_the_horizon_and_one_behind():
    assert forecast_curve(noisy(), "2x", target=1.0).reached.value == np.inf
    assert forecast_record(forecast_curve(noisy(), "2x", target=1.0)).reached.value is None
    assert forecast_curve(noisy(), "2x", target=2.0).reached.value == 0
    assert forecast_curve(noisy(), "2x").reached is None


def test_the_benefit_of_continuing():
    truth = TRUTHS["power_law"]
    forecast = forecast_curve(curve(truth(T)), "4x")
    expected = float(truth(419.0) - truth(4 * 419.0))
    assert forecast.decrease.value == pytest.approx(expected, rel=1e-3)
    assert forecast.decrease.lower_90 < expected < forecast.decrease.upper_90
    assert forecast.relative_decrease == pytest.approx(expected / truth(419.0), rel=1e-3)
    assert forecast.decrease_per_t == pytest.approx(expected / (3 * 419.0), rel=1e-3)
    first, second = forecast.doublings
    assert (first[0], second[0]) == (838.0, 1676.0)
    assert first[1] == pytest.approx(float(truth(419.0) - truth(838.0)), rel=1e-3)
    assert first[1] + second[1] == pytest.approx(forecast.decrease.value)


def test_weights_add_up_and_laws_are_named():
    forecast = forecast_curve(noisy(), laws=["power_law", "exponential"])
    assert {share.law for share in forecast.laws} == {"power_law", "exponential"}
    assert sum(share.weight for share in forecast.laws) == pytest.approx(1)
    assert set(forecast.by_law) <= {"power_law", "exponential"}


# --- curves that no law follows ---


def test_a_constant_curve_stays():
    forecast = forecast_curve(curve(np.full(T.size, 2.0)))
    assert forecast.loss == pytest.approx(np.full(forecast.t.size, 2.0))
    assert "No decreasing law fits this curve" in forecast.warnings[0]


def test_a_rising_curve_stays_and_says_so():
    forecast = forecast_curve(curve(1.0 + 0.001 * T))
    assert forecast.final.value == pytest.approx(1.419)
    assert "No decreasing law fits this curve" in forecast.warnings[0]


def test_a_curve_that_has_risen_again_is_told():
    loss = TRUTHS["power_law"](T) + 0.002 * np.maximum(T - 250, 0)
    assert any("rising since about t = 2" in warning for warning in forecast_curve(curve(loss)).warnings)


def test_a_far_horizon_is_told():
    assert "8 times the last seen t" in forecast_curve(noisy(), "8x").warnings[0]
    assert forecast_curve(noisy(), "5x").warnings == ()


# --- the learning rate ---


def test_a_learning_rate_that_decays_within_what_was_seen():
    rate = np.linspace(1e-3, 1e-4, T.size)
    (warning,) = forecast_curve(curve(noisy().loss, series={"lr": rate})).warnings
    assert "still changing" in warning
    assert "this forecast ignores the LR schedule; if the LR decays further" in warning


def test_a_steady_rate_after_a_short_warm_up_is_no_warning():
    rate = np.minimum(np.arange(1.0, T.size + 1) / 20, 1.0)
    assert forecast_curve(curve(noisy().loss, series={"lr": rate})).warnings == ()


def test_a_planned_change_is_told_where_it_comes():
    seen = curve(noisy().loss, series={"lr": np.full(T.size, 1e-3)})
    planned = np.array([300.0, 500.0, 600.0, 700.0]), np.array([1e-3, 1e-3, 5e-4, 1e-4])
    (warning,) = forecast_curve(seen, planned=planned).warnings
    assert "changes at t = 600, after the last seen point" in warning
    assert forecast_curve(seen, 550, planned=planned).warnings == ()


# --- mistakes ---


@pytest.mark.parametrize(
    ("loss", "sentence"),
    [
        (
            np.append(TRUTHS["power_law"](T[:50]), [np.nan, np.inf]),
            "2 of 52 losses are not finite, the first at t = 70",
        ),
        (TRUTHS["power_law"](T[:11]), "has 11 points; a forecast needs 12 at least"),
    ],
)
def test_curves_that_cannot_be_forecast(loss, sentence):
    with pytest.raises(LosslawsError, match=sentence):
        forecast_curve(curve(loss, T[: len(loss)]))


def test_twelve_points_are_enough():
    forecast = forecast_curve(curve(TRUTHS["power_law"](T[:12]), T[:12]))
    assert np.isfinite(forecast.upper_90).all()


@pytest.mark.parametrize("horizon", ["soon", "", "x", "nan", None, "1x", "0.5x", "-2x"])
def test_horizons_that_are_none(horizon):
    with pytest.raises(LosslawsError, match="expected a t, as 50000, or a multiple of the last t above 1, as 2x"):
        horizon_of(horizon, 100.0)


@pytest.mark.parametrize("horizon", [100, "100", "1.0000000001x", -3])
def test_horizons_that_are_not_ahead(horizon):
    with pytest.raises(LosslawsError, match="expected more than the last t of the curve, 100"):
        horizon_of(horizon, 100.0)


@pytest.mark.parametrize(
    ("horizon", "end"), [(150, 150.0), ("150", 150.0), ("2x", 200.0), ("1.5×", 150.0), ("2X", 200)]
)
def test_horizons(horizon, end):
    assert horizon_of(horizon, 100.0) == end
