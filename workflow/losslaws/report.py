"""``report.txt``: the answer in words and tables, composed of what each analysis has to say."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from losslaws import storage
from losslaws.analyses._analysis import Analysis
from losslaws.config import Experiment
from losslaws.text import heading, paragraph, table


def write_report(path: Path, experiment: Experiment, analyses: Sequence[Analysis]) -> None:
    """Write the report of an experiment from the files in its folder."""
    result = storage.read_json(path.parent / "results.json")
    parts = [
        heading(f"losslaws: experiment {experiment.name}", "="),
        answer(result),
        heading("Configuration"),
        configuration(experiment),
        *(f"{heading(analysis.title)}\n{analysis.section(path.parent)}" for analysis in analyses),
        heading("Provenance"),
        provenance(result["metadata"]),
    ]
    storage.write_text(path, "\n".join(part.rstrip("\n") + "\n" for part in parts))


def answer(result: dict[str, Any]) -> str:
    """Return the answer: the majority law in a sentence, and the winner of each (task, width)."""
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
    """Return a table of the best law per task (rows) and width (columns), counted where there are several seeds."""
    metadata = result["metadata"]
    rows = []
    for task in metadata["tasks"]:
        cells = []
        for width in metadata["hidden_sizes"]:
            best = [
                run["best_form"] or "none"
                for run in result["runs_summary"]
                if run["task"] == task and run["hidden_size"] == width
            ]
            counts = {form: best.count(form) for form in dict.fromkeys(best)}
            many = len(best) > 1
            cells.append(", ".join(f"{form} {count}" if many else form for form, count in counts.items()))
        rows.append([task, *cells])
    return table(["task", *(f"h={width}" for width in metadata["hidden_sizes"])], rows)


def configuration(experiment: Experiment) -> str:
    """List the settings of the experiment."""
    settings = {
        "tasks": ", ".join(experiment.tasks),
        "hidden sizes": ", ".join(map(str, experiment.widths)),
        "seeds": ", ".join(map(str, experiment.seeds)),
        **{f"training: {key}": value for key, value in experiment.training.items()},
        **{f"fitting: {key}": value for key, value in experiment.fitting.items()},
    }
    settings["fitting: laws"] = ", ".join(experiment.fitting["laws"])
    return table(["setting", "value"], [[key, str(value)] for key, value in settings.items()])


def provenance(metadata: dict[str, Any]) -> str:
    """List software versions, the machine and the time."""
    rows = [[key.replace("_", " "), str(value)] for key, value in metadata["provenance"].items()]
    return table(["what", "value"], [*rows, ["compute seconds", str(metadata["elapsed_seconds"])]])
