"""Declaration."""

from losslaws.analyses.analysis import Analysis
from losslaws.analyses.evidence.settings import Settings

ANALYSIS = Analysis("Evidence", "How sure can one be?", steps={}, settings=Settings)
