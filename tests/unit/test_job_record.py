"""A record says what made a file; damage to the file, or to the record, is found out."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from losslaws.core.errors import LosslawsError
from losslaws.jobs.record import find_record, made_by, read_record, write_record
from losslaws.study.validation import damaged

DATA, CURVES, REPORT = (f"results/mine/{name}" for name in ("data/a.parquet", "curves/a.parquet", "report.txt"))


class Files(list):
    """A list of paths, none of which has a name, as Snakemake gives to a script."""

    def get(self, _, default):
        return default


def write_job(rule, inputs, output):
    """Write an output and the record of the job that made it."""
    Path(output).parent.mkdir(parents=True, exist_ok=True)
    Path(output).write_text(f"{rule} of {inputs}\n", encoding="utf-8")
    job = SimpleNamespace(
        rule=rule,
        input=Files(inputs),
        output=[output],
        log=[f"results/mine/logs/{rule}.log"],
        params={"fraction": float("nan"), "path": Path("x")},
        wildcards={"experiment": "mine"},
        config={"experiments": {"mine": {"widths": [8]}}},
        scriptdir=".",
    )
    Path("results/mine/logs").mkdir(exist_ok=True)
    write_record(job)
    return Path(f"results/mine/provenance/{rule}.json")


@pytest.fixture
def records(tmp_path, monkeypatch):
    """The paths of the records of three jobs, the first of which reads a file of the user's own."""
    monkeypatch.chdir(tmp_path)
    Path("own.csv").write_text("step,loss\n", encoding="utf-8")
    return [
        write_job("data", ["own.csv"], DATA),
        write_job("train", [DATA], CURVES),
        write_job("report", [CURVES, DATA], REPORT),
    ]


def found():
    return sorted(damaged(Path("results/mine"), [REPORT, "results/mine/not-there.txt"]))


def test_whole_files_have_nothing_to_be_told(records):
    assert found() == []


@pytest.mark.parametrize("path", [DATA, CURVES, REPORT])
def test_a_changed_file_is_named_once(records, path):
    with Path(path).open("a", encoding="utf-8") as file:
        file.write("?")
    assert found() == [
        f"{path} has changed since it was written: delete this file and run snakemake again to rebuild it"
    ]


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"outputs": {}}', "one letter"])
def test_a_damaged_record_is_named_with_the_file_that_it_was_for(records, damage):
    path = records[1]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("train", "trian", 1) if damage == "one letter" else damage, encoding="utf-8")
    assert found() == [
        f"{CURVES} has no record of how it was made: delete this file and run snakemake again to make both",
        f"{path} is damaged: delete this record, and what `snakemake validate` then finds without one",
    ]
    with pytest.raises(LosslawsError, match="is damaged: delete this record"):
        read_record(path)


def test_a_missing_record_is_told_with_its_file(records):
    records[0].unlink()
    assert found() == [
        f"{DATA} has no record of how it was made: delete this file and run snakemake again to make both"
    ]


def test_records_lead_back_to_the_data(records):
    report = find_record(Path(REPORT))
    assert report.content["experiment"] == {"widths": [8]}
    assert report.content["params"] == {"fraction": None, "path": "x"}
    assert [record.content["rule"] for record in made_by(report)] == ["train", "data"]
    assert made_by(find_record(Path(DATA))) == []
    assert json.loads(records[2].read_text(encoding="utf-8"))["record_sha256"]


def test_a_job_without_outputs_has_no_record(records):
    write_record(SimpleNamespace(output=[]))
    assert sorted(Path("results/mine/provenance").iterdir()) == sorted(records)
