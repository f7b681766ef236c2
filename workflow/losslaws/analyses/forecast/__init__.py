"""What comes next in every curve?"""

from losslaws.analyses.analysis import Analysis, Step, figure_step
from losslaws.analyses.forecast.settings import Settings

CAPTION = """Forecasts.
Each curve so far, and its expected loss up to the horizon with 50% and 90% intervals, which are for single recorded
losses; both axes are logarithmic, and the dotted line is the target. The forecast combines laws, weighted by how well
each fits and predicted later parts of the curve from earlier ones; the intervals are calibrated on the back-test. The
learning rate is assumed to stay as it is at the end."""

ANALYSIS = Analysis(
    title="Forecast",
    question="What comes next in every curve?",
    settings=Settings,
    steps={
        "attempts": Step(
            "compute:attempt",
            reads=("curves",),
            per="part",
            laws="settings",
            resources="judging",
            settings_read=("laws", "fractions"),
            writes={"attempts": "attempts/{part}.parquet"},
        ),
        "forecast": Step(
            "compute:forecast_part",
            reads=("curves",),
            reads_all=("attempts",),
            per="part",
            laws="settings",
            resources="judging",
            writes={"forecasts": "forecasts/{part}.json"},
        ),
        "forecasts": Step(
            "compute:join",
            reads=("forecasts",),
            settings_read=(),
            writes={"found": "forecasts.json", "table": "tables/forecasts.csv"},
        ),
        **figure_step("forecasts", "figure:save", ("found",), CAPTION),
    },
)
