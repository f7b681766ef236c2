"""Declaration."""

from losslaws.analyses.analysis import Analysis
from losslaws.analyses.forecast.settings import Settings

ANALYSIS = Analysis("Forecast", "What comes next in every curve?", steps={}, settings=Settings)
