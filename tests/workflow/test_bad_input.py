"""Bad input: training that diverges is data; a damaged file is named, and stops only what depends on it."""

import json

import pyarrow.parquet as pq

CURVES = "results/smoke/curves"


def truncate(path):
    """Cut off the second half of a file."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def flip_last_bit_of_the_losses(path):
    """Change one bit in the data of the column `loss`."""
    columns = pq.ParquetFile(path).metadata.row_group(0)
    loss = next(
        columns.column(index) for index in range(columns.num_columns) if columns.column(index).path_in_schema == "loss"
    )
    content = bytearray(path.read_bytes())
    content[(loss.dictionary_page_offset or loss.data_page_offset) + loss.total_compressed_size - 1] ^= 1
    path.write_bytes(content)


def test_a_diverged_run_completes_and_is_named(study):
    study.build("results/diverged/report.txt")
    fits = pq.read_table(study.folder / "results/diverged/fits/regression_w2.parquet").to_pylist()
    assert {fit["status"] for fit in fits} == {"not_finite"}
    assert {fit["rank"] for fit in fits} == {None}
    (run,) = json.loads(study.text("results/diverged/results.json"))["runs_summary"]
    assert run["best_form"] is None
    assert run["final_loss"] is None
    report = study.text("results/diverged/report.txt")
    assert "No law could be fitted to any of the 1 runs." in report
    named = [line for line in report.splitlines() if line.startswith("regression_w2_s42")]
    assert len(named) == len(fits)
    assert all("training diverged" in line for line in named)

    done = study.run("validate", "--config", "run=[diverged]")
    assert done.returncode != 0
    assert "run regression_w2_s42 has 0 converged fits" in done.stdout
    assert "not_finite" in done.stdout
    assert "Traceback" not in done.stdout


def test_damaged_curves_are_named_and_stop_only_what_needs_them(study):
    truncate(study.folder / CURVES / "regression_w2.parquet")
    flip_last_bit_of_the_losses(study.folder / CURVES / "regression_w3.parquet")
    sound = study.folder / "results/smoke/fits/classification_w3.parquet"
    sound.unlink()

    done = study.run()
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    for group in ("regression_w2", "regression_w3"):
        path, log = f"{CURVES}/{group}.parquet", f"results/smoke/logs/fit/{group}.log"
        sentences = [line.strip() for line in done.stdout.splitlines() if line.strip().startswith(f"{path} is damaged")]
        assert len(set(sentences)) == 1, done.stdout
        assert sentences[0].endswith(f"delete this file and run snakemake again to rebuild it (log: {log})")
        assert sentences[0] in study.text(log)
        assert f"  results/smoke/fits/{group}.parquet" in done.stdout.splitlines()
        (study.folder / path).unlink()
    assert sound.exists()

    study.build()
    assert study.planned() == set()
