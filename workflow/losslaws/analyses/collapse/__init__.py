"""Do curves of all sizes follow one curve?"""

from losslaws.analyses.analysis import Analysis, Step, figure_step
from losslaws.analyses.collapse.check import check
from losslaws.analyses.collapse.settings import Settings

CAPTION = """Do curves of all sizes collapse?
*a* Loss above L0 against compute; the dashed line is the fit to the final losses that gives L0. *b* Loss above L0 over
its final value, against the share of the horizon. *c* Δ, the relative standard deviation over all runs, against σ, that
over the seeds of each width; shaded where Δ stays below the mean σ. *d* Each width against the mean of the others, in
grey the mean σ; how deviations change with each doubling of the parameters, and the p-value of no change."""

ANALYSIS = Analysis(
    title="Collapse",
    question="Do curves of all sizes follow one curve?",
    settings=Settings,
    check=check,
    steps={
        "collapse": Step("compute:compare", reads=("curves",), writes={"found": "collapse.json"}, minutes=60),
        **figure_step("collapse", "figure:save", ("found",), CAPTION),
    },
)
