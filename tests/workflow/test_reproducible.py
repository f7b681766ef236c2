"""The same configuration gives the same bits, however many jobs run at a time."""

import json


def without_times(text):
    """Return results without the two values that may differ between equal runs."""
    results = json.loads(text)
    del results["metadata"]["elapsed_seconds"], results["metadata"]["provenance"]["generated_at_utc"]
    return results


def test_one_core_and_two_give_the_same_bits(finished, unbuilt):
    unbuilt.build("results/smoke/results.json", cores=1)
    tables = sorted(path.relative_to(unbuilt.folder) for path in unbuilt.folder.glob("results/smoke/**/*.parquet"))
    assert len(tables) == 2 + 4 + 4
    for path in [*tables, "results/smoke/full_curves.json", "results/smoke/tables/fits.csv"]:
        assert (unbuilt.folder / path).read_bytes() == (finished.folder / path).read_bytes(), path
    one, two = (without_times(study.text("results/smoke/results.json")) for study in (unbuilt, finished))
    assert one == two
