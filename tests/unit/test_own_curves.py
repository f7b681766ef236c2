"""losslaws.fit, forecast and backtest: what goes in, what comes out, and how it shows."""

import subprocess
import sys

import numpy as np
import pytest

import losslaws
from losslaws.core.errors import LosslawsError
from losslaws.forecasting.conformal import DEFAULT
from losslaws.plotting import forecast as forecast_figure

pytestmark = pytest.mark.slow

T = np.arange(10.0, 160.0)
TRUTH = {"a": 3.0, "beta": 0.6, "L_inf": 1.5}
CLEAN = TRUTH["a"] * T ** -TRUTH["beta"] + TRUTH["L_inf"]
LOSS = CLEAN + 0.002 * np.random.default_rng(2).standard_normal(T.size)


class Series:
    """What pandas' Series has that matters here: values through NumPy's protocol, and an index that does not count."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)


# --- fit ---


def test_the_best_law_is_the_true_one():
    fits = losslaws.fit(T, LOSS)
    assert fits.best.name == "power_law"
    assert fits.best.params == pytest.approx(TRUTH, rel=0.05)
    assert fits.best(T[:3]) == pytest.approx(CLEAN[:3], rel=1e-3)
    assert losslaws.fit(T, CLEAN)["power_law"].params == pytest.approx(TRUTH, rel=1e-6)
    assert fits["exponential"].aic > fits.best.aic
    assert next(iter(fits)).name == "power_law"
    assert len(fits) == 5


@pytest.mark.parametrize("kind", [list, tuple, Series])
def test_lists_and_series_are_arrays(kind):
    assert losslaws.fit(kind(T), kind(LOSS)).best.params == losslaws.fit(T, LOSS).best.params


def test_options_reach_the_fit():
    assert [fit.name for fit in losslaws.fit(T, LOSS, laws=["exponential"])] == ["exponential"]
    assert losslaws.fit(T, LOSS, skip=50).best.n == 100
    wide, paper = (losslaws.fit(T, LOSS, laws=["stretched_exp"], bounds=name).best for name in ("wide", "paper"))
    assert wide.params["tau"] < 1 <= paper.params["tau"]
    linear, logarithmic = (losslaws.fit(T, LOSS, laws=["power_law"], space=space).best for space in ("linear", "log"))
    assert linear.params["beta"] != logarithmic.params["beta"]
    correlated = losslaws.fit(T, LOSS, laws=["power_law"], errors="ar1").best
    assert correlated.errors["beta"] != linear.errors["beta"]


def test_fits_as_text():
    text = losslaws.fit(T, LOSS).table()
    assert text.splitlines()[0].split() == ["law", "ΔAIC", "R²", "parameters"]
    assert "power_law fits best: a·t^(−β) + L∞." in text
    assert repr(losslaws.fit(T, LOSS)) == text


def test_correlated_residuals_are_told():
    wavy = CLEAN + 0.02 * np.sin(T / 5)
    assert "ΔAIC counts every point as independent" in " ".join(losslaws.fit(T, wavy).table().split())


def test_a_curve_without_a_fit():
    fits = losslaws.fit(T, np.full(T.size, 2.0))
    assert "No law has a fit." in fits.table()
    with pytest.raises(LosslawsError, match="no law fits curve 'curve': no fit: the loss never changes"):
        _ = fits.best
    with pytest.raises(LosslawsError, match="power_law has no fit"):
        fits["power_law"](T)


# --- how it shows ---


def test_notebooks_show_escaped_tables():
    for shown in (
        losslaws.fit(T, LOSS, name="<b>"),
        losslaws.forecast(T, LOSS, target=1.6, name="<b>"),
        losslaws.backtest({"<b>": (T, LOSS)}, laws=["power_law"], fractions=[0.5]),
    ):
        page = shown._repr_html_()
        assert page.startswith("<table>")
        assert page.endswith("</table>")
        assert page.count("<tr>") == page.count("</tr>") > 1
        assert "<b>" not in page


def test_pictures_of_all_three(tmp_path):
    result = losslaws.backtest({"one": (T, LOSS), "two": (T, LOSS + 0.1)}, laws=["power_law"])
    for number, shown in enumerate((losslaws.fit(T, LOSS), losslaws.forecast(T, LOSS, "30x", 1.6), result)):
        path = tmp_path / f"{number}.png"
        shown.plot().savefig(path)
        assert path.read_bytes().startswith(b"\x89PNG")


def test_the_forecast_figure_shows_what_it_says():
    forecast = losslaws.forecast(T, LOSS, "2x", target=1.6, name="cost $5 & more")
    (axes,) = forecast_figure.draw(forecast).axes
    assert axes.get_xlim() == (T[0], 2 * T[-1])
    assert axes.get_title(loc="left") == r"cost \$5 & more"
    names = [text.get_text() for text in axes.figure.legends[0].get_texts()]
    assert {"observed", "forecast", "50% interval", "90% interval", "target 1.6"} <= set(names)


def test_the_back_test_figure_has_a_row_for_each_group():
    rate = np.append(np.full(100, 0.1), np.linspace(0.1, 0.0, 50))
    one = losslaws.backtest({"a": (T, LOSS), "b": (T, LOSS, rate)}, laws=["power_law"], fractions=[0.3, 0.6])
    figure = one.plot()
    assert len(figure.axes) == 6
    assert figure.axes[0].get_title(loc="left") == "1 curve, LR constant or unknown"


def test_a_forecast_as_text():
    text = losslaws.forecast(T, LOSS, "4x", target=1.6, name="run").table()
    assert text.startswith("run: 150 points up to t = 159, forecast to t = 636")
    assert "loss 1.6 reached at t" in text
    assert "current loss (smoothed)" in text
    assert "decrease from t = 318 to 636" in text
    assert "Intervals are calibrated on simulated curves." in text
    assert "beyond the horizon" in losslaws.forecast(T, LOSS, target=0.5).table()
    assert "already reached" in losslaws.forecast(T, LOSS, target=2.0).table()


def test_forecasts_are_calibrated_on_other_curves():
    noise = np.random.default_rng(1)
    finished = {str(n): (T, CLEAN + 0.01 * noise.standard_normal(T.size)) for n in range(4)}
    calibration = losslaws.backtest(finished, laws=["power_law"])
    forecast = losslaws.forecast(T, LOSS, laws=["power_law"], calibration=calibration)
    default = losslaws.forecast(T, LOSS, laws=["power_law"])
    assert "calibrated on 4 other curves." in forecast.table()
    assert forecast.loss == pytest.approx(default.loss)
    ratio = calibration.calibration("unknown").multipliers[0.5] / DEFAULT[0.5]
    assert forecast.upper_50 - forecast.loss == pytest.approx(ratio * (default.upper_50 - default.loss))
    planned = ([200.0, 300.0], [0.1, 0.05])
    apart = losslaws.forecast(T, LOSS, laws=["power_law"], calibration=calibration, planned=planned)
    assert "calibrated on simulated curves." in apart.table()


def test_a_back_test_as_text():
    text = losslaws.backtest({"a": (T, LOSS), "b": (T[:30], LOSS[:30])}, laws=["power_law"]).table()
    assert text.startswith("2 curves; the intervals of each are calibrated on the others")
    assert "curve 'b' not tried at 0.2, 0.33" in text


# --- mistakes ---


@pytest.mark.parametrize("function", [losslaws.fit, losslaws.forecast])
@pytest.mark.parametrize(
    ("t", "loss", "sentence"),
    [
        (T[::-1], LOSS, "t: is 158 at position 1; expected larger values than before"),
        (np.append(T[:-1], T[-2]), LOSS, "t: is 158 at position 149; expected larger values"),
        (T - 10, LOSS, "t: is 0 at position 0; laws need t above 0: leave the point out, or count from 1"),
        (np.where(T == 12, np.nan, T), LOSS, "t: is nan at position 2; expected finite values"),
        (T, np.where(T > 150, np.inf, LOSS), "loss: 9 of 150 values are not finite, the first at t = 151"),
        (T, LOSS[:-1], "loss: has 149 values for 150 of t; expected as many"),
        (T, np.stack([LOSS, LOSS]), r"loss: has shape \(2, 150\); expected one dimension"),
        ([], [], r"t: has shape \(0,\); expected one dimension and one value at least"),
        (T, ["low"] * 150, "loss: expected numbers, one-dimensional; got"),
        (T, None, r"loss: has shape \(\); expected one dimension"),
    ],
)
def test_arrays_that_are_no_curve(function, t, loss, sentence):
    with pytest.raises(LosslawsError, match=sentence):
        function(t, loss)


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"laws": ["powerlaw"]}, r"law 'powerlaw' is unknown \(did you mean 'power_law'\?\)"),
        ({"laws": []}, "laws: there are none; expected the name of one at least"),
        ({"bounds": "wider"}, "bounds: 'wider' is unknown"),
        ({"space": "logarithm"}, "space: 'logarithm' is unknown"),
        ({"errors": "normal"}, "errors: 'normal' is unknown"),
        ({"skip": 150}, "skip: is 150; expected a whole number from 0 to 149"),
        ({"skip": 1.5}, "skip: is 1.5; expected a whole number"),
    ],
)
def test_options_that_are_none(keys, sentence):
    with pytest.raises(LosslawsError, match=sentence):
        losslaws.fit(T, LOSS, **keys)


def test_forecasts_have_their_own_mistakes():
    with pytest.raises(LosslawsError, match="learning_rate: has 2 values for 150 of t"):
        losslaws.forecast(T, LOSS, learning_rate=[0.1, 0.1])
    with pytest.raises(LosslawsError, match="planned: expected two arrays"):
        losslaws.forecast(T, LOSS, planned=[[1.0, 2.0]])
    with pytest.raises(LosslawsError, match="learning_rate: has values that are not finite"):
        losslaws.forecast(T, LOSS, learning_rate=np.full(150, np.nan))
    with pytest.raises(LosslawsError, match="laws: there are none"):
        losslaws.forecast(T, LOSS, laws=[])
    with pytest.raises(LosslawsError, match="target: is nan; expected a finite loss"):
        losslaws.forecast(T, LOSS, target=float("nan"))


@pytest.mark.parametrize(
    ("curves", "sentence"),
    [
        ({}, "curves: there are no curves"),
        ([(T, LOSS)], r"curves: expected losslaws.Curve objects, or \{name: \(t, loss\)\}"),
        ({"a": (T,)}, r"curve 'a': has 1 arrays; expected \(t, loss\)"),
        ({"a": (T[::-1], LOSS)}, "curve 'a': t: is 158 at position 1"),
        ([losslaws.Curve("a", T, LOSS)] * 2, "curves: curve 'a' appears twice"),
    ],
)
def test_sets_that_are_no_curves(curves, sentence):
    with pytest.raises(LosslawsError, match=sentence):
        losslaws.backtest(curves)


def test_the_names_are_public_and_cost_nothing_before_their_use():
    assert {"fit", "forecast", "backtest"} <= set(dir(losslaws))
    program = "import sys, losslaws; losslaws.fit; print('matplotlib' in sys.modules or 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
