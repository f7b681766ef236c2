"""What does the learning rate do to the loss, and which schedule ends lowest?"""

from losslaws.analyses.analysis import Analysis, Step, figure_step
from losslaws.analyses.schedule_law.settings import Settings

LAW = """Measured and predicted loss under every schedule.
Grey points are measured losses; the line is the law with the lowest objective, blue where the run was fitted and orange
where it was not seen. The strip beneath is the learning rate. Errors are relative to the loss."""

DESIGN = """The schedule that the law with the lowest objective chooses.
Left, beside a cosine and two warm-up–stable–decay schedules of equal length and peak; shaded are the schedules that
refits under random weights of the runs would choose. Right, the final losses that the law predicts, with 5% and 95%
quantiles over the refits, and the excess loss of each other schedule over the chosen one."""

ANALYSIS = Analysis(
    title="Schedule laws",
    question="What does the learning rate do to the loss?",
    settings=Settings,
    steps={
        "schedule_law": Step(
            "compute:fit_laws",
            reads=("curves",),
            writes={
                "found": "schedule_law.json",
                "scores": "tables/schedule_law.csv",
                "schedule": "tables/schedule.csv",
            },
        ),
        **figure_step("schedule_law", "figure_law:save", ("found",), LAW),
        **figure_step("schedule_design", "figure_design:save", ("found",), DESIGN),
    },
)
