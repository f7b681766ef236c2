"""Forecasts and back-tests, to look at: tables, notebooks, pictures."""

from dataclasses import fields
from typing import Any

import numpy as np

from losslaws.forecasting.attempts import COMBINATION
from losslaws.forecasting.backtest import Backtest, BacktestSummary
from losslaws.forecasting.forecast import NEGLIGIBLE, Forecast, Interval
from losslaws.report.text import fixed, html_table, number, paragraph, table

DIGITS = 5


class ForecastView(Forecast):
    """A forecast with tables and pictures."""

    @classmethod
    def of(cls, forecast: Forecast) -> "ForecastView":
        """Return the same forecast, to look at."""
        return cls(**{field.name: getattr(forecast, field.name) for field in fields(forecast)})

    def table(self) -> str:
        """Return the forecast as aligned text, with its warnings."""
        last, count = self.seen_t[-1], self.seen_t.size
        head = f"{self.name}: {count} points up to t = {last:.6g}, forecast to t = {self.horizon:.6g}"
        laws = table(*self._law_cells())
        parts = [head, "", table(*self._cells()), "", laws, "", f"Intervals are calibrated on {self.calibration}."]
        return "\n".join([*parts, *map(paragraph, self.warnings)])

    def plot(self) -> Any:
        """Return a matplotlib Figure: what was seen, the forecast with its intervals, and the laws behind it."""
        from losslaws.plotting import forecast
        from losslaws.plotting.draw import make_figure

        return make_figure(forecast.draw, self)

    def row(self) -> list[str]:
        """Return the cells of a table of many forecasts: name, last t, horizon, loss there with intervals."""
        return [self.name, f"{self.seen_t[-1]:.6g}", f"{self.horizon:.6g}", *_interval(self.final)]

    def when(self) -> str:
        """Say when the target is reached; empty without one."""
        return "" if self.reached is None else _reached(self.reached)[0]

    def __repr__(self) -> str:
        return self.table()

    def _repr_html_(self) -> str:
        return html_table(*self._cells())

    def _cells(self) -> tuple[list[str], list[list[str]]]:
        rows = [
            ["loss now, without noise", number(self.now, DIGITS), "", ""],
            [f"loss at t = {self.horizon:.6g}", *_interval(self.final)],
            ["decrease until then", *_interval(self.decrease)],
            ["decrease, relative", f"{self.relative_decrease:.2%}", "", ""],
            ["decrease per unit of t", number(self.decrease_per_t, 3), "", ""],
        ]
        start = float(self.seen_t[-1])
        for end, decrease in self.doublings:
            rows.append([f"decrease from t = {start:.6g} to {end:.6g}", number(decrease, 3), "", ""])
            start = end
        if self.reached is not None:
            rows.append([f"t of loss {self.target:.6g}", *_reached(self.reached)])
        return ["", "forecast", "50% interval", "90% interval"], rows

    def _law_cells(self) -> tuple[list[str], list[list[str]]]:
        shown = [law for law in self.laws if law.weight > NEGLIGIBLE]
        return ["law", "weight", "its own forecast"], [
            [law.law, f"{law.weight:.2f}", number(law.loss if np.isfinite(law.loss) else None, DIGITS)] for law in shown
        ]


def _interval(interval: Interval) -> list[str]:
    pairs = ((interval.lower_50, interval.upper_50), (interval.lower_90, interval.upper_90))
    return [number(interval.value, DIGITS), *(f"{low:.{DIGITS}g} – {high:.{DIGITS}g}" for low, high in pairs)]


def _reached(reached: Interval) -> list[str]:
    if reached.value == 0:
        return ["reached already", "", ""]

    def when(t: float) -> str:
        return f"{t:.{DIGITS}g}" if np.isfinite(t) else "not within the horizon"

    # The lower edge of the band comes down to the target first.
    pairs = ((reached.lower_50, reached.upper_50), (reached.lower_90, reached.upper_90))
    return [when(reached.value), *(when(low) if low == high else f"{when(low)} – {when(high)}" for low, high in pairs)]


class BacktestView(Backtest):
    """A back-test with tables and pictures."""

    @classmethod
    def of(cls, backtest: Backtest) -> "BacktestView":
        """Return the same back-test, to look at."""
        return cls(backtest.rows, backtest.pools, backtest.notes)

    @property
    def curves(self) -> int:
        """How many curves there are."""
        return len({row.curve for row in self.rows})

    def table(self) -> str:
        """Return the summary as aligned text, and what was left out."""
        head = f"{self.curves} curves; intervals of each calibrated on the others"
        return "\n".join([head, "", table(*self._cells()), *(["", *map(paragraph, self.notes)] if self.notes else [])])

    def plot(self) -> Any:
        """Return a matplotlib Figure: errors, and how the intervals hold."""
        from losslaws.analyses.backtest.figure import draw
        from losslaws.plotting.draw import make_figure

        return make_figure(draw, self.summary)

    def __repr__(self) -> str:
        return self.table()

    def _repr_html_(self) -> str:
        return html_table(*self._cells())

    def _cells(self) -> tuple[list[str], list[list[str]]]:
        shown = [row for row in self.summary if row.fraction is None or row.forecaster == COMBINATION]
        columns = ["schedule", "seen", "forecaster", "curves", "error at end", "relative", "error later"]
        return [*columns, "in 50%", "width", "in 90%", "width"], [_summary_cells(row) for row in shown]


def _summary_cells(row: BacktestSummary) -> list[str]:
    def value(name: str) -> float | None:
        return None if getattr(row, name) is None else float(getattr(row, name) or 0.0)

    relative = value("relative_error_end")
    return [
        str(row.schedule),
        "all" if row.fraction is None else f"{row.fraction:g}",
        str(row.forecaster),
        str(row.curves),
        number(value("error_end"), 3),
        "–" if relative is None else f"{relative:.2%}",
        number(value("error_later"), 3),
        fixed(value("coverage_50"), 2),
        number(value("width_50"), 3),
        fixed(value("coverage_90"), 2),
        number(value("width_90"), 3),
    ]
