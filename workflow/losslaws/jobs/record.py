"""What made each result file: one record per job, beside the results, and the way back from a file to it.

A record lies where the job's log does, with ``provenance`` for ``logs``. It names the rule, the settings, the
experiment as it stood in the config, the code and the software, and every input and output with its SHA-256.
"""

import hashlib
import json
import subprocess
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from losslaws.core.errors import LosslawsError
from losslaws.jobs.software import versions
from losslaws.storage import files as storage

FOLDER = "provenance"
OWN_CHECKSUM = "record_sha256"


@dataclass(frozen=True)
class Record:
    """The record of the job that made a file.

    Attributes
    ----------
    folder : path
        Where the results lie now.
    base : path
        Where they were when they were made, relative to the working directory, as in ``results/paper``.
    content : mapping
        ``folder`` (`base`), ``rule``, ``wildcards``, ``params``, ``experiment``, ``code``, ``software``, ``inputs``,
        ``outputs``.
    """

    folder: Path
    base: Path
    content: Mapping[str, Any]

    def locate(self, path: str) -> Path:
        """Return where an input or output is now."""
        if Path(path).is_relative_to(self.base):
            return self.folder / Path(path).relative_to(self.base)
        return self.folder.parents[len(self.base.parts) - 1] / path

    def state(self, path: str) -> str:
        """Return ``"unchanged"``, ``"changed"`` or ``"missing"``: an input or output now, against when it was used."""
        file = self.locate(path)
        if not file.is_file():
            return "missing"
        used = self.content["inputs"].get(path) or self.content["outputs"][path]
        return "unchanged" if sha256([file]) == used else "changed"


def write_record(job: Any) -> None:
    """Write the record of a job that has made its outputs; a job without outputs has none.

    Parameters
    ----------
    job : snakemake.script.Snakemake
        What Snakemake gives to a script.
    """
    if not job.output:
        return
    code = sorted(job.input.get("code", []))
    name = job.wildcards.get("experiment")
    log = Path(job.log[0]).with_suffix(".json")
    place = log.parts.index("logs")
    content = {
        "folder": Path(*log.parts[:place]).as_posix(),
        "rule": job.rule,
        "wildcards": dict(job.wildcards.items()),
        "params": _plain(dict(job.params.items())),
        "experiment": _plain(job.config["experiments"][name]) if name else None,
        "code": {"commit": commit(Path(job.scriptdir)), "files": len(code), "sha256": sha256(map(Path, code))},
        "software": versions(),
        "inputs": {path: sha256([Path(path)]) for path in sorted(set(job.input) - set(code))},
        "outputs": {path: sha256([Path(path)]) for path in job.output},
    }
    path = Path(*log.parts[:place], FOLDER, *log.parts[place + 1 :])
    storage.write_json(path, {**content, OWN_CHECKSUM: _checksum(content)})


def find_record(file: Path) -> Record:
    """Return the record of the job that made a result file.

    Raises
    ------
    LosslawsError
        If the file does not exist, or no record says how it was made.
    """
    file = file.absolute()
    if not file.is_file():
        raise LosslawsError(f"{file} does not exist; expected a file under results/")
    for folder in file.parents:
        content = _records(folder).get(file.relative_to(folder))
        if content is not None:
            return Record(folder, Path(content["folder"]), content)
    raise LosslawsError(
        f"no record says how {file} was made; expected one in a folder {FOLDER}/ beside the results: "
        "delete the file and run snakemake again to make both"
    )


def made_by(record: Record) -> list[Record]:
    """Return the records of the jobs that made a job's inputs; external or missing inputs have none."""
    found = []
    for path in record.content["inputs"]:
        with suppress(LosslawsError):
            found.append(find_record(record.locate(path)))
    return found


@cache
def _records(folder: Path) -> dict[Path, Any]:
    """Return the records of the jobs whose results lie in a folder, by the path of each output below it."""
    # Other people's folders may have the same name, but not the logs beside it.
    if not (folder / "logs").is_dir():
        return {}
    records = [read_record(path) for path in record_files(folder)]
    return {Path(path).relative_to(entry["folder"]): entry for entry in records for path in entry["outputs"]}


def record_files(folder: Path) -> list[Path]:
    """Return the paths of the records of the jobs whose results lie in a folder."""
    return sorted((folder / FOLDER).rglob("*.json"))


def read_record(path: Path) -> dict[str, Any]:
    """Return the content of a record.

    Raises
    ------
    LosslawsError
        If it is damaged.
    """
    with suppress(LosslawsError):
        content = storage.read_json(path)
        if isinstance(content, dict) and content.pop(OWN_CHECKSUM, None) == _checksum(content):
            return content
    raise LosslawsError(f"{path} is damaged: delete this record, and what `snakemake validate` then finds without one")


def _checksum(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def sha256(files: Iterable[Path]) -> str:
    """Return the SHA-256 of files, one after the other, as hexadecimal digits."""
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            while block := file.read(2**20):
                digest.update(block)
    return digest.hexdigest()


def commit(folder: Path) -> str | None:
    """Return the commit of the checkout that `folder` is in, with ``-dirty`` if files differ; None without git."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _plain(value: Any) -> Any:
    return storage.finite(json.loads(json.dumps(value, default=str)))
