"""Which law wins most runs, and how do its exponents vary? The question of the published study."""

from losslaws.analyses.analysis import Analysis, Step, figure_step

CURVES_WITH_FITS = """Training loss against epoch, with every fitted law.
Each panel is one task at one width; both axes are logarithmic, panels of a row share the loss axis.
Grey points are the losses; open points were left out of the fits. Points that would be printed on top of one another
are drawn once; losses at or below 0 are not drawn, and the panel's title counts them. Where a cell has several seeds,
all their points are shown, and the laws are those fitted to the first seed that has a fit; the title names it. A title
also says which laws have no fit, and why if none has.

Laws are least-squares fits to the loss itself, not to its logarithm, so misfit at small losses weighs little.
The law with the lowest AIC is thick. A law that leaves a panel through its floor falls below every loss; most turn
negative there.

Beneath each panel: the fitted losses and all laws minus the best law, in units of *s* = √(RSS/n) of the best law. The
axis is linear within ±1 (the grey band) and logarithmic beyond. About a law without systematic error the points would
scatter without pattern."""

AIC_COMPARISON = """How much worse than the best law of its run is each law?
One row per task and width, in it one lane per law and one point per run: the AIC of the law minus the lowest AIC of
that run, so the best law stands at 0. The axis is linear up to 10 and logarithmic beyond. Grey zones mark weak support
(below 4) and moderate support (below 10) for the best law of a run: the zone in which the second best stands.

Open points are fits with a parameter on a bound of its search range, or with their optimum at infinity. A cross at the
right edge is a law without a fit in at least one run of the row; a row in which no law has a fit says why.

AIC counts every epoch as an independent observation. Residuals of neighbouring epochs are autocorrelated, so the
differences overstate the evidence."""

EXPONENTS = """Exponents of the fitted laws by task and width.
One panel per law, one point per run; several seeds of a row stand beneath each other. Bars are ± one standard error
for as many independent points as the residuals of the law are worth: that of n independent points, times √(n/nₑ) with
the effective sample size nₑ. Parameters on a bound are held fixed. Bars do not include the error of
a law that does not fit, and one that is much longer than the spread of the points is cut at the edge of its panel.

An open circle is a fit with a parameter on a bound of its search range: the exponent itself, or another one that the
exponent depends on. An open triangle is a fit whose optimum lies at infinity; it stands at the value that the exponent
tends to, or at the edge of its panel. Panels whose exponents span more than two decades have a logarithmic axis."""

READS = ("curves", "fits")

ANALYSIS = Analysis(
    title="Universality",
    question="Which law do these loss curves follow?",
    steps={
        "universality": Step(
            "compute:find_winners",
            reads=READS,
            laws="fitting",
            config=("fitting", "grid"),
            writes={
                "results": "results.json",
                "full_curves": "full_curves.json",
                "summary": "summary.json",
                "runs": "tables/runs.csv",
                "fit_table": "tables/fits.csv",
                "exponents": "tables/exponents.csv",
            },
        ),
        **figure_step(
            "loss_curves_with_fits", "figure_curves:save", READS, CURVES_WITH_FITS, laws="fitting", resources="reading"
        ),
        **figure_step("aic_comparison", "figure_aic:save", READS, AIC_COMPARISON, laws="fitting", resources="reading"),
        **figure_step(
            "exponent_distributions", "figure_exponents:save", READS, EXPONENTS, laws="fitting", resources="reading"
        ),
    },
)
