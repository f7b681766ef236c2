"""Is one law universal, and how do its exponents vary? The published question, from ``results.json`` and the tables."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

from losslaws import storage
from losslaws.analyses._analysis import Analysis
from losslaws.analyses._result_checks import problems
from losslaws.fitting.status import STATUS_TEXT
from losslaws.selection import SUPPORT_LEVELS
from losslaws.text import fixed, number, paragraph, table

BOUND_MARK = "*"


def answer(folder: Path) -> str:
    """Return the majority law in a sentence, and a table of the winners."""
    result = storage.read_json(folder / "results.json")
    return f"{paragraph(verdict(result))}\n\n{winners(result)}"


def verdict(result: dict[str, Any]) -> str:
    """Say in one sentence which law wins most runs."""
    summary, total = result["universality"], len(result["runs_summary"])
    majority = summary["majority_form"]
    if majority is None:
        return f"No law could be fitted to any of the {total} runs."
    count = summary["form_counts"][majority]
    rivals = [form for form, other in summary["form_counts"].items() if other == count and form != majority]
    tie = f", as often as {' and '.join(rivals)}" if rivals else ""
    return f"{majority} fits best in {count} of {total} runs ({summary['majority_fraction']:.0%}) by AIC{tie}."


def winners(result: dict[str, Any]) -> str:
    """Return a table of the best law per task (rows) and width (columns), counted where there are several curves."""
    tasks, widths = result["metadata"]["tasks"], result["metadata"]["hidden_sizes"]
    best: dict[tuple[str, int | None], list[str]] = {}
    for run in result["runs_summary"]:
        best.setdefault((run["task"], run["hidden_size"]), []).append(run["best_form"] or "none")
    columns = widths if not any(width is None for _, width in best) else [*widths, None]
    rows = [[task, *(_counted(best.get((task, width), [])) for width in columns)] for task in tasks]
    return table(["task", *("best law" if width is None else f"h={width}" for width in columns)], rows)


def _counted(best: list[str]) -> str:
    counts = Counter(best)
    return ", ".join(f"{form} {count}" if len(best) > 1 else form for form, count in counts.items())


def section(folder: Path) -> str:
    """Return the section: counts, support, the table of runs, exponents, and what did not fit."""
    result = storage.read_json(folder / "results.json")
    with (folder / "tables" / "exponents.csv").open(encoding="utf-8", newline="") as lines:
        exponents = list(csv.DictReader(lines))
    runs, summary = result["runs_summary"], result["universality"]
    parts = [
        "Best laws, number of runs:",
        table(["law", "runs"], [[form, str(count)] for form, count in summary["form_counts"].items()]),
        "Best law per task (lowest AIC summed over its runs):",
        table(["task", "best law"], [[task, form or "none"] for task, form in summary["best_form_by_task"].items()]),
        paragraph(
            "Support of the best law over the second best by ΔAIC: strong ≥ 10, moderate ≥ 4, weak below, "
            "undetermined where fewer than two laws have a fit. These levels take the points of a curve for "
            "independent, which they are not."
        ),
        _support(summary),
        _bic(runs, summary),
        "Runs:",
        _runs(runs),
        paragraph(f"{BOUND_MARK} The parameter sits on a bound of the search: beyond it the fit would be better."),
        "Exponents over all runs that have a fit:",
        _exponents(exponents),
        *_remarks(runs),
    ]
    return "\n\n".join(parts)


def _support(summary: dict[str, Any]) -> str:
    rows = [["all", summary["support_counts"]], *summary["support_by_task"].items()]
    return table(
        ["task", *SUPPORT_LEVELS], [[task, *(str(counts[level]) for level in SUPPORT_LEVELS)] for task, counts in rows]
    )


def _bic(runs: list[dict[str, Any]], summary: dict[str, Any]) -> str:
    changed = summary["bic_changes"]
    if not changed:
        return paragraph(f"BIC instead of AIC changes no winner in {len(runs)} runs.")
    return paragraph(
        f"BIC instead of AIC changes the winner of {len(changed)} of {len(runs)} runs: {', '.join(changed)}."
    )


def _runs(runs: list[dict[str, Any]]) -> str:
    rows = []
    for run in runs:
        best = run["fits"][0] if run["best_form"] else None
        rows.append(
            [
                run["task"],
                str(run["hidden_size"]),
                str(run["seed"]),
                str(run["n_params"]),
                number(run["final_loss"]),
                run["best_form"] or "none",
                fixed(best and best["aic"]),
                fixed(best and best["bic"]),
                fixed(run["fit_support"]["delta_aic"]),
                run["fit_support"]["support_level"],
                " ".join(f"{name}{BOUND_MARK}" for name in best["at_bound"]) if best else "",
            ]
        )
    columns = ["task", "h", "seed", "params", "final loss", "best form", "AIC", "BIC", "ΔAIC", "support", "at bound"]
    return table(columns, rows)


def _exponents(rows: list[dict[str, str]]) -> str:
    columns = ("mean", "std", "min", "max")
    cells = [[number(float(row[column])) if row[column] else "–" for column in columns] for row in rows]
    return table(
        ["law", "exponent", "runs", *columns],
        [[row["form"], row["parameter"], row["n"], *values] for row, values in zip(rows, cells, strict=True)],
    )


def _remarks(runs: list[dict[str, Any]]) -> list[str]:
    """Name the fits that are not plain: at infinity, or none at all."""
    rows = [
        [run["curve"], fit["form"], STATUS_TEXT[fit["status"]]]
        for run in runs
        for fit in run["fits"]
        if fit["status"] != "ok"
    ]
    return ["Fits that are not at a finite optimum:", table(["curve", "law", "what"], rows)] if rows else []


ANALYSIS = Analysis("Universality", section, answer, problems)
