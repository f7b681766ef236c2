"""The forecast of one curve: its continuation, when it reaches a target, and the benefit of continuing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from losslaws.core.arrays import Array
from losslaws.curves.curve import Curve
from losslaws.forecasting.arguments import check_prefix, check_target, horizon_of
from losslaws.forecasting.candidates import SKIPS, candidates_of, load_laws
from losslaws.forecasting.combination import Combination, combine
from losslaws.forecasting.conformal import LEVELS, SIMULATED, Calibration
from losslaws.forecasting.prefixes import Prefixes, fit_prefixes
from losslaws.forecasting.schedule_ahead import schedule_warnings

GRID = 120
"""Points of a forecast."""

MAX_MULTIPLE = 5.0
"""Back-tests reach this multiple of the last seen t."""

NEGLIGIBLE = 0.005
"""Laws with less weight are left out of tables."""


@dataclass(frozen=True)
class Interval:
    """A number with a 50% and a 90% interval; infinite where it does not exist within the horizon."""

    value: float
    lower_50: float
    upper_50: float
    lower_90: float
    upper_90: float


@dataclass(frozen=True)
class LawShare:
    """The weight of one law, and its own forecast at the horizon (NaN without a fit)."""

    law: str
    weight: float
    loss: float


@dataclass(frozen=True)
class Forecast:
    """The forecast of one curve.

    Attributes
    ----------
    name : str
        The curve's.
    seen_t, seen_loss : ndarray of shape (n,)
        The seen points.
    fit : ndarray of shape (k,)
        The combination at the last k of them, to which all candidates were fitted.
    t : ndarray of shape (m,)
        From the last seen point to the horizon, evenly spaced in its logarithm.
    loss, lower_50, upper_50, lower_90, upper_90 : ndarray of shape (m,)
        The forecast and its intervals, which are for single recorded losses, noise included.
    by_law : mapping of str to ndarray of shape (m,)
        The forecast of each law whose weight is not negligible.
    laws : tuple of LawShare
        Largest weight first.
    now : float
        The current loss, smoothed: at the last seen point, without its noise.
    target : float or None
        A loss to reach.
    reached : Interval or None
        The t at which the target is reached; 0 if it already is, infinite if not within the horizon.
    calibration : str
        What the intervals are calibrated on.
    warnings : tuple of str
        Reasons for caution, a sentence each.
    """

    name: str
    seen_t: Array
    seen_loss: Array
    fit: Array
    t: Array
    loss: Array
    lower_50: Array
    upper_50: Array
    lower_90: Array
    upper_90: Array
    by_law: dict[str, Array]
    laws: tuple[LawShare, ...]
    now: float
    target: float | None
    reached: Interval | None
    calibration: str
    warnings: tuple[str, ...]

    @property
    def horizon(self) -> float:
        """Where the forecast ends."""
        return float(self.t[-1])

    @property
    def final(self) -> Interval:
        """The loss at the horizon."""
        return Interval(
            *(float(line[-1]) for line in (self.loss, self.lower_50, self.upper_50, self.lower_90, self.upper_90))
        )

    @property
    def decrease(self) -> Interval:
        """The expected decrease of the loss up to the horizon; negative for an increase."""
        end = self.final
        return Interval(
            self.now - end.value,
            self.now - end.upper_50,
            self.now - end.lower_50,
            self.now - end.upper_90,
            self.now - end.lower_90,
        )

    @property
    def relative_decrease(self) -> float:
        """The expected decrease as a share of the current loss."""
        return self.decrease.value / self.now if self.now else float("nan")

    @property
    def decrease_per_t(self) -> float:
        """The expected decrease per unit of t, up to the horizon."""
        return self.decrease.value / (self.horizon - float(self.seen_t[-1]))

    @property
    def doublings(self) -> tuple[tuple[float, float], ...]:
        """For each doubling of t within the horizon: where it ends, and the expected decrease during it."""
        last = float(self.seen_t[-1])
        count = int(np.floor(np.log2(self.horizon / last) + 1e-9))
        ends = last * 2.0 ** np.arange(1, count + 1)
        levels = np.append(self.now, np.interp(np.log(ends), np.log(self.t), self.loss))
        return tuple(zip(ends.tolist(), (-np.diff(levels)).tolist(), strict=True))


def forecast_curve(
    curve: Curve,
    horizon: float | str = "2x",
    target: float | None = None,
    laws: Sequence[str] | None = None,
    calibration: Calibration = SIMULATED,
    planned: tuple[Array, Array] | None = None,
) -> Forecast:
    """Forecast one curve.

    Parameters
    ----------
    curve : Curve
        The seen part, all losses finite.
    horizon : float or str
        Where the forecast ends: a t, or as ``"2x"`` a multiple of the last t.
    target : float or None
        A loss to reach.
    laws : sequence of str or None
        Names of the laws; None for `losslaws.forecasting.candidates.DEFAULT_LAWS`.
    calibration : Calibration
        Of the intervals.
    planned : (t, learning rate) or None
        The schedule ahead, where it is known.

    Raises
    ------
    LosslawsError
        If the curve is too short or not finite, the target is not finite, or the horizon is not ahead of the curve.
    """
    check_prefix(curve)
    check_target(target)
    end = horizon_of(horizon, float(curve.t[-1]))
    candidates = candidates_of(load_laws(laws))
    prefixes = fit_prefixes(candidates, curve.t, curve.loss[None, :])
    together = combine(prefixes, range(len(candidates)))
    warnings = _warnings(curve, prefixes, together, end, planned)
    return _forecast(curve, prefixes, together, end, target, calibration, warnings)


def _forecast(
    curve: Curve,
    prefixes: Prefixes,
    together: Combination,
    end: float,
    target: float | None,
    calibration: Calibration,
    warnings: Sequence[str],
) -> Forecast:
    t = np.geomspace(curve.t[-1], end, GRID)
    t[0], t[-1] = curve.t[-1], end
    values = prefixes.values(t)
    # A loss that has never been negative is not expected to become so.
    floor = 0.0 if (curve.loss >= 0).all() else -np.inf
    centre, scale = together.centre(values)[0], together.scale(values)[0]
    bands = _bands(centre, scale, calibration.multipliers, floor)
    centre = np.maximum(centre, floor)
    by_law = _by_law(prefixes, together, values)
    return Forecast(
        name=curve.name,
        seen_t=curve.t,
        seen_loss=curve.loss,
        fit=together.centre(prefixes.values(curve.t[int(max(SKIPS) * curve.t.size) :]))[0],
        t=t,
        loss=centre,
        lower_50=bands[0.5][0],
        upper_50=bands[0.5][1],
        lower_90=bands[0.9][0],
        upper_90=bands[0.9][1],
        by_law={name: line for name, (weight, line) in by_law.items() if weight > NEGLIGIBLE},
        laws=_shares(by_law),
        now=float(together.now[0]),
        target=target,
        reached=None if target is None else _reached(target, float(together.now[0]), t, centre, bands),
        calibration=calibration.source,
        warnings=tuple(warnings),
    )


def _bands(centre: Array, scale: Array, width: Mapping[float, float], floor: float) -> dict[float, tuple[Array, Array]]:
    """Return the lower and upper edge of the interval of each level, none below the floor."""
    return {
        level: (np.maximum(centre - width[level] * scale, floor), np.maximum(centre + width[level] * scale, floor))
        for level in LEVELS
    }


def _by_law(prefixes: Prefixes, together: Combination, values: Array) -> dict[str, tuple[float, Array]]:
    """Return the weight of each law, and its own candidates' mean."""
    result = {}
    names = [candidate.law.name for candidate in prefixes.candidates]
    for name in dict.fromkeys(names):
        members = [number for number, other in enumerate(names) if other == name]
        own = combine(prefixes, members)
        fitted = own.weights[-1, 0] == 0
        line = own.centre(values)[0] if fitted else np.full(values.shape[-1], np.nan)
        result[name] = float(together.weights[members, 0].sum()), line
    return result


