"""Curves that were not trained here: from files, from another experiment, simulated; through to the report."""

import csv
import json

import pyarrow.parquet as pq
import pytest

MINE = """
run: [mine]
experiments:
  mine:
    import:
      - {name: lm, files: "logs/*.csv"}
      - {name: sweep, files: sweep.csv, curve: run, chunks: 2}
    fitting: {laws: [power_law, exponential]}
    analyses: [universality, evidence, replicates]
    evidence: {replicates: 5}
  refitted:
    import: [{experiment: mine}]
    fitting: {laws: [exponential]}
  ahead:
    import: [{experiment: mine}]
    analyses: [backtest, forecast]
    forecast: {horizon: 120, target: 0.2, laws: [power_law, stretched_exp], fractions: [0.5]}
  known:
    simulate: {laws: [exponential], lengths: [60], rho: [0.0, 0.9], signal_to_noise: [30], curves: 2}
    evidence: {replicates: 0, holdout: false}
"""


def losses(exponent):
    return [(step, 0.1 + step**-exponent) for step in range(1, 61)]


@pytest.fixture
def logs(unbuilt):
    """A tree with three log files and nothing built."""
    (unbuilt.folder / "logs").mkdir()
    for name, exponent in {"a": 0.4, "b": 0.8}.items():
        rows = "".join(f"{step},{loss}\n" for step, loss in losses(exponent))
        unbuilt.write(f"logs/{name}.csv", f"step,train_loss\n0,9.0\n{rows}")
    rows = [f"run{number},{step},{loss}\n" for number in range(3) for step, loss in losses(0.5 + 0.1 * number)]
    unbuilt.write("sweep.csv", f"run,step,loss\n{''.join(rows)}")
    unbuilt.write("config.yaml", MINE)
    return unbuilt


def names(study, path):
    return sorted(set(pq.read_table(study.folder / path)["curve"].to_pylist()))


def test_logs_go_through_to_the_report_and_an_edited_one_alone_is_read_again(logs):
    logs.build("results/mine/report.txt", "results/mine/report.html")
    assert names(logs, "results/mine/curves/lm.parquet") == ["lm_a", "lm_b"]
    assert names(logs, "results/mine/curves/sweep_1.parquet") == ["sweep_run0", "sweep_run2"]
    assert names(logs, "results/mine/curves/sweep_2.parquet") == ["sweep_run1"]
    report = " ".join(logs.text("results/mine/report.txt").split())
    assert "power_law, L(t) = a·t^(−β) + L∞, fits best in 5 of 5 runs" in report
    assert "loss: column 'train_loss' (guessed)" in report
    assert "2 rows with t ≤ 0 skipped" in report
    result = json.loads(logs.text("results/mine/results.json"))
    assert result["metadata"]["tasks"] == ["lm", "sweep"]
    assert {run["hidden_size"] for run in result["runs_summary"]} == {None}
    assert logs.planned("results/mine/report.txt") == set()

    logs.write("logs/a.csv", logs.text("logs/a.csv").replace("1,1.1\n", "1,1.2\n"))
    planned = logs.planned("results/mine/report.txt")
    assert "mine/curves/lm.parquet" in planned
    assert not [path for path in planned if "sweep" in path]

    logs.build("results/refitted/report.txt")
    refitted = " ".join(logs.text("results/refitted/report.txt").split())
    assert "exponential, L(t) = a·exp(−λt) + L∞, fits best in 5 of 5 runs" in refitted
    assert not (logs.folder / "results/refitted/curves").exists()
    assert "complete and consistent" in logs.build("validate")


def test_what_comes_next_and_how_far_off_that_is(logs):
    logs.build("results/ahead/report.txt", "results/ahead/report.html")
    report = " ".join(logs.text("results/ahead/report.txt").split())
    assert "Back-test: final losses of 5 curves are predicted with a median error of" in report
    assert "reaches 0.2 at" in report
    assert logs.planned("results/ahead/report.txt", "results/ahead/report.html") == set()
    rows = list(csv.DictReader(logs.text("results/ahead/tables/forecasts.csv").splitlines()))
    assert len(rows) == 5
    # Without noise the law is known: 0.1 + 120^(-0.8).
    (fast,) = (row for row in rows if row["curve"] == "lm_b")
    assert float(fast["final"]) == pytest.approx(0.1 + 120**-0.8, rel=1e-3)


def test_simulated_curves_tell_how_often_criteria_are_right(logs):
    logs.build("results/known/report.txt", "results/known/report.html")
    assert "Over 4 simulated curves" in " ".join(logs.text("results/known/report.txt").split())
    assert len(names(logs, "results/known/curves/exponential_n60.parquet")) == 4
    assert not (logs.folder / "results/known/fits").exists()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("logs/*.csv", "log/*.csv", "import: lm: files: log/*.csv matches no file"),
        ("files: sweep.csv", "files: swep.csv", "import: sweep: files: swep.csv does not exist"),
        ("curve: run,", "curve: runn,", "has no column 'runn'"),
        ("chunks: 2", "chunks: 0", "import[1].chunks is 0; expected at least 1"),
        ("curve: run,", "format: csvv,", "import[1].format: 'csvv' is unknown (did you mean 'csv'?)"),
    ],
)
def test_a_mistake_in_an_import_is_one_sentence(logs, old, new, sentence):
    logs.replace("config.yaml", old, new)
    done = logs.run("results/mine/curves/lm.parquet", "results/mine/curves/sweep_1.parquet")
    assert done.returncode != 0
    assert sentence in done.stdout
    assert "Traceback" not in done.stdout


def test_calibration_needs_known_laws(logs):
    logs.replace("config.yaml", "analyses: [universality, evidence, replicates]", "analyses: [calibration]")
    done = logs.run("results/mine/report.txt")
    assert done.returncode != 0
    assert "experiments.mine.analyses: calibration needs curves of known laws" in done.stdout
