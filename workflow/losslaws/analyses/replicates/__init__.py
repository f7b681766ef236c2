"""Declaration."""

from losslaws.analyses.replicates.section import ANALYSIS as ANALYSIS
