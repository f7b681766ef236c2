"""Declaration."""

from losslaws.analyses.analysis import Analysis

ANALYSIS = Analysis("Replicates", "Would other seeds say the same?", steps={})
