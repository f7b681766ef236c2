"""Schedule laws and collapse of imported curves, through to the report; what is missing is said in one sentence."""

import csv
import json

import pytest

CONFIG = """
run: [lm, ladder]
experiments:
  lm:
    import: [{name: lm, files: "lm/*.csv"}]
    analyses: [schedule_law]
    schedule_law: {laws: [momentum], warmup: 10, predict: [lm_late], replicates: 2}
  ladder:
    import: [{name: sizes, files: ladder.csv, t: step, loss: loss, curve: [width, seed]}]
    analyses: [collapse]
"""


def schedule(drop):
    """A rate that falls at step `drop`, and the loss that the momentum law gives with L0 = 2, A = 1, C = 10."""
    rows, momentum, paid, total, before = [], 0.0, 0.0, 0.0, 0.0
    for step in range(1, 301):
        rate = 0.01 * min(step / 10, 1.0) if step < drop else 0.002
        momentum = 0.95 * momentum + (before - rate if step > 10 else 0.0)
        total, paid, before = total + rate, paid + momentum, rate
        if step >= 10 and (step % 5 == 0 or step == drop):
            rows.append(f"{step},{2 + total**-0.5 - 10 * paid},{rate}\n")
    return "step,loss,lr\n" + "".join(rows)


def ladder():
    rows = []
    for width in (4, 8, 16):
        size = 100 * width**2
        horizon = 200 * width
        for seed in (1, 2):
            for x in range(1, 101):
                loss = 1 + (x / 100 * horizon) ** -0.5 + size**-0.25
                rows.append(f"{width},{seed},{size},{x * horizon // 100},{loss + 1e-4 * seed * (101 - x) / 100}\n")
    return "width,seed,n_params,step,loss\n" + "".join(rows)


@pytest.fixture
def recorded(unbuilt):
    (unbuilt.folder / "lm").mkdir()
    for name, drop in {"early": 100, "middle": 150, "late": 200}.items():
        unbuilt.write(f"lm/{name}.csv", schedule(drop))
    unbuilt.write("ladder.csv", ladder())
    unbuilt.write("config.yaml", CONFIG)
    return unbuilt


def test_both_go_through_to_the_report_on_imported_curves(recorded):
    recorded.build("results/lm/report.txt", "results/lm/report.html", "results/ladder/report.txt")
    rows = list(csv.DictReader(recorded.text("results/lm/tables/schedule_law.csv").splitlines()))
    assert {row["curve"]: row["role"] for row in rows} == {
        "lm_early": "fitted",
        "lm_middle": "fitted",
        "lm_late": "predicted",
    }
    assert all(float(row["worst_relative"]) < 1e-4 for row in rows)
    chosen = list(csv.DictReader(recorded.text("results/lm/tables/schedule.csv").splitlines()))
    assert [chosen[0]["step"], chosen[-1]["step"]] == ["0", "300"]
    assert "the excess over the designed schedule" in " ".join(recorded.text("results/lm/report.txt").split())
    (found,) = json.loads(recorded.text("results/ladder/collapse.json"))
    assert found["ladder"] == "sizes"
    assert found["comparison"]["spread_at"] < 0.01
    assert "normalised curves of all sizes differ by" in " ".join(recorded.text("results/ladder/report.txt").split())
    assert recorded.planned("results/lm/report.txt", "results/ladder/report.txt") == set()


def test_what_is_missing_is_said(recorded):
    recorded.write("lm/late.csv", "".join(f"{line.rsplit(',', 1)[0]}\n" for line in schedule(200).splitlines()))
    kept = [line for line in ladder().splitlines() if not line.startswith("8,2,")]
    recorded.write("ladder.csv", "\n".join(kept) + "\n")
    done = recorded.run("results/lm/report.txt", "results/ladder/report.txt", "--keep-going")
    told = " ".join(done.stdout.split())
    assert done.returncode != 0
    assert "curve 'lm_late' has no learning rates" in told
    assert "width 8 has one seed" in told
