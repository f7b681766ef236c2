"""Declaration."""

from losslaws.analyses.analysis import Analysis

ANALYSIS = Analysis("Universality", "Which law do these loss curves follow?", steps={})
