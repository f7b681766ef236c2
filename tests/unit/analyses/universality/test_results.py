"""``results.json``, ``full_curves.json`` and the tables: every key of the published format, of the right type."""

import csv
import json
import platform

import numpy as np
import pytest
from builders import PAPER_LAWS, is_finite_json, law_fit, run_of, tiny_experiment
from msgspec import to_builtins

from losslaws.analyses.universality import compute as results
from losslaws.analyses.universality.reading import read_first_curves, read_summary
from losslaws.analyses.universality.records import CellWins
from losslaws.config.fitting import Fitting
from losslaws.core.registry import LAWS
from losslaws.curves.table import read_curves
from losslaws.fitting.selection import SUPPORT_LEVELS
from losslaws.jobs.software import elapsed_seconds
from losslaws.storage.csv_tables import write_csv

NUMBER, TEXT = (int, float), (str,)
METADATA = {
    "tasks": (list,),
    "hidden_sizes": (list,),
    "n_epochs": (int,),
    "skip_epochs": (int,),
    "seed": (int,),
    "total_runs": (int,),
    "elapsed_seconds": NUMBER,
    "provenance": (dict,),
    "seeds": (list,),
    "n_curves": (int,),
    "experiment": TEXT,
}
PROVENANCE = {
    "seed": (int,),
    "python_version": TEXT,
    "platform": TEXT,
    "torch_version": TEXT,
    "numpy_version": TEXT,
    "scipy_version": TEXT,
    "matplotlib_version": TEXT,
    "generated_at_utc": TEXT,
}
RUN = {
    "task": TEXT,
    "hidden_size": (int,),
    "seed": (int,),
    "n_params": (int,),
    "final_loss": NUMBER,
    "best_form": TEXT,
    "fit_support": (dict,),
    "fits": (list,),
}
SUPPORT = {
    "best_form": TEXT,
    "second_form": TEXT,
    "delta_aic": NUMBER,
    "support_level": TEXT,
    "n_converged": (int,),
}
FIT = {
    "form": TEXT,
    "params": (dict,),
    "param_names": (list,),
    "rss": NUMBER,
    "aic": NUMBER,
    "bic": NUMBER,
    "converged": (bool,),
}
UNIVERSALITY = {
    "form_counts": (dict,),
    "majority_form": TEXT,
    "majority_fraction": NUMBER,
    "best_form_by_task": (dict,),
    "support_counts": (dict,),
    "support_by_task": (dict,),
    "run_support": (list,),
    "exponents_by_task": (dict,),
    "exponents_by_form": (dict,),
}
RUN_SUPPORT = {
    "task": TEXT,
    "hidden_size": (int,),
    "best_form": TEXT,
    "second_form": TEXT,
    "delta_aic": NUMBER,
    "support_level": TEXT,
}
FULL_CURVE = {"task": TEXT, "hidden_size": (int,), "epochs": (list,), "losses": (list,), "fits": (list,)}
PARAMETERS = {
    "power_law": ["a", "beta", "L_inf"],
    "exponential": ["a", "lambda", "L_inf"],
    "stretched_exp": ["a", "tau", "gamma", "L_inf"],
    "log_power": ["a", "beta", "L_inf"],
}


def assert_keys(value, kinds):
    """Check that a mapping has these keys with values of these types; bool is no number."""
    assert set(kinds) - set(value) == set()
    wrong = {key: value[key] for key, kind in kinds.items() if type(value[key]) not in kind}
    assert wrong == {}


