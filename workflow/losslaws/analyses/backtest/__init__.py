"""How well can the ends of these curves be predicted from their starts?"""

from losslaws.analyses.analysis import Analysis, Step, figure_step

CAPTION = """Back-test of the forecasts.
Each curve is forecast from fractions of its points and compared with the rest. Left: median over curves of the mean
absolute error over later points, for the combination of laws (bars: quartiles), for each law alone, fitted to all seen
points, and for the last value. Middle: coverage of the combination's 50% and 90% intervals, calibrated on the other
curves; dashed lines are the nominal levels. Right: median width of those intervals, in units of the loss. Curves whose
learning rate changes after the seen points have a row of their own: the forecasts ignore the change."""

ANALYSIS = Analysis(
    title="Back-test",
    question="How well can the ends of these curves be predicted from their starts?",
    steps={
        "backtest": Step(
            "compute:score",
            reads=("forecast.attempts",),
            settings_read=(),
            writes={
                "found": "backtest.json",
                "rows": "tables/backtest.csv",
                "summary": "tables/backtest_summary.csv",
            },
        ),
        **figure_step("backtest", "figure:save", ("found",), CAPTION),
    },
)
