"""When is a task learned, and when does the network generalise?"""

from losslaws.analyses.analysis import Analysis, Step, figure_step

CAPTION = """Loss and accuracy on training and test data.
One row per task and width, one line per seed; test data are dashed. The grey line marks an accuracy of 99%. A test
accuracy that rises long after the training accuracy is called grokking."""

ANALYSIS = Analysis(
    title="Accuracy",
    question="When is it learned, and when does it generalise?",
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
