"""Declaration."""

from losslaws.analyses.evidence.section import ANALYSIS as ANALYSIS
