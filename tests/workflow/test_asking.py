"""Asking for files, for collecting targets, and for variations of the configuration."""

import pytest


def test_curves_are_all_curves_of_the_experiments_in_run(unbuilt):
    assert unbuilt.planned("curves") == {
        "smoke/data/regression.parquet",
        "smoke/data/classification.parquet",
        "smoke/curves/regression_w2.parquet",
        "smoke/curves/regression_w3.parquet",
        "smoke/curves/classification_w2.parquet",
        "smoke/curves/classification_w3.parquet",
        "other/data/regression.parquet",
        "other/curves/regression_w2.parquet",
    }


def test_fits_are_the_curves_and_their_fits(unbuilt):
    curves, fits = unbuilt.planned("curves"), unbuilt.planned("fits")
    assert fits - curves == {path.replace("curves", "fits") for path in curves if "/curves/" in path}
    assert curves <= fits


def test_an_experiment_outside_run_can_be_asked_for_by_its_report(finished):
    planned = finished.planned("results/diverged/report.txt")
    assert {"diverged/curves/regression_w2.parquet", "diverged/results.json", "diverged/report.txt"} <= planned
    assert {path.split("/")[0] for path in planned} == {"diverged"}


def test_config_on_the_command_line_replaces_a_list(finished):
    assert finished.planned("--config", "run=[diverged]") == finished.planned(
        "results/diverged/report.txt", "results/diverged/report.html"
    )


def test_config_on_the_command_line_reaches_into_an_experiment(finished):
    planned = finished.planned("--config", "experiments={other: {fitting: {bounds: wide}}}")
    assert planned == {"other/fits/regression_w2.parquet"} | finished.aggregates("other")


def test_a_second_configfile_is_merged_key_by_key(finished, tmp_path):
    (tmp_path / "more.yaml").write_text("experiments: {smoke: {widths: [3]}}\n", encoding="utf-8")
    assert finished.planned("--configfile", str(tmp_path / "more.yaml")) == finished.aggregates("smoke")


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (
            "results/smok/report.txt",
            "results/smok: experiment 'smok' is unknown (did you mean 'smoke'?); choose from smoke, other, diverged",
        ),
        (
            "results/smoke/curves/regression_w5.parquet",
            "results/smoke: width '5' is unknown; choose from 2, 3, or extend experiments.smoke in the config",
        ),
        (
            "results/other/data/classification.parquet",
            "results/other: task 'classification' is unknown; choose from regression, "
            "or extend experiments.other in the config",
        ),
        (
            "results/other/fits/regression_w3.parquet",
            "results/other: group 'regression_w3' is unknown (did you mean 'regression_w2'?); "
            "choose from regression_w2, or extend experiments.other in the config",
        ),
    ],
)
def test_a_file_outside_the_grid_is_refused_in_one_sentence(unbuilt, path, sentence):
    done = unbuilt.run(path)
    assert done.returncode != 0
    assert done.stdout.splitlines()[-1] == sentence
    assert not {"Error", "Exception", "Traceback"} & set(done.stdout.split())
    assert not (unbuilt.folder / "results").exists()
