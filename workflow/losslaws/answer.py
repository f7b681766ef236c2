"""The last thing that ``make run`` prints: the answer of each experiment, and where its report is."""

from pathlib import Path

from losslaws import storage
from losslaws.report import answer


def print_answer(folder: Path) -> None:
    """Print the answer of the finished experiment in `folder`."""
    print(f"\n{folder.name}: {answer(storage.read_json(folder / 'results.json'))}\n\nReport: {folder}/report.txt")
