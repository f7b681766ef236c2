"""``report.txt``: the answer in words and tables, composed of what each analysis has to say."""

from collections.abc import Sequence
from pathlib import Path

from losslaws.analyses.section import Reported
from losslaws.config.experiment import Experiment
from losslaws.jobs.software import elapsed_seconds, software
from losslaws.report.blocks import Paragraph, as_text
from losslaws.report.text import heading, shown, table
from losslaws.storage import files as storage
from losslaws.study.import_notes import import_notes
from losslaws.study.settings import settings_rows


def write_report(folder: Path, experiment: Experiment, entries: Sequence[Reported]) -> None:
    """Write ``answer.txt`` and ``report.txt`` from the files in the experiment's folder.

    Parameters
    ----------
    folder : path
        ``results/{experiment}``.
    experiment : Experiment
        What was done.
    entries : sequence of Reported
        Its analyses with their sections, in order.
    """
    headlines = [Paragraph(text) for entry in entries if (text := entry.section.headline(folder))]
    answer = as_text([*headlines, *(block for entry in entries for block in entry.section.answer(folder))])
    parts = [
        heading(f"losslaws: experiment {experiment.name}", "="),
        answer,
        heading("Configuration"),
        configuration(experiment),
        as_text(import_notes(folder, experiment)),
        *(f"{heading(entry.analysis.title)}\n{as_text(entry.section.body(folder))}" for entry in entries),
        heading("Provenance"),
        provenance(folder),
    ]
    storage.write_text(folder / "answer.txt", f"{answer}\n")
    storage.write_text(folder / "report.txt", "\n".join(part.rstrip("\n") + "\n" for part in parts if part))


def configuration(experiment: Experiment) -> str:
    """List the settings of the experiment that its source and its analyses go by."""
    rows = [[key, shown(value)] for key, value in settings_rows(experiment)]
    return table(["setting", "value"], rows)


def provenance(folder: Path) -> str:
    """List software versions, the machine, the time and the cost."""
    rows = [[key.replace("_", " "), value] for key, value in software().items()]
    return table(["item", "value"], [*rows, ["compute seconds", str(elapsed_seconds(folder / "benchmarks"))]])
