"""``report.txt``: the answer in words and tables, composed of what each analysis has to say."""

from collections.abc import Sequence
from pathlib import Path

from losslaws.analyses.analysis import Analysis, settings_of
from losslaws.config.experiment import Experiment
from losslaws.jobs.software import elapsed_seconds, software
from losslaws.report.blocks import as_text
from losslaws.report.text import heading, table
from losslaws.storage import files as storage
from losslaws.study.import_notes import recorded


def write_report(folder: Path, experiment: Experiment, analyses: Sequence[Analysis]) -> None:
    """Write ``answer.txt`` and ``report.txt`` from the files in the experiment's folder."""
    answer = as_text([block for analysis in analyses for block in analysis.answer(folder)])
    parts = [
        heading(f"losslaws: experiment {experiment.name}", "="),
        answer,
        heading("Configuration"),
        configuration(experiment, analyses),
        as_text(recorded(folder, experiment)),
        *(f"{heading(analysis.title)}\n{as_text(analysis.section(folder))}" for analysis in analyses),
        heading("Provenance"),
        provenance(folder),
    ]
    storage.write_text(folder / "answer.txt", f"{answer}\n")
    storage.write_text(folder / "report.txt", "\n".join(part.rstrip("\n") + "\n" for part in parts if part))


def configuration(experiment: Experiment, analyses: Sequence[Analysis]) -> str:
    """List the settings of the experiment that its source and its analyses go by."""
    settings: dict[str, object] = {}
    if experiment.source == "training":
        settings |= {"tasks": experiment.tasks, "hidden sizes": experiment.widths, "seeds": experiment.seeds}
        settings |= {f"training: {key}": value for key, value in experiment.training.items()}
    for entry in experiment.imports:
        name = entry["name"] or entry["experiment"]
        settings |= {
            f"import {name}: {key}": value
            for key, value in entry.items()
            if value is not None and key not in ("name", "groups")
        }
    settings |= {f"simulate: {key}": value for key, value in (experiment.simulate or {}).items()}
    for section, own in settings_of(experiment, analyses).items():
        settings |= {f"{section}: {key}": value for key, value in own.items()}
    return table(["setting", "value"], [[key, _shown(value)] for key, value in settings.items()])


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def provenance(folder: Path) -> str:
    """List software versions, the machine, the time and the cost."""
    rows = [[key.replace("_", " "), value] for key, value in software().items()]
    return table(["what", "value"], [*rows, ["compute seconds", str(elapsed_seconds(folder / "benchmarks"))]])
