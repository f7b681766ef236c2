"""The check of a finished study: silent about a good one, one line for each thing that is wrong with a bad one."""

import json

import numpy as np
import pytest
from builders import tiny_experiment
from finished import rebuild_results

from losslaws.curves.curve import Curve
from losslaws.curves.table import read_curves, write_curves
from losslaws.fitting.fit_table import fit_curves
from losslaws.storage.files import read_table, write_json, write_table
from losslaws.study.validation import inconsistencies, overview

pytestmark = pytest.mark.slow

PRODUCTS = ("report.txt", "full_curves.json")


def found_in(folder, experiment):
    return inconsistencies(folder, experiment, [str(folder / name) for name in PRODUCTS])


def edit(folder, change):
    """Apply `change` to the content of results.json."""
    path = folder / "results.json"
    result = json.loads(path.read_text(encoding="utf-8"))
    change(result)
    write_json(path, result)


def test_a_sound_study_has_no_problems(study):
    folder, experiment = study
    assert found_in(folder, experiment) == []
    assert overview(folder, experiment) == f"{folder}: 4 tables with 4 curves, complete and consistent"


def test_an_empty_folder_lacks_everything(tmp_path):
    found = found_in(tmp_path / "tiny", tiny_experiment())
    groups = tiny_experiment().groups
    missing = {
        *(f"data/{task}.parquet" for task in ("mod_add", "regression")),
        *(f"{kind}/{group}.parquet" for kind in ("curves", "fits") for group in groups),
        "results.json",
        "full_curves.json",
        "report.txt",
    }
    assert {name for name in missing if sum(f"{tmp_path}/tiny/{name} " in line for line in found) != 1} == set()
    assert len(found) == len(missing)
    assert all("run snakemake" in line for line in found)


@pytest.mark.parametrize(
    "name", ["data/mod_add.parquet", "curves/mod_add_w8.parquet", "fits/regression_w16.parquet", "results.json"]
)
def test_a_truncated_file_is_named_once(study, name):
    folder, experiment = study
    path = folder / name
    path.write_bytes(path.read_bytes()[:-20])
    (problem,) = found_in(folder, experiment)
    assert problem.startswith(f"{path} is damaged")
    assert problem.endswith("delete this file and run snakemake again to rebuild it")


def test_a_flipped_bit_in_the_losses_is_found(study):
    folder, experiment = study
    path = folder / "curves/mod_add_w8.parquet"
    content = bytearray(path.read_bytes())
    content[content.index(np.float64(read_curves(path)[0].loss[30]).tobytes())] ^= 1
    path.write_bytes(content)
    (problem,) = found_in(folder, experiment)
    assert problem.startswith(f"{path} is damaged")


@pytest.mark.parametrize("name", PRODUCTS)
@pytest.mark.parametrize("empty", [True, False])
def test_a_missing_or_empty_product_is_named(study, name, empty):
    folder, experiment = study
    (folder / name).unlink()
    if empty:
        (folder / name).touch()
    assert found_in(folder, experiment) == [f"{folder / name} is missing or empty: run snakemake to build it"]


def test_a_curve_without_one_of_its_fits(study):
    folder, experiment = study
    path = folder / "fits/mod_add_w8.parquet"
    table = read_table(path)
    write_table(path, table.filter(np.array(table["law"].to_pylist()) != "exponential"), {})
    (problem,) = found_in(folder, experiment)
    assert problem.startswith(f"{path}: curve mod_add_w8_s42 has fits of log_power, power_law, stretched_exp; expected")


def test_fits_of_another_curve(study, laws):
    folder, experiment = study
    t = np.arange(1.0, 61.0)
    write_table(folder / "fits/mod_add_w8.parquet", fit_curves([Curve("other", t, 1 / t)], laws, 10), {})
    first, second = found_in(folder, experiment)
    assert "curve mod_add_w8_s42 has fits of none" in first
    assert "curve other has fits of" in second


def drop_a_run(result):
    result["runs_summary"].pop()


