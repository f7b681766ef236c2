"""How often does each law win over seeds, and do exponents depend on the task and the width?"""

from losslaws.analyses.analysis import Analysis, Step, figure_step

CAPTION = """Share of the seeds that each law wins, in percent.
One row per task and width; a law wins a run if it has the lowest AIC. In brackets: 95% Wilson intervals."""

ANALYSIS = Analysis(
    title="Replicates",
    question="Would other seeds say the same?",
    steps={
        "replicates": Step(
            "compute:count_wins",
            reads=("curves", "fits"),
            laws="fitting",
            writes={
                "found": "replicates.json",
                "shares": "tables/replicates.csv",
                "exponents": "tables/replicate_exponents.csv",
            },
        ),
        **figure_step("replicates", "figure:save", ("found",), CAPTION),
    },
)
