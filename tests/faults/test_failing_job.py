"""A job that fails, or is killed, costs what needs it and nothing else."""

import re

FAULTS = {
    "workflow/scripts/fit.py": ("with job(snakemake):\n", '    raise RuntimeError("no luck")\n'),
    "workflow/losslaws/analyses/evidence/multiverse.py": (
        '    """Write which law wins every curve of a part in every universe."""\n',
        "    import os; os.kill(os.getpid(), 9)\n",
    ),
}
"""By the file that they are put into: after what, and the fault itself."""

NOT_RESULTS = {"logs", "benchmarks", "provenance"}
END = "Fix the cause and rerun the same command; finished results are kept."


def results(study):
    """Return the paths of the results of a study, relative to its folder."""
    files = [path for path in (study.folder / "results").rglob("*") if path.is_file()]
    return {path.relative_to(study.folder).as_posix() for path in files if not NOT_RESULTS & set(path.parts)}


def test_the_rest_is_built_and_told_and_the_next_run_builds_what_is_missing(fresh, uninterrupted):
    study = fresh("study")
    for path, (place, fault) in FAULTS.items():
        study.replace(path, place, place + fault)
    done = study.run()
    assert done.returncode != 0

    lines = done.stdout.splitlines()
    failed, missing, end = (lines.index(line) for line in ("Failed:", "Not built:", END))
    assert sorted(lines[failed + 1 : missing]) == [
        "  RuntimeError: no luck (log: results/tiny/logs/fit/regression_w2.log)",
        "  killed from outside (SIGKILL), probably because memory ran out "
        "(log: results/tiny/logs/multiverse/regression.log)",
    ]
    there = r"tiny: 1 of 1 curve tables, 0 of 1 fit tables, 0 of [1-9]\d+ results and reports built"
    assert re.fullmatch(there, lines[end - 1])
    assert {line.strip() for line in lines[missing + 1 : end - 1]} == results(uninterrupted) - results(study)
    kept = {f"results/tiny/{name}" for name in ("data/regression", "curves/regression_w2", "evidence/regression")}
    assert results(study) == {f"{name}.parquet" for name in kept}

    for path, (place, fault) in FAULTS.items():
        study.replace(path, place + fault, place)
    planned = {f"results/{path}" for path in study.planned()}
    assert planned <= results(uninterrupted) - results(study)
    assert {f"results/tiny/{name}.parquet" for name in ("fits/regression_w2", "multiverse/regression")} <= planned
