"""Forecasts and back-tests as tables, in notebooks, and as plots."""

from typing import Any

import numpy as np

from losslaws.forecasting.attempts import COMBINATION
from losslaws.forecasting.backtest import GROUPS, Backtest, BacktestSummary
from losslaws.forecasting.forecast import NEGLIGIBLE, Forecast, Interval
from losslaws.report.text import fixed, html_table, number, paragraph, table

DIGITS = 5


class ForecastView(Forecast):
    """A forecast with tables and a plot."""

    def table(self) -> str:
        """Return the forecast as aligned text, with its warnings."""
        last, count = self.seen_t[-1], self.seen_t.size
        head = f"{self.name}: {count} points up to t = {last:.6g}, forecast to t = {self.horizon:.6g}"
        laws = table(*self._law_cells())
        parts = [head, "", table(*self._cells()), "", laws, "", f"Intervals are calibrated on {self.calibration}."]
        return "\n".join([*parts, *map(paragraph, self.warnings)])

    def plot(self) -> Any:
        """Return a matplotlib Figure: the seen points, the forecast with its intervals, and the laws behind it."""
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
            ["current loss (smoothed)", number(self.now, DIGITS), "", ""],
            [f"loss at t = {self.horizon:.6g}", *_interval(self.final)],
            ["expected decrease", *_interval(self.decrease)],
            ["relative decrease", f"{self.relative_decrease:.2%}", "", ""],
            ["decrease per unit of t", number(self.decrease_per_t, 3), "", ""],
        ]
        start = float(self.seen_t[-1])
        for end, decrease in self.doublings:
            rows.append([f"decrease from t = {start:.6g} to {end:.6g}", number(decrease, 3), "", ""])
            start = end
        if self.reached is not None:
            rows.append([f"loss {self.target:.6g} reached at t", *_reached(self.reached)])
        return ["", "forecast", "50% interval", "90% interval"], rows

    def _law_cells(self) -> tuple[list[str], list[list[str]]]:
        shown = [law for law in self.laws if law.weight > NEGLIGIBLE]
        return ["law", "weight", "forecast alone"], [
            [law.law, f"{law.weight:.2f}", number(law.loss if np.isfinite(law.loss) else None, DIGITS)] for law in shown
        ]


def _interval(interval: Interval) -> list[str]:
    pairs = ((interval.lower_50, interval.upper_50), (interval.lower_90, interval.upper_90))
    return [number(interval.value, DIGITS), *(f"{low:.{DIGITS}g} – {high:.{DIGITS}g}" for low, high in pairs)]


def _reached(reached: Interval) -> list[str]:
    if reached.value == 0:
        return ["already reached", "", ""]

    def when(t: float) -> str:
        return f"{t:.{DIGITS}g}" if np.isfinite(t) else "beyond the horizon"

    # The lower edge of the band comes down to the target first.
    pairs = ((reached.lower_50, reached.upper_50), (reached.lower_90, reached.upper_90))
    return [when(reached.value), *(when(low) if low == high else f"{when(low)} – {when(high)}" for low, high in pairs)]


class BacktestView(Backtest):
    """A back-test with tables and a plot."""

    @property
    def curves(self) -> int:
        """How many curves there are."""
        return len({row.curve for row in self.rows})

    def table(self) -> str:
        """Return the summary as aligned text, and what was left out."""
        head = f"{self.curves} curve{'s' * (self.curves != 1)}; the intervals of each are calibrated on the others"
        return "\n".join([head, "", table(*self._cells()), *(["", *map(paragraph, self.notes)] if self.notes else [])])

    def plot(self) -> Any:
        """Return a matplotlib Figure: errors, and coverage and width of the intervals."""
        from losslaws.analyses.backtest.figure import draw
        from losslaws.plotting.draw import make_figure

        return make_figure(draw, self.summary, self.quartiles)

    def __repr__(self) -> str:
        return self.table()

    def _repr_html_(self) -> str:
        return html_table(*self._cells())

    def _cells(self) -> tuple[list[str], list[list[str]]]:
        shown = [row for row in self.summary if row.fraction is None or row.forecaster == COMBINATION]
        columns = ["schedule", "seen", "forecaster", "curves", "final error", "relative", "later error"]
        intervals = ["50% coverage", "width", "90% coverage", "width"]
        return [*columns, *intervals], [_summary_cells(row) for row in shown]


def _summary_cells(row: BacktestSummary) -> list[str]:
    return [
        GROUPS[row.schedule],
        "all" if row.fraction is None else f"{row.fraction:.0%}",
        row.forecaster,
        str(row.curves),
        number(row.error_end, 3),
        "–" if row.relative_error_end is None else f"{row.relative_error_end:.2%}",
        number(row.error_later, 3),
        fixed(row.coverage_50, 2),
        number(row.width_50, 3),
        fixed(row.coverage_90, 2),
        number(row.width_90, 3),
    ]
