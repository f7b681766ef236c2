"""How well can the ends of these curves be predicted from their starts?"""

from losslaws.analyses.analysis import Analysis, Step, figure_step

CAPTION = """How well the ends of curves are predicted from their starts.
Each curve is forecast from the shares of its points named below, and compared with what followed. Left: median absolute
error over all later points, of the combination of laws, of each law fitted to all that was seen, and of the last value.
Middle: share of the later points inside the 50% and 90% intervals of the combination, calibrated on the other curves.
Right: median width of those intervals. Curves whose learning rate changes after what was seen are shown separately: a
law in t cannot know of the change."""

ANALYSIS = Analysis(
    title="Back-test",
    question="How well can the ends of these curves be predicted from their starts?",
    steps={
        "backtest": Step(
            "compute:score",
            reads=("forecast.attempts",),
            settings="forecast",
            writes={
                "found": "backtest.json",
                "rows": "tables/backtest.csv",
                "summary": "tables/backtest_summary.csv",
            },
        ),
        **figure_step("backtest", "figure:save", ("found",), CAPTION),
    },
)
