"""Declaration."""

from losslaws.analyses.analysis import Analysis

ANALYSIS = Analysis("Calibration", "Can the criteria be trusted?", steps={})
