"""Is one law universal, and how do its exponents vary? The published question, from ``summary.json``."""

from collections.abc import Sequence
from pathlib import Path

from losslaws.analyses.section import Section
from losslaws.analyses.universality.appendix import appendix
from losslaws.analyses.universality.checklist import checklist
from losslaws.analyses.universality.checks import problems
from losslaws.analyses.universality.overview import overview
from losslaws.analyses.universality.reading import read_summary
from losslaws.analyses.universality.records import ExponentSpread, RunRecord, Summary, Wins
from losslaws.fitting.selection import SUPPORT_LEVELS
from losslaws.fitting.status import OK, STATUS_TEXT
from losslaws.report.blocks import Block, Figure, Paragraph, Table
from losslaws.report.text import fixed, listed, number

BOUND_MARK = "*"

FIGURES = {
    "loss_curves_with_fits": Figure(
        "loss_curves_with_fits",
        "Loss curves with the fitted laws, one panel per task and width; beneath, both minus the best law",
        "Every curve with all laws, log–log; the thick line is the law with the lowest AIC. Beneath each panel "
        "losses and laws minus the best law, in units of s, its residual standard deviation; the axis is logarithmic "
        "beyond ±s.",
    ),
    "aic_comparison": Figure(
        "aic_comparison",
        "Difference in AIC of every law to the best law of its run",
        "ΔAIC of every law to the best of its run, which stands at 0; the zone of the second best is the support for "
        "the best. Open markers: a parameter is on a bound.",
    ),
    "exponent_distributions": Figure(
        "exponent_distributions",
        "Exponents of every law by task and width with standard errors",
        "Exponents of each law by task and width, ± one standard error for the effective number of points; open "
        "markers: on a bound.",
    ),
}


def answer(folder: Path) -> list[Block]:
    """Return the majority law in a sentence, and a table of the winners."""
    summary = read_summary(folder)
    return [Paragraph(majority(summary)), winners(summary)]


def majority(summary: Summary) -> str:
    """Say in one sentence which law wins most runs."""
    wins, total = summary.wins, summary.metadata.n_curves
    if wins.majority is None or wins.majority_interval is None:
        return f"No law could be fitted to any of the {total} runs."
    count = wins.counts[wins.majority]
    rivals = [law for law, other in wins.counts.items() if other == count and law != wins.majority]
    tie = f", as often as {' and '.join(rivals)}" if rivals else ""
    share = f"{wins.majority_share:.0%}, 95% interval {_percent_range(*wins.majority_interval)}"
    formula = summary.formulas[wins.majority]
    return f"{wins.majority}, L(t) = {formula}, fits best in {count} of {total} runs by AIC ({share}){tie}."


def _percent_range(lower: float, upper: float) -> str:
    return f"{100 * lower:.0f}–{upper:.0%}"


def winners(summary: Summary) -> Table:
    """Return a table of the best law per task (rows) and width (columns), counted where there are several curves."""
    best = {(cell.task, cell.width): cell.counts for cell in summary.winners}
    columns: list[int | None] = [*summary.metadata.widths]
    if any(width is None for _, width in best):
        columns.append(None)
    rows = [[task, *(_counted(best.get((task, width), ())) for width in columns)] for task in summary.metadata.tasks]
    return Table(["task", *("best law" if width is None else f"width {width}" for width in columns)], rows)


def _counted(counts: Sequence[tuple[str | None, int]]) -> str:
    alone = sum(count for _, count in counts) == 1
    return ", ".join((law or "none") if alone else f"{law or 'none'} {count}" for law, count in counts)


