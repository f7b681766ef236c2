"""Declaration."""

from losslaws.analyses.analysis import Analysis
from losslaws.analyses.schedule_law.settings import Settings

ANALYSIS = Analysis("Schedule laws", "What does the learning rate do to the loss?", steps={}, settings=Settings)
