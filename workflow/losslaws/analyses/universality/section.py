"""Is one law universal, and how do its exponents vary? The published question, from ``summary.json`` and the tables."""

from pathlib import Path
from typing import Any

from losslaws.analyses.section import Section
from losslaws.analyses.universality.appendix import appendix
from losslaws.analyses.universality.checklist import checklist
from losslaws.analyses.universality.checks import problems
from losslaws.analyses.universality.overview import overview
from losslaws.fitting.selection import SUPPORT_LEVELS
from losslaws.fitting.status import OK, STATUS_TEXT
from losslaws.report.blocks import Block, Figure, Paragraph, Table
from losslaws.report.text import fixed, listed, number
from losslaws.storage import files as storage

BOUND_MARK = "*"
COUNTS = "Best laws, number of runs:"

FIGURES = {
    "loss_curves_with_fits": Figure(
        "loss_curves_with_fits",
        "Loss curves with the fitted laws, one panel per task and width, and the residuals of the laws beneath",
        "Every curve with all laws, log–log; the thick line is the law with the lowest AIC. Beneath each panel the "
        "residuals in units of the best law's residual standard deviation.",
    ),
    "aic_comparison": Figure(
        "aic_comparison",
        "Difference in AIC of every law to the best law of its run",
        "ΔAIC of every law to the best of its run; open markers: a parameter sits on a bound.",
    ),
    "exponent_distributions": Figure(
        "exponent_distributions",
        "Exponents of every law by task and width with standard errors",
        "Exponents of each law by task and width; open markers: on a bound.",
    ),
}


def answer(folder: Path) -> list[Block]:
    """Return the majority law in a sentence, and a table of the winners."""
    result = storage.read_json(folder / "summary.json")
    return [Paragraph(verdict(result)), winners(result)]


def verdict(result: dict[str, Any]) -> str:
    """Say in one sentence which law wins most runs."""
    summary, total = result["universality"], result["metadata"]["n_curves"]
    majority = summary["majority_form"]
    if majority is None:
        return f"No law could be fitted to any of the {total} runs."
    count = summary["form_counts"][majority]
    rivals = [form for form, other in summary["form_counts"].items() if other == count and form != majority]
    tie = f", as often as {' and '.join(rivals)}" if rivals else ""
    lower, upper = summary["majority_interval"]
    part = f"{summary['majority_fraction']:.0%}, 95% interval {100 * lower:.0f}–{upper:.0%}"
    return f"{majority} fits best in {count} of {total} runs by AIC: {part}{tie}."


def winners(result: dict[str, Any]) -> Table:
    """Return a table of the best law per task (rows) and width (columns), counted where there are several curves."""
    tasks, widths = result["metadata"]["tasks"], result["metadata"]["hidden_sizes"]
    best = {(cell["task"], cell["hidden_size"]): cell["counts"] for cell in result["winners"]}
    columns = widths if not any(width is None for _, width in best) else [*widths, None]
    rows = [[task, *(_counted(best.get((task, width), [])) for width in columns)] for task in tasks]
    return Table(["task", *("best law" if width is None else f"h={width}" for width in columns)], rows)


def _counted(counts: list[tuple[str | None, int]]) -> str:
    alone = sum(count for _, count in counts) == 1
    return ", ".join((form or "none") if alone else f"{form or 'none'} {count}" for form, count in counts)


def body(folder: Path) -> list[Block]:
    """Return the section: counts, support, the table of runs, exponents, and what did not fit."""
    result = storage.read_json(folder / "summary.json")
    exponents = result["exponents"]
    runs, summary = result["runs_summary"], result["universality"]
    return [
        Table(["law", "runs"], [[form, str(count)] for form, count in summary["form_counts"].items()], COUNTS),
        Table(
            ["task", "best law"],
            [[task, form or "none"] for task, form in summary["best_form_by_task"].items()],
            "Best law per task (lowest AIC summed over its runs):",
        ),
        FIGURES["loss_curves_with_fits"],
        FIGURES["aic_comparison"],
        _support(summary),
        _bic(result),
        _runs(runs, result["metadata"]["n_curves"]),
        Paragraph(f"{BOUND_MARK} The parameter sits on a bound of the search: beyond it the fit would be better."),
        _exponents(exponents),
        FIGURES["exponent_distributions"],
        *_remarks(result),
    ]