def body(folder: Path) -> list[Block]:
    """Return the section: counts, support, the table of runs, exponents, and what did not fit."""
    summary = read_summary(folder)
    wins = summary.wins
    return [
        Table(["law", "runs"], [[law, str(count)] for law, count in wins.counts.items()], "Runs that each law wins:"),
        Table(
            ["task", "best law"],
            [[task, law or "none"] for task, law in wins.best_by_task.items()],
            "Best law per task (lowest AIC summed over its runs):",
        ),
        FIGURES["loss_curves_with_fits"],
        FIGURES["aic_comparison"],
        _support(wins),
        _bic(summary),
        _runs(summary),
        Paragraph(f"{BOUND_MARK} The parameter is on a bound of the search; wider bounds would improve the fit."),
        _exponents(summary.exponents),
        FIGURES["exponent_distributions"],
        *_remarks(summary),
    ]


def _support(wins: Wins) -> Table:
    rows = [("all", wins.support_counts), *wins.support_by_task.items()]
    return Table(
        ["task", *SUPPORT_LEVELS],
        [[task, *(str(counts[level]) for level in SUPPORT_LEVELS)] for task, counts in rows],
        "Support for the best law over the second best by ΔAIC: strong ≥ 10, moderate ≥ 4, weak below, undetermined "
        "where fewer than two laws have a fit. These levels treat the points of a curve as independent, which they "
        "are not.",
    )


def _bic(summary: Summary) -> Paragraph:
    changed, total = summary.wins.bic_changes, summary.metadata.n_curves
    if not changed:
        return Paragraph(f"BIC selects the same law as AIC in all of {total} runs.")
    return Paragraph(f"BIC selects another law than AIC in {len(changed)} of {total} runs: {listed(changed)}.")


def _runs(summary: Summary) -> Table:
    known = any(run.width is not None for run in summary.runs)
    place = ["task", "width", "seed", "parameters"] if known else ["curve"]
    columns = [*place, "final loss", "best law", "AIC", "BIC", "ΔAIC", "support", "at bound"]
    rows = [(_place(run) if known else [run.curve]) + _fit(run) for run in summary.runs]
    return Table(columns, rows, "Runs:", summary.metadata.n_curves)


def _place(run: RunRecord) -> list[str]:
    return ["–" if value is None else str(value) for value in (run.task, run.width, run.seed, run.n_params)]


def _fit(run: RunRecord) -> list[str]:
    best = run.best
    return [
        number(run.final_loss),
        run.best_law or "none",
        fixed(best.aic if best else None),
        fixed(best.bic if best else None),
        fixed(run.support.delta_aic),
        run.support.level,
        " ".join(f"{name}{BOUND_MARK}" for name in best.at_bound) if best else "",
    ]


def _exponents(spreads: Sequence[ExponentSpread]) -> Table:
    return Table(
        ["law", "exponent", "runs", "mean", "std", "min", "max"],
        [
            [own.law, own.parameter, str(own.n), *(number(value) for value in (own.mean, own.std, own.min, own.max))]
            for own in spreads
        ],
        "Exponents over all runs that have a fit:",
    )


def _remarks(summary: Summary) -> list[Block]:
    """Name the fits that are not plain: at infinity, or none at all."""
    rows = [
        [run.curve, fit.law, STATUS_TEXT[fit.status]] for run in summary.runs for fit in run.fits if fit.status != OK
    ]
    total = sum(count for counts in summary.statuses.values() for status, count in counts.items() if status != OK)
    title = "Fits without a finite optimum:"
    return [Table(["curve", "law", "status"], rows, title, total)] if total else []


def caveats(folder: Path) -> list[str]:
    """Say what the counts rest on: bounds, seeds."""
    summary = read_summary(folder)
    bounded, total = summary.on_bound.winners, summary.metadata.n_curves
    sentences = []
    if bounded:
        sentences.append(
            f"Bounds: in {bounded} of {total} runs a parameter of the winning law is on a bound of the search; wider "
            "bounds would improve the fit."
        )
    if len(summary.metadata.seeds) == 1:
        sentences.append("Seeds: there is one run per task and width, so the variation over seeds is unknown.")
    return sentences


SECTION = Section(body, answer, caveats, problems=problems, overview=overview, appendix=appendix, checklist=checklist)
