"""Declaration."""

from losslaws.analyses.backtest.section import ANALYSIS as ANALYSIS