@pytest.fixture
def result(study):
    return json.loads((study[0] / "results.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)


def test_metadata(study, result):
    metadata = result["metadata"]
    assert_keys(metadata, METADATA)
    assert_keys(metadata["provenance"], PROVENANCE)
    assert all(value not in (None, "") for value in metadata["provenance"].values())
    assert metadata["provenance"]["python_version"] == platform.python_version()
    assert metadata["provenance"]["numpy_version"] == np.__version__
    assert {key: metadata[key] for key in ("tasks", "hidden_sizes", "n_epochs", "skip_epochs", "total_runs")} == {
        "tasks": ["mod_add", "regression"],
        "hidden_sizes": [8, 16],
        "n_epochs": 60,
        "skip_epochs": 10,
        "total_runs": 4,
    }
    assert (metadata["seed"], metadata["seeds"], metadata["n_curves"], metadata["experiment"]) == (42, [42], 4, "tiny")


def test_total_runs_counts_cells_and_n_curves_counts_seeds(study):
    experiment = tiny_experiment(seeds=[1, 2, 3])
    runs = [run_of([law_fit("power_law", 1.0)], seed=seed) for seed in (1, 2, 3)] * 4
    described = results.describe(experiment.name, experiment.grid, experiment.fitting, runs)
    assert (described.total_runs, described.n_curves, described.seed, described.seeds) == (4, 12, 1, (1, 2, 3))
    metadata = results.metadata(described, 1.5)
    assert (metadata["total_runs"], metadata["elapsed_seconds"], metadata["provenance"]["seed"]) == (4, 1.5, 1)


def test_imported_curves_are_counted_one_by_one():
    runs = [run_of([law_fit("power_law", 1.0)], seed=seed) for seed in (1, 2)]
    described = results.describe("mine", None, Fitting(), runs)
    assert (described.total_runs, described.n_epochs, described.seed, described.seeds) == (2, None, None, ())


def test_runs(study, result):
    assert [(run["task"], run["hidden_size"]) for run in result["runs_summary"]] == [
        (task, width) for task in ("mod_add", "regression") for width in (8, 16)
    ]
    folder, experiment = study
    for run, group in zip(result["runs_summary"], experiment.groups, strict=True):
        assert_keys(run, RUN)
        assert_keys(run["fit_support"], SUPPORT)
        (curve,) = read_curves(folder / "curves" / f"{group}.parquet")
        assert run["final_loss"] == curve.loss[-1]
        assert run["n_params"] == 100 * run["hidden_size"]
        support, fits = run["fit_support"], run["fits"]
        assert run["best_form"] == support["best_form"] == fits[0]["form"]
        assert support["second_form"] == fits[1]["form"]
        assert support["delta_aic"] == pytest.approx(fits[1]["aic"] - fits[0]["aic"])
        assert support["delta_aic"] >= 0
        assert support["support_level"] in SUPPORT_LEVELS
        assert support["n_converged"] == sum(fit["converged"] for fit in fits) >= 2


def test_fits(result):
    for run in result["runs_summary"]:
        assert sorted(fit["form"] for fit in run["fits"]) == sorted(PAPER_LAWS)
        converged = [fit for fit in run["fits"] if fit["converged"]]
        assert run["fits"][: len(converged)] == sorted(converged, key=lambda fit: fit["aic"])
        for fit in converged:
            assert_keys(fit, FIT)
            assert list(fit["params"]) == fit["param_names"] == PARAMETERS[fit["form"]]
            assert all(type(value) is float for value in fit["params"].values())


def test_universality(result):
    summary = result["universality"]
    assert_keys(summary, UNIVERSALITY)
    assert list(summary["form_counts"]) == list(PAPER_LAWS)
    assert sum(summary["form_counts"].values()) == 4
    assert summary["majority_fraction"] == summary["form_counts"][summary["majority_form"]] / 4
    assert list(summary["best_form_by_task"]) == ["mod_add", "regression"]
    for counts in (summary["support_counts"], *summary["support_by_task"].values()):
        assert list(counts) == list(SUPPORT_LEVELS)
    for run in summary["run_support"]:
        assert_keys(run, RUN_SUPPORT)
    for by_form in summary["exponents_by_task"].values():
        assert list(by_form) == list(PAPER_LAWS)
        assert all(type(value) is float for values in by_form.values() for value in values)
    assert {form: list(shapes) for form, shapes in summary["exponents_by_form"].items()} == {
        form: names[1:-1] for form, names in PARAMETERS.items()
    }


def test_full_curves(study):
    folder, experiment = study
    curves = json.loads((folder / "full_curves.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert len(curves) == 4
    for curve, group in zip(curves, experiment.groups, strict=True):
        assert_keys(curve, FULL_CURVE)
        (written,) = read_curves(folder / "curves" / f"{group}.parquet")
        assert curve["epochs"] == list(range(1, 61))
        assert {type(epoch) for epoch in curve["epochs"]} == {int}
        assert curve["losses"] == written.loss.tolist()


def test_everything_is_finite_json(study, result):
    assert is_finite_json(result)
    assert is_finite_json(json.loads((study[0] / "full_curves.json").read_text(encoding="utf-8")))


def test_the_summary_is_a_short_form_of_the_results(study, result):
    summary = json.loads((study[0] / "summary.json").read_text(encoding="utf-8"))
    assert all(result["metadata"][key] == value for key, value in summary["metadata"].items())
    assert result["metadata"].keys() - summary["metadata"].keys() == {"elapsed_seconds", "provenance"}
    assert all(result["universality"][key] == value for key, value in summary["universality"].items())
    assert summary["runs_summary"] == result["runs_summary"]
    assert sum(count for cell in summary["winners"] for _, count in cell["counts"]) == len(result["runs_summary"])


def test_the_summary_lists_the_first_runs_and_counts_all(monkeypatch):
    monkeypatch.setattr(results, "MAX_LISTED", 2)
    fit = law_fit("power_law", 1.0, params={"a": 1.0, "beta": 0.5, "L_inf": 0.0})
    runs = [run_of([fit], seed=seed) for seed in range(5)]
    laws = [LAWS.load("power_law")]
    summary = results.summary(results.describe("tiny", None, Fitting(), runs), runs, laws)
    assert [run.seed for run in summary.runs] == [0, 1]
    assert summary.metadata.n_curves == 5
    assert summary.wins.counts == {"power_law": 5}
    assert summary.winners == (CellWins("mod_add", 8, (("power_law", 5),)),)
    assert summary.statuses == {"power_law": {"ok": 5}}


def test_the_summary_is_read_as_it_was_made(study, laws):
    folder, experiment = study
    runs = read_first_curves(folder, experiment, 4)
    described = results.describe(experiment.name, experiment.grid, experiment.fitting, runs)
    assert read_summary(folder) == results.summary(described, runs, laws)
    assert read_summary(folder).formulas["power_law"] == "a·t^(−β) + L∞"


def test_a_diverged_run_has_nulls():
    failed = law_fit("power_law", None, status="not_finite", rss=None, r2=None)
    run = run_of([failed], loss=(3.0, np.inf, np.nan))
    record, curve = results.run_record(run), results.full_curve(run)
    assert (record.final_loss, record.best_law, record.best) == (None, None, None)
    assert curve["losses"] == [3.0, None, None]
    assert record.fits[0].converged is False
    assert is_finite_json(to_builtins(record))
    assert is_finite_json(curve)


def rows(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_tables_repeat_the_results(study, result):
    tables = study[0] / "tables"
    runs, fits, exponents = (rows(tables / f"{name}.csv") for name in ("runs", "fits", "exponents"))
    for row, run in zip(runs, result["runs_summary"], strict=True):
        assert (row["curve"], row["best_form"]) == (run["curve"], run["best_form"])
        assert float(row["delta_aic"]) == run["fit_support"]["delta_aic"]
        assert float(row["final_loss"]) == run["final_loss"]
        assert float(row["aic"]) == run["fits"][0]["aic"]
    assert len(fits) == 16
    for row, fit in zip(fits, (fit for run in result["runs_summary"] for fit in run["fits"]), strict=True):
        assert (row["form"], row["status"]) == (fit["form"], fit["status"])
        assert {name: float(row[name]) for name in fit["params"]} == fit["params"]
        assert row["at_bound"].split() == fit["at_bound"]
    for row, form in zip(exponents, PAPER_LAWS, strict=True):
        exponent = LAWS.load(form).exponent
        values = result["universality"]["exponents_by_form"][form][exponent]
        assert (row["form"], row["parameter"], int(row["n"])) == (form, exponent, len(values))
        assert float(row["mean"]) == pytest.approx(np.mean(values))
        assert float(row["std"]) == pytest.approx(np.std(values, ddof=1))
        assert (float(row["min"]), float(row["max"])) == (min(values), max(values))


def test_csv_cells(tmp_path):
    path = tmp_path / "table.csv"
    write_csv(path, [{"a": 0.1 + 0.2, "b": None}, {"a": 'say "x", y', "c": 1}])
    assert path.read_bytes() == b'a,b,c\n0.30000000000000004,,\n"say ""x"", y",,1\n'
    write_csv(path, iter([{"a": 1}, {"b": 2}]), ["a", "b"])
    assert path.read_bytes() == b"a,b\n1,\n,2\n"


def test_elapsed_seconds_sums_the_jobs_of_data_training_and_fits(tmp_path):
    header = "s\th:m:s\tmax_rss\n"
    for name, seconds in {"data/a": 1.25, "train/a": 10, "train/b": 20, "fit/a": 0.5, "figure/a": 99}.items():
        file = tmp_path / f"{name}.tsv"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"{header}{seconds}\t0:00:01\t12.5\n")
    (tmp_path / "report.tsv").write_text(f"{header}99\t0:00:01\t12.5\n")
    assert elapsed_seconds(tmp_path) == 31.75
    assert elapsed_seconds(tmp_path / "nowhere") == 0.0
