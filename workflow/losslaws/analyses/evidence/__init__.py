"""How sure can one be of the winning law? Verdicts on every curve, and the multiverse of analyses."""

from losslaws.analyses.analysis import Analysis, Step, figure_step
from losslaws.analyses.evidence.settings import Settings

SPECIFICATION_CURVE = """Does the answer depend on how the curves were analysed?
Each column is one analysis: a combination of bounds of the search, space of the residuals (of the loss, or of its
logarithm), error model, points skipped at the start (1% of each curve's points, or a number of points), and criterion.
The law in question is the one that wins most runs in the published analysis: the bounds and skipped points of the
configuration, linear space, independent errors, AIC. If that analysis is not among the columns, the title says so, and
the law is the one with most wins in all of them.

Above: the share of runs that this law wins, among the runs in which any law has a fit, in ascending order. Filled
points: no other law wins more runs. Open points: another law does, which colour and marker name. A cross: no law has a
fit. The ring and the dotted line mark the published analysis, the dashed line half of the runs.

Beneath: a tick where the analysis makes the choice of the row, the published analysis framed. Columns of equal share
stand in the order of their choices. On the right: under how many of the analyses with that choice no other law wins
more runs.

The analyses share their data and are not independent, so their number is no measure of significance.
After Simonsohn, Simmons and Nelson, *Nature Human Behaviour* 4 (2020) 1208–1214."""

WINNER_MAP = """Which law wins each run under each analysis?
Columns are analyses: combinations of bounds of the search, space of the residuals (of the loss, or of its logarithm),
error model, points skipped at the start (1% of each curve's points, or a number of points), and criterion. The ticks
beneath say which choices a column makes. The published analysis is framed: the bounds and skipped points of the
configuration, linear space, independent errors, AIC; without a frame, that one is not among the columns.

There is one row per task and width; several seeds of a row stand beneath each other in it. The colour is the law that
wins: the one with the lowest criterion, however small its lead, or with the smallest error of prediction for hold-out.
Grey: no law has a fit. The legend gives each law's share of all cells of the map; laws that win nowhere are left out of
it. White lines separate columns that differ in bounds, space or errors.

*Agree*: the share of the analyses in which a run has the same winner as in the published one; the mean over seeds."""

ANALYSIS = Analysis(
    title="Evidence",
    question="How sure can one be?",
    settings=Settings,
    # The majority law that the multiverse puts to the test is found there.
    needs=("universality.summary",),
    steps={
        "evidence": Step(
            "compute:judge_part",
            reads=("curves",),
            per="part",
            laws="fitting",
            resources="judging",
            writes={"verdicts": "evidence/{part}.parquet"},
        ),
        "multiverse": Step(
            "multiverse:fit_universes",
            reads=("curves",),
            per="part",
            laws="fitting",
            resources="judging",
            priority=5,
            settings_read=(),
            writes={"universes": "multiverse/{part}.parquet"},
        ),
        "evidence_summary": Step(
            "compute:join",
            reads=("verdicts", "universes"),
            settings_read=(),
            writes={
                "summary": "evidence.json",
                "evidence_table": "tables/evidence.csv",
                "multiverse_table": "tables/multiverse.csv",
            },
        ),
        **figure_step(
            "specification_curve", "figure_specification_curve:save", ("universes",), SPECIFICATION_CURVE,
            laws="fitting", resources="reading",
        ),
        **figure_step(
            "winner_map", "figure_winner_map:save", ("universes",), WINNER_MAP, laws="fitting", resources="reading"
        ),
    },
)  # fmt: skip
