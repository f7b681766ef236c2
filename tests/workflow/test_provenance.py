"""Every result file can name what made it."""

import json
import shutil

import pytest

from losslaws.cli.main import main
from losslaws.cli.options import BAD_INPUT, DONE, NO
from losslaws.jobs.record import commit

NOT_RESULTS = {"logs", "benchmarks", "provenance"}


def asked(capsys, *arguments):
    """Return exit status, standard output and standard error of ``losslaws provenance``."""
    status = main(["provenance", *map(str, arguments)])
    shown = capsys.readouterr()
    return status, shown.out, shown.err


def test_every_result_names_what_made_it(finished, capsys):
    results = finished.folder / "results"
    files = [path for path in results.rglob("*") if path.is_file() and not NOT_RESULTS & set(path.parts)]
    assert len(files) > 30
    for path in files:
        status, shown, complaint = asked(capsys, path, "--json")
        assert status == DONE, shown + complaint
        (record,) = json.loads(shown)
        name = path.relative_to(finished.folder).as_posix()
        assert record["state"][name] == "unchanged"
        assert record["experiment"] or name == "results/compare.html"


def test_text_names_rule_config_code_and_inputs(finished, capsys):
    status, shown, _ = asked(capsys, finished.folder / "results/smoke/fits/regression_w2.parquet")
    assert status == DONE
    assert shown.startswith("rule      fit, experiment smoke, group regression_w2\ncode      losslaws ")
    assert "  unchanged  results/smoke/curves/regression_w2.parquet\n" in shown
    assert "  widths: [2, 3]\n" in shown


def test_chain_reaches_the_data(finished, capsys):
    _, shown, _ = asked(capsys, finished.folder / "results/smoke/results.json", "--chain")
    rules = [line.split()[1].rstrip(",") for line in shown.splitlines() if line.startswith("rule ")]
    assert rules[0] == "universality"
    assert {name: rules.count(name) for name in ("fit", "train", "data")} == {"fit": 4, "train": 4, "data": 2}


def test_changed_and_missing_inputs_are_named(study, capsys):
    fits = study.folder / "results/smoke/fits"
    with (fits / "regression_w2.parquet").open("ab") as file:
        file.write(b"\0")
    (fits / "regression_w3.parquet").unlink()
    status, shown, _ = asked(capsys, study.folder / "results/smoke/results.json")
    assert status == NO
    assert "  changed    results/smoke/fits/regression_w2.parquet\n" in shown
    assert "  missing    results/smoke/fits/regression_w3.parquet\n" in shown


def test_results_that_have_moved_are_still_known(finished, tmp_path, capsys):
    shutil.copytree(finished.folder / "results/smoke", tmp_path / "archive/first")
    status, shown, _ = asked(capsys, tmp_path / "archive/first/results.json", "--chain")
    assert (status, "missing" in shown) == (DONE, False)


@pytest.mark.parametrize(
    ("path", "words"), [("results/smoke/nothing.png", "does not exist"), ("Makefile", "no record says how")]
)
def test_other_files_are_told_from_results(finished, path, words, capsys):
    status, _, complaint = asked(capsys, finished.folder / path)
    assert status == BAD_INPUT
    assert words in complaint
    assert complaint.count("\n") == 1


def test_code_outside_a_checkout_has_no_commit(tmp_path):
    assert commit(tmp_path) is None
