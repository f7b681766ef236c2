"""The last thing that ``make run`` prints: the answer of each experiment, and where its report is."""

from pathlib import Path

import yaml

from losslaws.core.errors import LosslawsError
from losslaws.storage.files import read_text


def configured_folders(config: Path) -> list[Path]:
    """Return the result folders of the experiments that a configuration file runs.

    Raises
    ------
    LosslawsError
        If there is no such file.
    """
    if not config.is_file():
        raise LosslawsError(f"no {config} here: go to the project's folder, or name folders under results/")
    try:
        names = yaml.safe_load(config.read_text(encoding="utf-8"))["run"]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise LosslawsError(
            f"{config} has no list 'run' of experiments to show ({type(error).__name__}): add one, or name folders "
            "under results/"
        ) from error
    return [Path("results") / name for name in names]


def print_answer(folder: Path) -> None:
    """Print the answer of the finished experiment in `folder`."""
    print(f"\n{folder.name}: {read_text(folder / 'answer.txt')}\nReport: {folder}/report.html")
