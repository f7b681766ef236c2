"""The public names of the library."""

from collections.abc import Sequence

from numpy.typing import ArrayLike

from losslaws.core.errors import LosslawsError
from losslaws.core.registry import LAWS, TASKS
from losslaws.core.version import version
from losslaws.curves.arrays import CurvesLike, given_curve, given_curves, given_schedule
from losslaws.curves.curve import Curve
from losslaws.curves.table import read_curves, write_curves
from losslaws.fitting.fit_table import fit_curves
from losslaws.forecasting.attempts import FRACTIONS
from losslaws.forecasting.backtest import Backtest, backtest_curves
from losslaws.forecasting.conformal import SIMULATED
from losslaws.forecasting.forecast import forecast_curve
from losslaws.forecasting.schedule_ahead import UNKNOWN, planned_schedule
from losslaws.views.fits import Fits, fit_one
from losslaws.views.forecasts import BacktestView, ForecastView

__version__ = version()

__all__ = [
    "LAWS",
    "TASKS",
    "Curve",
    "LosslawsError",
    "__version__",
    "backtest",
    "fit",
    "fit_curves",
    "forecast",
    "read_curves",
    "write_curves",
]


def fit(
    t: ArrayLike,
    loss: ArrayLike,
    laws: Sequence[str] | None = None,
    skip: int = 0,
    bounds: str = "wide",
    space: str = "linear",
    errors: str = "independent",
    name: str = "curve",
) -> Fits:
    """Fit laws to one curve, each by a global search, and rank them by AIC.

    Parameters
    ----------
    t, loss : array_like of shape (n,)
        Arrays, lists or pandas Series; t positive and strictly increasing, losses finite.
    laws : sequence of str or None
        Names, as ``losslaws laws`` lists them; None for those of the default study and `shifted_power_law`.
    skip : int
        How many of the first points are left out.
    bounds : {"wide", "paper"}
        Which of the laws' bounds.
    space : {"linear", "log"}
        Residuals of the loss, or of its logarithm.
    errors : {"independent", "ar1"}
        The error model.
    name : str
        The curve's, for titles.

    Raises
    ------
    LosslawsError
        On a mistake in what is given, in one sentence.
    """
    options = {"bounds": bounds, "space": space, "errors": errors}
    return fit_one(given_curve(t, loss, name=name), laws, skip, options)


def forecast(
    t: ArrayLike,
    loss: ArrayLike,
    horizon: float | str = "2x",
    target: float | None = None,
    learning_rate: ArrayLike | None = None,
    planned: Sequence[ArrayLike] | None = None,
    laws: Sequence[str] | None = None,
    calibration: Backtest | None = None,
    name: str = "curve",
) -> ForecastView:
    """Forecast the rest of a curve from the part seen so far.

    Parameters
    ----------
    t, loss : array_like of shape (n,)
        As for :func:`fit`; 12 points at least.
    horizon : float or str
        Where the forecast ends: a t, or as ``"2x"`` a multiple of the last t.
    target : float or None
        A loss to reach.
    learning_rate : array_like of shape (n,) or None
        For warnings where it is not constant: forecasts ignore it.
    planned : (t, learning rate) or None
        The schedule ahead.
    laws : sequence of str or None
        Names; None for `losslaws.forecasting.candidates.DEFAULT_LAWS`.
    calibration : Backtest or None
        What :func:`backtest` returned for finished curves like this one: it sets the widths of the intervals. Without
        it they are calibrated on simulated curves.
    name : str
        The curve's, for titles.

    Raises
    ------
    LosslawsError
        On a mistake in what is given, in one sentence.
    """
    curve = given_curve(t, loss, learning_rate, name)
    return forecast_given(curve, horizon, target, laws, calibration, planned)


def forecast_given(
    curve: Curve,
    horizon: float | str = "2x",
    target: float | None = None,
    laws: Sequence[str] | None = None,
    calibration: Backtest | None = None,
    planned: Sequence[ArrayLike] | None = None,
) -> ForecastView:
    """Forecast a curve; see :func:`forecast`."""
    ahead = given_schedule(planned)
    if isinstance(laws, str):
        laws = [laws]
    widths = SIMULATED
    if calibration is not None:
        schedule = UNKNOWN if ahead is None else planned_schedule(curve.series.get("lr"), ahead)
        widths = calibration.calibration(schedule)
    return ForecastView(**vars(forecast_curve(curve, horizon, target, laws, widths, ahead)))


def backtest(
    curves: CurvesLike, laws: Sequence[str] | None = None, fractions: Sequence[float] = FRACTIONS
) -> BacktestView:
    """Find how well the ends of curves can be predicted from their starts.

    Parameters
    ----------
    curves : sequence of Curve, or mapping of name to (t, loss) or (t, loss, learning_rate)
        Finished curves.
    laws : sequence of str or None
        Names; None for `losslaws.forecasting.candidates.DEFAULT_LAWS`.
    fractions : sequence of float
        Fractions of the points that are seen.

    Raises
    ------
    LosslawsError
        On a mistake in what is given, in one sentence.
    """
    if isinstance(laws, str):
        laws = [laws]
    return BacktestView(**vars(backtest_curves(given_curves(curves), laws, fractions)))
