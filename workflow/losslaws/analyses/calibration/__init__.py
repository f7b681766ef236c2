"""Declaration."""

from losslaws.analyses.calibration.section import ANALYSIS as ANALYSIS
