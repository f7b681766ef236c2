"""Declaration."""

from losslaws.analyses.collapse.section import ANALYSIS as ANALYSIS
