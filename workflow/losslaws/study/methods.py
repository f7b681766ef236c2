"""What was done, in words, generated from the configuration."""

from collections.abc import Sequence

from losslaws.analyses.section import Reported
from losslaws.config.experiment import Experiment
from losslaws.laws.law import Law
from losslaws.report.blocks import Block, Paragraph, Table
from losslaws.report.sources import counted, curves_from


def methods(experiment: Experiment, laws: Sequence[Law], entries: Sequence[Reported]) -> list[Block]:
    """Return where the curves come from, which laws were fitted and how, and what each analysis did."""
    fits = _fits(experiment, laws) if any(entry.analysis.uses_fits for entry in entries) else []
    own = [Paragraph(text) for entry in entries for text in entry.section.methods(experiment)]
    return [Paragraph(curves_from(experiment)), *fits, *own]


def _fits(experiment: Experiment, laws: Sequence[Law]) -> list[Block]:
    return [
        Paragraph(fitted_how(experiment)),
        Table(
            ["law", "L(t)", "exponent", "source"], [[law.name, law.formula, law.exponent, law.source] for law in laws]
        ),
        Paragraph(
            "Laws are compared by AIC = n ln(RSS/n) + 2k with k the number of a law's parameters, and by BIC with "
            "k ln n in place of 2k. ΔAIC is the second best law's minus the best law's: strong support from 10, "
            "moderate from 4. These levels assume that the points of a curve are independent."
        ),
    ]


def fitted_how(experiment: Experiment) -> str:
    """Say how the laws were fitted."""
    fitting = experiment.fitting
    skipped = f"the first {counted(fitting.skip, 'point')} left out" if fitting.skip else "no point left out"
    return (
        f"Every law was fitted to every curve by least squares on the loss, {skipped}, within the bounds "
        f"{fitting.bounds!r}. Amplitudes and the offset L∞ enter linearly and are solved for exactly; the few "
        "nonlinear parameters that remain are searched over their whole range and polished by Levenberg–Marquardt, so "
        "that the optimum is the global one. An optimum at infinity is fitted as the law's limit and marked; a "
        "parameter that ends on a bound is marked."
    )
