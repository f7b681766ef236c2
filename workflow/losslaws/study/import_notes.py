"""What importing curves guessed, left out and kept: every report lists it, so that nothing is dropped silently."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from losslaws.config.experiment import Experiment
from losslaws.config.sources import Imports
from losslaws.importing.source import told
from losslaws.report.blocks import Block, Paragraph, Table
from losslaws.storage import files as storage


def import_notes(folder: Path, experiment: Experiment) -> list[Block]:
    """Return a table of what happened to the files of each import, chunks added up; nothing without imports."""
    entries = experiment.source.entries if isinstance(experiment.source, Imports) else ()
    rows = [
        [str(entry.name), sentence]
        for entry in entries
        if not entry.experiment
        for sentence in _sentences([folder / "imports" / f"{group}.json" for group in entry.groups])
    ]
    if not rows:
        return []
    return [Paragraph("Guesses about the files, and what was left out:"), Table(["import", "note"], rows)]


def _sentences(paths: Sequence[Path]) -> list[str]:
    notes = [storage.read_json(path) for path in paths]
    skipped, kept = (sum((Counter(note[key]) for note in notes), Counter[str]()) for key in ("skipped", "kept"))
    return [*notes[0]["guesses"], *told(skipped), *told(kept)] or ["nothing guessed, nothing left out"]
