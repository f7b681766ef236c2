"""``snakemake validate``, and the checks behind it on studies damaged in one place."""

import json

import pyarrow.parquet as pq
import pytest
import yaml

from losslaws.config.load import load_experiments
from losslaws.storage.files import write_table
from losslaws.study.validation import inconsistencies

RESULTS = "results/smoke/results.json"


def edit_results(study, change):
    """Apply a change to the results of a study."""
    results = json.loads(study.text(RESULTS))
    change(results)
    study.write(RESULTS, json.dumps(results))


def found(study):
    """Return the problems of the experiment `smoke`."""
    experiments = load_experiments(yaml.safe_load(study.text("config.yaml")))
    folder = study.folder / "results/smoke"
    products = [str(folder / name) for name in ("report.txt", "figures/aic_comparison.svg")]
    return inconsistencies(folder, experiments["smoke"], products)


def one_more_winner(results):
    results["universality"]["form_counts"]["power_law"] += 1


def one_more_weak_run(results):
    results["universality"]["support_counts"]["weak"] += 1


def one_run_less(results):
    results["runs_summary"].pop()


def negative_delta(results):
    fits = results["runs_summary"][0]["fits"]
    fits[0]["aic"], fits[1]["aic"] = fits[1]["aic"] + 1.0, fits[0]["aic"]


def another_winner(results):
    run = results["runs_summary"][0]
    run["best_form"] = run["fits"][1]["form"]


def infinite_parameter(results):
    params = results["runs_summary"][0]["fits"][0]["params"]
    params["a"] = float("inf")


def no_version(results):
    results["metadata"]["provenance"]["scipy_version"] = ""


def no_summary(results):
    del results["universality"]["support_counts"]


def test_a_sound_study_passes_and_says_what_is_there_every_time(study):
    for _ in range(2):
        lines = study.build("validate").splitlines()
        assert "results/smoke: 4 tables with 4 curves, complete and consistent" in lines
        assert "results/other: 1 tables with 1 curves, complete and consistent" in lines


def test_the_command_fails_with_a_line_per_problem(study):
    edit_results(study, one_more_winner)
    done = study.run("validate")
    assert done.returncode != 0
    line = f"{RESULTS}: form_counts add up to 5; 4 runs have a best law"
    assert line in done.stdout.splitlines()
    assert line in study.text("results/logs/validate.log")
    assert "Traceback" not in done.stdout


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (one_more_winner, "form_counts add up to 5; 4 runs have a best law"),
        (one_more_weak_run, "support counts of all are"),
        (negative_delta, "ΔAIC"),
        (another_winner, "best law"),
        (infinite_parameter, "not finite"),
        (no_version, "metadata.provenance.scipy_version is empty"),
        (no_summary, "support_counts"),
    ],
)
def test_one_damage_to_the_results_is_one_problem(study, change, told):
    edit_results(study, change)
    (problem,) = found(study)
    assert RESULTS in problem
    assert told in problem
    assert "\n" not in problem


def test_a_missing_run_is_found(study):
    edit_results(study, one_run_less)
    assert any("runs_summary has 3 runs; expected 4" in problem for problem in found(study))


@pytest.mark.parametrize("name", ["report.txt", "figures/aic_comparison.svg", "data/regression.parquet"])
def test_a_missing_file_is_found(study, name):
    (study.folder / "results/smoke" / name).unlink()
    (problem,) = found(study)
    assert name in problem


def test_a_curve_without_one_of_its_fits_is_found(study):
    path = study.folder / "results/smoke/fits/regression_w2.parquet"
    write_table(path, pq.read_table(path).slice(1), {})
    (problem,) = found(study)
    assert "fits/regression_w2.parquet: curve regression_w2_s42 has fits of" in problem


def test_a_damaged_table_is_found(study):
    path = study.folder / "results/smoke/fits/regression_w2.parquet"
    path.write_bytes(path.read_bytes()[:100])
    (problem,) = found(study)
    assert "fits/regression_w2.parquet is damaged" in problem
