"""Declaration."""

from losslaws.analyses.universality.section import ANALYSIS as ANALYSIS
