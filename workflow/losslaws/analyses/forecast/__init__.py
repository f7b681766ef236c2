"""Declaration."""

from losslaws.analyses.forecast.section import ANALYSIS as ANALYSIS
