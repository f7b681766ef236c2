"""What a study's results say, without what differs between two equal runs: times, and checksums of files with times."""

import json
import re

NOT_RESULTS = {"logs", "benchmarks"}
WITH_TIMES = ("results.json", "report.txt", "report.html")


def contents(study):
    """Return the content of each result of a study by its path, unfinished files included."""
    results = study.folder / "results"
    paths = [path for path in results.rglob("*") if path.is_file() and not NOT_RESULTS & set(path.parts)]
    return {path.relative_to(results).as_posix(): content(path) for path in paths}


def content(path):
    """Return what a result says."""
    if "provenance" in path.parts and path.suffix == ".json":
        record = json.loads(path.read_text(encoding="utf-8"))
        del record["record_sha256"]
        for files in (record["inputs"], record["outputs"]):
            files.update({name: "with times" for name in files if name.endswith(WITH_TIMES)})
        return record
    if path.name == "results.json":
        results = json.loads(path.read_text(encoding="utf-8"))
        del results["metadata"]["elapsed_seconds"], results["metadata"]["provenance"]["generated_at_utc"]
        return results
    if path.name == "report.txt":
        return re.sub(r"^(generated at utc|compute seconds) .*$", r"\1", path.read_text(encoding="utf-8"), flags=re.M)
    if path.name == "report.html":
        text = re.sub(r"(generated at utc|compute seconds[^<]*)</th><td>[^<]*", r"\1", path.read_text(encoding="utf-8"))
        return re.sub(r"(their wall times added up</p>).*?(</table>)", r"\1\2", text, flags=re.S)
    return path.read_bytes()


def differences(study, reference):
    """Return the paths of results that are there and not as in the reference, those of killed writers left out."""
    expected = contents(reference)
    return sorted(
        path
        for path, found in contents(study).items()
        if not path.rsplit("/", 1)[-1].startswith(".") and found != expected.get(path)
    )
