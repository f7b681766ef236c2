"""Declaration."""

from losslaws.analyses.accuracy.section import ANALYSIS as ANALYSIS
