"""``losslaws provenance``: what made a result file, and whether it and its inputs are still the same."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from losslaws.cli.options import DONE, EXITS, NO, print_json

if TYPE_CHECKING:
    from losslaws.jobs.record import Record

EXAMPLES = """examples:
  losslaws provenance results/paper/figures/winner_map.png
  losslaws provenance results/paper/results.json --chain
  losslaws provenance results/paper/report.html --json"""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "provenance",
        help="print what made a result file: config, code and inputs",
        description="Print what made a result file: config, code and inputs, and whether they are still the same.",
        epilog=f"{EXAMPLES}\n\n{EXITS.format(no='the file or one of its inputs is missing or not as it was')}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a file under results/")
    parser.add_argument("--chain", action="store_true", help="print what made its inputs, too, and theirs")
    parser.add_argument("--json", action="store_true", help="print JSON, with every checksum")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the record of the job that made a file, or of all jobs behind it."""
    from losslaws.jobs.record import find_record

    records = list(_chain(find_record(options.file))) if options.chain else [find_record(options.file)]
    if options.json:
        print_json([{**record.content, "state": _states(record)} for record in records])
    else:
        print("\n\n".join(_text(record) for record in records))
    same = all(state == "unchanged" for record in records for state in _states(record).values())
    return DONE if same else NO


def _chain(first: "Record") -> "Iterator[Record]":
    """Yield a record, and those of the jobs that made its inputs, each job once, nearest first."""
    from losslaws.jobs.record import made_by

    waiting, seen = [first], set()
    while waiting:
        record = waiting.pop(0)
        outputs = tuple(record.content["outputs"])
        if outputs not in seen:
            seen.add(outputs)
            yield record
            waiting += made_by(record)


def _states(record: "Record") -> dict[str, str]:
    paths = [*record.content["outputs"], *record.content["inputs"]]
    return {path: record.state(path) for path in paths}


def _text(record: "Record") -> str:
    """Return a record as lines for people."""
    import yaml

    content = record.content
    code, software = content["code"], dict(content["software"])
    job = "".join(f", {name} {value}" for name, value in content["wildcards"].items())
    where = code["commit"] or "not in a git checkout"
    lines = [
        f"rule      {content['rule']}{job}",
        f"code      losslaws {software.pop('losslaws_version')}, commit {where}; {code['files']} files, "
        f"SHA-256 {code['sha256']}",
        "software  " + ", ".join(f"{name.removesuffix('_version')} {value}" for name, value in software.items()),
        *_listed("outputs", content["outputs"], record),
        *_listed("inputs", content["inputs"], record),
        *_settings("settings", content["params"], yaml),
        *_settings("experiment, as the config had it", content["experiment"], yaml),
    ]
    return "\n".join(lines)


def _listed(title: str, paths: dict[str, str], record: "Record") -> list[str]:
    if not paths:
        return [f"{title}: none"]
    return [f"{title}:", *(f"  {record.state(path):9}  {path}" for path in paths)]


def _settings(title: str, value: Any, yaml: Any) -> list[str]:
    if not value:
        return []
    text = yaml.safe_dump(value, sort_keys=False, default_flow_style=None, allow_unicode=True, width=100)
    return [f"{title}:", *(f"  {line}" for line in text.splitlines())]
