"""``report.txt``: the answer in words and tables."""

import csv
import json
import re

import pytest
from builders import line_of


@pytest.fixture
def written(study):
    return study[0], (study[0] / "report.txt").read_text(encoding="utf-8")


def test_the_report_has_all_parts(written):
    folder, text = written
    for title in ("losslaws: experiment tiny", "Configuration", "Universality", "Provenance"):
        assert re.search(rf"^{title}\n[=-]{{{len(title)}}}$", text, re.MULTILINE), title
    for setting, value in {"widths": "8, 16", "training: epochs": "60", "fitting: skip": "10"}.items():
        assert re.search(rf"^{setting} +{value}$", text, re.MULTILINE), setting
    result = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    for run in result["runs_summary"]:
        cells = line_of(text, run["task"], str(run["hidden_size"]), str(run["seed"]))
        assert cells[3] == str(run["n_params"])
        assert float(cells[4]) == pytest.approx(run["final_loss"], rel=1e-3)
        assert cells[5] == run["best_form"]
        assert cells[6:8] == [f"{run['fits'][0]['aic']:.1f}", f"{run['fits'][0]['bic']:.1f}"]
        assert cells[8:10] == [f"{run['fit_support']['delta_aic']:.1f}", run["fit_support"]["support_level"]]
    for key, value in result["metadata"]["provenance"].items():
        if key in ("seed", "generated_at_utc"):
            continue
        assert re.search(rf"^{key.replace('_', ' ')} +{re.escape(str(value))}$", text, re.MULTILINE), key
    with (folder / "tables" / "exponents.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            assert float(line_of(text, row["form"], row["parameter"])[3]) == pytest.approx(float(row["mean"]), rel=1e-3)


def test_the_report_is_plain_and_narrow(written):
    _, text = written
    assert text.endswith("\n")
    assert not any(line.endswith(" ") or "\t" in line for line in text.splitlines())
    assert max(map(len, text.splitlines())) <= 120
