"""Declaration."""

from losslaws.analyses.schedule_law.section import ANALYSIS as ANALYSIS
