"""A forecast as plain numbers, for JSON."""

from dataclasses import dataclass

import numpy as np

from losslaws.core.arrays import Array
from losslaws.forecasting.forecast import Forecast, Interval


@dataclass(frozen=True)
class IntervalRecord:
    """A number with a 50% and a 90% interval; None where it does not exist within the horizon."""

    value: float | None
    lower_50: float | None
    upper_50: float | None
    lower_90: float | None
    upper_90: float | None


@dataclass(frozen=True)
class DoublingRecord:
    """The expected decrease of the loss during the doubling of t that ends at `t`."""

    t: float
    decrease: float


@dataclass(frozen=True)
class LawRecord:
    """The weight of a law, and its own forecast at the horizon; None without a fit."""

    law: str
    weight: float
    loss: float | None


@dataclass(frozen=True)
class CurveAheadRecord:
    """The forecast and its intervals over t."""

    t: tuple[float, ...]
    loss: tuple[float, ...]
    lower_50: tuple[float, ...]
    upper_50: tuple[float, ...]
    lower_90: tuple[float, ...]
    upper_90: tuple[float, ...]


@dataclass(frozen=True)
class ForecastRecord:
    """The forecast of one curve; fields as those of :class:`~losslaws.forecasting.forecast.Forecast`."""

    curve: str
    n_seen: int
    t_seen: float
    horizon: float
    now: float
    final: IntervalRecord
    decrease: IntervalRecord
    relative_decrease: float | None
    decrease_per_t: float | None
    doublings: tuple[DoublingRecord, ...]
    target: float | None
    reached: IntervalRecord | None
    laws: tuple[LawRecord, ...]
    calibration: str
    warnings: tuple[str, ...]
    curve_ahead: CurveAheadRecord


def forecast_record(forecast: Forecast) -> ForecastRecord:
    """Return the numbers of a forecast; None where one is not finite."""
    return ForecastRecord(
        curve=forecast.name,
        n_seen=forecast.seen_t.size,
        t_seen=float(forecast.seen_t[-1]),
        horizon=forecast.horizon,
        now=forecast.now,
        final=_interval(forecast.final),
        decrease=_interval(forecast.decrease),
        relative_decrease=_finite(forecast.relative_decrease),
        decrease_per_t=_finite(forecast.decrease_per_t),
        doublings=tuple(DoublingRecord(t, decrease) for t, decrease in forecast.doublings),
        target=forecast.target,
        reached=None if forecast.reached is None else _interval(forecast.reached),
        laws=tuple(LawRecord(law.law, law.weight, _finite(law.loss)) for law in forecast.laws),
        calibration=forecast.calibration,
        warnings=forecast.warnings,
        curve_ahead=CurveAheadRecord(
            t=_numbers(forecast.t),
            loss=_numbers(forecast.loss),
            lower_50=_numbers(forecast.lower_50),
            upper_50=_numbers(forecast.upper_50),
            lower_90=_numbers(forecast.lower_90),
            upper_90=_numbers(forecast.upper_90),
        ),
    )


def _interval(interval: Interval) -> IntervalRecord:
    return IntervalRecord(
        _finite(interval.value),
        _finite(interval.lower_50),
        _finite(interval.upper_50),
        _finite(interval.lower_90),
        _finite(interval.upper_90),
    )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _numbers(values: Array) -> tuple[float, ...]:
    return tuple(values.tolist())
