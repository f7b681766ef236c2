"""Can the criteria be trusted? Simulated curves, whose laws are known."""

from losslaws.analyses.analysis import Analysis, Step, figure_step
from losslaws.analyses.calibration.check import check

CAPTION = """How often each criterion names the true law, and how often its certainty is false.
Curves are simulated from known laws with AR(1) noise; points are shares of the curves of all true laws together, with
95% Wilson intervals. *Named*: the true law has the lowest criterion; for the verdict, it is the law named or one of
several that stand. *Certain*: ΔAIC or ΔBIC of at least 10, or the verdict "one law". *Falsely certain*: certain, and of
another law; the grey line marks 5%. AIC and BIC take the residuals for independent; AIC AR(1) fits their correlation
jointly with the law."""

ANALYSIS = Analysis(
    title="Calibration",
    question="Can the criteria be trusted?",
    check=check,
    steps={
        "calibration": Step(
            "compute:count_right",
            reads=("curves", "evidence.verdicts"),
            laws="fitting",
            writes={"found": "calibration.json", "table": "tables/calibration.csv"},
        ),
        **figure_step("calibration", "figure:save", ("found",), CAPTION),
    },
)
