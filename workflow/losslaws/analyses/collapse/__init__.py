"""Declaration."""

from losslaws.analyses.analysis import Analysis
from losslaws.analyses.collapse.settings import Settings

ANALYSIS = Analysis("Collapse", "Do curves of all sizes follow one curve?", steps={}, settings=Settings)
