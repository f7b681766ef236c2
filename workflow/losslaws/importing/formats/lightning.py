"""PyTorch Lightning's CSVLogger: ``metrics.csv``, in which each row has the values of some metrics and no others."""

from dataclasses import replace
from pathlib import Path

from losslaws.importing.formats import csv
from losslaws.importing.reader import SPECIFIC


def recognises(path: Path, first: bytes) -> int:
    """Accept files of that name with the columns `epoch` and `step`, which the logger always writes."""
    names = {name.strip() for name in first.split(b"\n", 1)[0].split(b",")}
    return SPECIFIC if path.name == "metrics.csv" and {b"epoch", b"step"} <= names else 0


READER = replace(csv.READER, recognises=recognises)
