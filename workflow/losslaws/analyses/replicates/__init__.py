"""How sure is a winner, and do exponents differ by task and by width? Several seeds tell."""

from losslaws.analyses.analysis import Analysis, Step, figure_step

CAPTION = """Share of the seeds that each law wins.
One row per task and width; a law wins a run if it has the lowest AIC. Bars are 95% Wilson intervals."""

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
