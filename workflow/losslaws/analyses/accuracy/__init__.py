"""When is a task learned, and when does that carry over to rows that were not trained on?"""

from losslaws.analyses.analysis import Analysis, Step, figure_step

CAPTION = """Loss and accuracy on training and test data.
One row per task and width, one line per seed; the rows that are not trained on are dashed. The grey line marks an
accuracy of 99%. A test loss that falls long after the training loss is called grokking."""

ANALYSIS = Analysis(
    title="Accuracy",
    question="When is it learned, and when does that carry over?",
    steps={
        "accuracy": Step(
            "compute:find_accuracies",
            reads=("curves",),
            writes={"found": "accuracy.json", "table": "tables/accuracy.csv"},
        ),
        # Without any accuracy there is nothing to draw, and the job that finds accuracies says so first.
        **figure_step("accuracy", "figure:save", ("found", "curves"), CAPTION),
    },
)