def _shares(by_law: dict[str, tuple[float, Array]]) -> tuple[LawShare, ...]:
    shares = [LawShare(name, weight, float(line[-1])) for name, (weight, line) in by_law.items()]
    return tuple(sorted(shares, key=lambda share: -share.weight))


def _reached(target: float, now: float, t: Array, centre: Array, bands: dict[float, tuple[Array, Array]]) -> Interval:
    """Return the t at which the forecast and the edges of its intervals first come down to the target."""
    if now <= target:
        return Interval(0.0, 0.0, 0.0, 0.0, 0.0)
    lines = (centre, *bands[0.5], *bands[0.9])
    return Interval(*(_crossing(target, t, line) for line in lines))


def _crossing(target: float, t: Array, line: Array) -> float:
    below = np.flatnonzero(line <= target)
    if not below.size:
        return float("inf")
    place = int(below[0])
    if place == 0:
        return float(t[0])
    share = (line[place - 1] - target) / (line[place - 1] - line[place])
    return float(t[place - 1] * (t[place] / t[place - 1]) ** share)


def _warnings(
    curve: Curve, prefixes: Prefixes, together: Combination, end: float, planned: tuple[Array, Array] | None
) -> list[str]:
    sentences = []
    if together.weights[-1, 0] > 0:
        sentences.append("No decreasing law fits this curve: the loss is forecast to stay at its last value.")
    else:
        sentences += _risen(curve, prefixes)
    if end > MAX_MULTIPLE * curve.t[-1] * (1 + 1e-9):
        sentences.append(
            f"The horizon is {end / curve.t[-1]:.3g} times the last seen t; intervals are calibrated on forecasts up "
            f"to {MAX_MULTIPLE:g} times."
        )
    ahead = None
    if planned is not None:
        inside = (planned[0] > curve.t[-1]) & (planned[0] <= end)
        ahead = (planned[0][inside], planned[1][inside]) if inside.any() else None
    return sentences + schedule_warnings(curve.series.get("lr"), curve.t, ahead)


def _risen(curve: Curve, prefixes: Prefixes) -> list[str]:
    """Warn if the loss has risen from its lowest tenth to its last by more than the noise and a tenth of its fall."""
    means = np.array([part.mean() for part in np.array_split(curve.loss, 10)])
    rise = means[-1] - means.min()
    if rise <= max(0.1 * (means.max() - means.min()), 4 * float(prefixes.noise[0])):
        return []
    place = np.array_split(curve.t, 10)[int(means.argmin())][-1]
    return [f"The loss has been rising since about t = {place:g}, which decreasing laws cannot fit."]