def _support(summary: dict[str, Any]) -> Table:
    rows = [["all", summary["support_counts"]], *summary["support_by_task"].items()]
    return Table(
        ["task", *SUPPORT_LEVELS],
        [[task, *(str(counts[level]) for level in SUPPORT_LEVELS)] for task, counts in rows],
        "Support of the best law over the second best by ΔAIC: strong ≥ 10, moderate ≥ 4, weak below, undetermined "
        "where fewer than two laws have a fit. These levels take the points of a curve for independent, which they "
        "are not.",
    )


def _bic(result: dict[str, Any]) -> Paragraph:
    changed, total = result["universality"]["bic_changes"], result["metadata"]["n_curves"]
    if not changed:
        return Paragraph(f"BIC instead of AIC changes no winner in {total} runs.")
    return Paragraph(f"BIC instead of AIC changes the winner of {len(changed)} of {total} runs: {listed(changed)}.")


def _runs(runs: list[dict[str, Any]], total: int) -> Table:
    place = ["task", "h", "seed", "params"] if any(run["hidden_size"] is not None for run in runs) else ["curve"]
    columns = [*place, "final loss", "best form", "AIC", "BIC", "ΔAIC", "support", "at bound"]
    return Table(columns, [_place(run, place) + _fit(run) for run in runs], "Runs:", total)


def _place(run: dict[str, Any], columns: list[str]) -> list[str]:
    keys = {"h": "hidden_size", "params": "n_params"}
    values = [run[keys.get(column, column)] for column in columns]
    return ["–" if value is None else str(value) for value in values]


def _fit(run: dict[str, Any]) -> list[str]:
    best = run["fits"][0] if run["best_form"] else None
    return [
        number(run["final_loss"]),
        run["best_form"] or "none",
        fixed(best and best["aic"]),
        fixed(best and best["bic"]),
        fixed(run["fit_support"]["delta_aic"]),
        run["fit_support"]["support_level"],
        " ".join(f"{name}{BOUND_MARK}" for name in best["at_bound"]) if best else "",
    ]


def _exponents(rows: list[dict[str, Any]]) -> Table:
    columns = ("mean", "std", "min", "max")
    return Table(
        ["law", "exponent", "runs", *columns],
        [[row["form"], row["parameter"], str(row["n"]), *(number(row[name]) for name in columns)] for row in rows],
        "Exponents over all runs that have a fit:",
    )


def _remarks(result: dict[str, Any]) -> list[Block]:
    """Name the fits that are not plain: at infinity, or none at all."""
    rows = [
        [run["curve"], fit["form"], STATUS_TEXT[fit["status"]]]
        for run in result["runs_summary"]
        for fit in run["fits"]
        if fit["status"] != OK
    ]
    total = sum(count for counts in result["statuses"].values() for status, count in counts.items() if status != OK)
    title = "Fits that are not at a finite optimum:"
    return [Table(["curve", "law", "what"], rows, title, total)] if total else []


def caveats(folder: Path) -> list[str]:
    """Say what the counts rest on: bounds, seeds."""
    result = storage.read_json(folder / "summary.json")
    held, total = result["held"]["winners"], result["metadata"]["n_curves"]
    sentences = []
    if held:
        sentences.append(
            f"Bounds: in {held} of {total} runs the winning law has a parameter on a bound of the search, where it "
            "would fit better beyond."
        )
    if len(result["metadata"]["seeds"]) == 1:
        sentences.append(
            "Seeds: there is one run per task and width, so how much winners vary with the seed is unknown."
        )
    return sentences


SECTION = Section(body, answer, caveats, problems=problems, overview=overview, appendix=appendix, checklist=checklist)
