"""Declaration."""

from losslaws.analyses.analysis import Analysis

ANALYSIS = Analysis("Accuracy", "When is it learned, and when does that carry over?", steps={})