def raise_a_count(result):
    result["universality"]["form_counts"]["power_law"] += 1


def drop_a_level(result):
    del result["universality"]["support_counts"]["weak"]


def raise_a_task(result):
    result["universality"]["support_by_task"]["mod_add"]["weak"] += 1


def empty_version(result):
    result["metadata"]["provenance"]["scipy_version"] = ""


def wrong_delta(result):
    result["runs_summary"][1]["fit_support"]["delta_aic"] += 1e-3


def wrong_order(result):
    fits = result["runs_summary"][1]["fits"]
    fits[0], fits[1] = fits[1], fits[0]


def wrong_winner(result):
    run = result["runs_summary"][0]
    run["best_form"] = run["fits"][1]["form"]


def missing_number(result):
    result["runs_summary"][0]["fits"][0]["rss"] = None


def missing_parameter(result):
    result["runs_summary"][0]["fits"][0]["params"]["a"] = None


def missing_loss(result):
    result["runs_summary"][0]["final_loss"] = None


def one_fit(result):
    for fit in result["runs_summary"][0]["fits"][1:]:
        fit.update(converged=False, status="not_falling")


def missing_key(result):
    del result["universality"]["support_by_task"]


def mistyped(result):
    result["runs_summary"][0]["fits"] = None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (drop_a_run, ["runs_summary has 3 runs; expected 4", "form_counts add up to 4; 3 runs", "", ""]),
        (raise_a_count, ["form_counts add up to 5; 4 runs have a best law"]),
        (drop_a_level, ["support counts of all are"]),
        (raise_a_task, ["support counts of mod_add are"]),
        (empty_version, ["metadata.provenance.scipy_version is empty"]),
        (wrong_delta, ["run mod_add_w16_s42 states ΔAIC"]),
        (wrong_order, ["run mod_add_w16_s42 states ΔAIC", "run mod_add_w16_s42 states best law"]),
        (wrong_winner, ["run mod_add_w8_s42 states best law"]),
        (missing_number, ["run mod_add_w8_s42 has a number that is missing or not finite"]),
        (missing_parameter, ["is damaged (Expected `float`, got `null` - at `$.runs_summary[0].fits[0].params[...]`)"]),
        (missing_loss, ["run mod_add_w8_s42 has a number that is missing or not finite"]),
        (one_fit, ["run mod_add_w8_s42 has 1 converged fits; expected at least two ("]),
        (
            missing_key,
            ["is damaged (Object missing required field `support_by_task` - at `$.universality`): delete this file"],
        ),
        (mistyped, ["delete this file and run snakemake again to rebuild it"]),
    ],
)
def test_an_inconsistent_result_is_one_line_per_problem(study, change, expected):
    folder, experiment = study
    edit(folder, change)
    found = found_in(folder, experiment)
    assert len(found) == len(expected), found
    for line, words in zip(found, expected, strict=True):
        assert line.startswith(f"{folder}/results.json")
        assert words in line
        assert "\n" not in line


def test_a_diverged_run_is_a_problem_that_says_why(study, laws):
    folder, experiment = study
    t = np.arange(1.0, 61.0)
    loss = np.where(t > 30, np.nan, 1 / t)
    curve = Curve("mod_add_w8_s42", t, loss, {"task": "mod_add", "width": 8, "seed": 42, "n_params": 800})
    write_curves(folder / "curves/mod_add_w8.parquet", [curve], {})
    write_table(folder / "fits/mod_add_w8.parquet", fit_curves([curve], laws, 10), {})
    rebuild_results(folder, experiment, laws)
    (problem,) = found_in(folder, experiment)
    assert "run mod_add_w8_s42 has 0 converged fits; expected at least two" in problem
    assert "power_law: not_finite" in problem


@pytest.mark.parametrize("content", ["[]", "3", '{"runs_summary": 1}'])
def test_another_json_is_not_a_result(study, content):
    folder, experiment = study
    (folder / "results.json").write_text(content)
    (problem,) = found_in(folder, experiment)
    assert problem.startswith(f"{folder}/results.json is damaged (")
