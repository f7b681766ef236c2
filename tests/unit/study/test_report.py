"""``report.txt``: the answer in words and tables."""

import csv
import json
import re

import pytest
from builders import form_fit, run_of

from losslaws.analyses.universality import compute as results
from losslaws.analyses.universality import counts as aggregates
from losslaws.analyses.universality import section as universality
from losslaws.core.registry import LAWS
from losslaws.report.blocks import as_text
from losslaws.storage import files as storage
from losslaws.storage.csv_tables import write_csv

LAWS_USED = [LAWS.load(name) for name in ("power_law", "exponential")]
SHAPES = {"power_law": {"a": 1.0, "beta": 0.5, "L_inf": 0.0}, "exponential": {"a": 1.0, "lambda": 0.25, "L_inf": 0.0}}


def fits(power_law, exponential, **keys):
    """Return the fits of two laws with these AICs, best first; None for no fit."""
    made = [
        form_fit("power_law", power_law, params=SHAPES["power_law"], **keys)
        if power_law is not None
        else form_fit("power_law", None, status="not_falling", rss=None, r2=None),
        form_fit("exponential", exponential, params=SHAPES["exponential"]),
    ]
    return sorted(made, key=lambda fit: (fit.aic is None, fit.aic or 0.0))


def result_of(runs):
    summary = aggregates.universality(runs, LAWS_USED)
    grid = {
        "tasks": list(dict.fromkeys(run.task for run in runs)),
        "hidden_sizes": list(dict.fromkeys(run.width for run in runs)),
        "n_curves": len(runs),
    }
    return results.summary(grid, runs, summary)


def folder_of(tmp_path, runs):
    """Write what the section on universality reads."""
    storage.write_json(tmp_path / "summary.json", result_of(runs))
    rows = [
        {"form": law.name, "parameter": law.exponent, "n": 1, **aggregates.spread(aggregates.exponents(runs, law))}
        for law in LAWS_USED
    ]
    write_csv(tmp_path / "tables" / "exponents.csv", rows)
    return tmp_path


def section_text(folder):
    return as_text(universality.section(folder))


def line(text, *words):
    """Return the cells of the one line that starts with these words."""
    (found,) = (line for line in text.splitlines() if line.split()[: len(words)] == list(words))
    return found.split()


RUNS = [
    run_of(fits(-100.0, -80.0, at_bound=["beta"]), width=8),
    run_of(fits(-50.0, -55.0), width=16),
    run_of(fits(None, -13.0), task="regression", width=8),
]


def test_the_verdict_names_the_majority_and_ties():
    assert (
        universality.verdict(result_of(RUNS))
        == "exponential fits best in 2 of 3 runs by AIC: 67%, 95% interval 21–94%."
    )
    tie = universality.verdict(result_of(RUNS[:2]))
    assert tie == "power_law fits best in 1 of 2 runs by AIC: 50%, 95% interval 9–91%, as often as exponential."
    nothing = run_of([form_fit("power_law", None, status="constant")])
    assert universality.verdict(result_of([nothing])) == "No law could be fitted to any of the 1 runs."


def test_the_winners_are_a_table_of_tasks_by_widths():
    text = as_text([universality.winners(result_of(RUNS))])
    assert text.splitlines()[0].split() == ["task", "h=8", "h=16"]
    assert line(text, "mod_add") == ["mod_add", "power_law", "exponential"]
    assert line(text, "regression") == ["regression", "exponential"]


def test_several_seeds_are_counted():
    runs = [run_of(fits(-1.0, aic), seed=seed) for seed, aic in enumerate((-2.0, 0.0, -3.0))]
    assert line(as_text([universality.winners(result_of(runs))]), "mod_add") == [
        "mod_add",
        "exponential",
        "2,",
        "power_law",
        "1",
    ]


def test_the_section_on_universality(tmp_path):
    text = section_text(folder_of(tmp_path, RUNS))
    assert line(text, "power_law", "1") == ["power_law", "1"]
    assert line(text, "exponential", "2") == ["exponential", "2"]
    assert line(text, "mod_add", "power_law") == ["mod_add", "power_law"]
    assert line(text, "regression", "none") == ["regression", "none"]
    assert line(text, "all") == ["all", "1", "1", "0", "1"]
    assert "BIC instead of AIC changes no winner in 3 runs." in text
    assert line(text, "mod_add", "8") == (
        ["mod_add", "8", "42", "800", "1", "power_law", "-100.0", "-95.0", "20.0", "strong", "beta*"]
    )
    assert line(text, "mod_add", "16")[-1] == "moderate"
    assert line(text, "regression", "8")[-1] == "undetermined"
    assert line(text, "power_law", "beta") == ["power_law", "beta", "1", "0.5", "0", "0.5", "0.5"]
    assert line(text, "regression_w8_s42", "power_law")[2:4] == ["no", "fit:"]


def test_the_section_on_more_runs_than_are_listed(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "MOST_LISTED", 2)
    every = [run_of(fits(-100.0, -80.0), seed=seed) for seed in range(3)] + [run_of(fits(None, -13.0), seed=3)]
    text = section_text(folder_of(tmp_path, every))
    assert line(text, "power_law", "3") == ["power_law", "3"]
    assert line(text, "all") == ["all", "3", "0", "0", "1"]
    assert re.findall(r"^mod_add +8 +(\d) ", text, re.MULTILINE) == ["0", "1"]
    assert text.count("2 more rows are in the files under tables/.") == 1
    assert text.count("1 more row is in the files under tables/.") == 1


def test_a_winner_that_bic_changes_is_named(tmp_path):
    first, second = fits(-100.0, -99.0)
    changed = run_of([first, form_fit("exponential", second.aic, params=second.params, bic=first.bic - 1)], width=32)
    text = " ".join(section_text(folder_of(tmp_path, [*RUNS, changed])).split())
    assert "BIC instead of AIC changes the winner of 1 of 4 runs: mod_add_w32_s42." in text


@pytest.fixture
def written(study):
    return study[0], (study[0] / "report.txt").read_text(encoding="utf-8")


def test_the_report_has_all_parts(written):
    folder, text = written
    for title in ("losslaws: experiment tiny", "Configuration", "Universality", "Provenance"):
        assert re.search(rf"^{title}\n[=-]{{{len(title)}}}$", text, re.MULTILINE), title
    for setting, value in {"hidden sizes": "8, 16", "training: epochs": "60", "fitting: skip": "10"}.items():
        assert re.search(rf"^{setting} +{value}$", text, re.MULTILINE), setting
    result = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    for run in result["runs_summary"]:
        cells = line(text, run["task"], str(run["hidden_size"]), str(run["seed"]))
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
            assert float(line(text, row["form"], row["parameter"])[3]) == pytest.approx(float(row["mean"]), rel=1e-3)


def test_the_report_is_plain_and_narrow(written):
    _, text = written
    assert text.endswith("\n")
    assert not any(line.endswith(" ") or "\t" in line for line in text.splitlines())
    assert max(map(len, text.splitlines())) <= 120
