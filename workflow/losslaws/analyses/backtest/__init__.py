"""Declaration."""

from losslaws.analyses.analysis import Analysis

ANALYSIS = Analysis("Back-test", "How well are the ends of these curves predicted from their starts?", steps={})
