"""What is written of the evidence comes back as it was, and the section tells it."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from losslaws.analyses.evidence.multiverse import CRITERIA, choices, plan
from losslaws.analyses.evidence.results import CurveEvidence, CurveOutcome, EvidenceSummary, Identity, read_evidence
from losslaws.analyses.evidence.section import SECTION
from losslaws.analyses.evidence.tables import columns_of, read_rows, write_rows, write_summary
from losslaws.curves.vocabulary import IDENTIFYING
from losslaws.report.blocks import as_text

GOLDEN = Path(__file__).with_name("section.txt")
LAWS = ("power_law", "exponential")

CLEAR = CurveEvidence(
    *("1e5", "007", 8, 42, "train", 800),
    laws=LAWS,
    aic=(-50.0, None),
    aic_weight=(1.0, 0.0),
    aic_ar1=(-60.0, -42.25),
    aic_ar1_weight=(0.75, 0.25),
    rho=(0.5, None),
    verdict="one law",
    verdict_laws=("power_law",),
    reason="the next law, exponential, is 17.8 in AIC away",
    lag_one=0.5,
    effective_size=20.0,
    ljung_box_p=0.0,
    misfit_share=0.4,
    misfit_tenth=2,
    vuong_p=0.01,
    block_length=3,
    bootstrap_wins=(0.9, 0.1),
    parameters=("a", "beta", "L_inf"),
    lower=(1.0, 0.5, 0.1),
    upper=(2.0, math.inf, 0.2),
    holdout=(0.1, None),
    holdout_last_value=0.2,
)
UNUSABLE = CurveEvidence(
    *("b", None, None, None, None, None),
    laws=LAWS,
    aic=None,
    aic_weight=None,
    aic_ar1=None,
    aic_ar1_weight=None,
    rho=None,
    verdict="no fit",
    verdict_laws=(),
    reason="no fit: the loss never changes",
)


def outcomes(about, winner):
    """Return what the multiverse says of a curve with one winner, but for logarithmic residuals."""
    return tuple(
        CurveOutcome(
            *about,
            bounds=choice.bounds,
            space=choice.space,
            errors=choice.errors,
            skip=choice.skip,
            criterion=criterion,
            winner="exponential" if winner and choice.space == "log" else winner,
            second=None,
            lead=None,
            without_fit=() if winner else tuple(f"{law}: constant" for law in LAWS),
        )
        for choice in choices(10)
        for criterion in CRITERIA
    )


SUMMARY = EvidenceSummary(
    (CLEAR, UNUSABLE),
    outcomes(("1e5", "007", 8, 42, "train", 800), "power_law") + outcomes(("b", *[None] * 5), None),
)


def written(folder, summary=SUMMARY):
    write_summary(folder / "evidence.json", folder / "evidence.csv", folder / "multiverse.csv", summary)
    return folder


@pytest.mark.parametrize("records", [SUMMARY.curves, SUMMARY.multiverse, ()])
def test_a_table_returns_its_records(tmp_path, records):
    kind = type(records[0]) if records else CurveEvidence
    write_rows(tmp_path / "table.parquet", records, kind, {})
    assert read_rows([tmp_path / "table.parquet"], kind) == tuple(records)


def test_evidence_json_returns_its_records_but_for_infinity(tmp_path):
    finite = replace(CLEAR, upper=(2.0, None, 0.2))
    assert read_evidence(written(tmp_path)) == EvidenceSummary((finite, UNUSABLE), SUMMARY.multiverse)


def test_without_evidence_there_is_none(tmp_path):
    assert read_evidence(tmp_path) is None


def test_the_files_have_the_columns_of_the_tables(tmp_path):
    written(tmp_path)
    found = json.loads((tmp_path / "evidence.json").read_text())
    for key, kind, name in (("curves", CurveEvidence, "evidence"), ("multiverse", CurveOutcome, "multiverse")):
        assert list(found[key][0]) == list(columns_of(kind))
        assert (tmp_path / f"{name}.csv").read_text().splitlines()[0] == ",".join(columns_of(kind))
    assert columns_of(CurveEvidence)["aic"] == pa.list_(pa.float64())
    assert columns_of(CurveEvidence)["verdict"] == pa.string()
    assert columns_of(CurveEvidence)["misfit_tenth"] == pa.int64()


def test_curves_are_identified_as_in_the_curve_table():
    identifying = {name: columns_of(CurveOutcome)[name] for name in Identity._fields[1:]}
    assert list(identifying.items()) == list(IDENTIFYING.items())


def test_wide_bounds_come_first_and_the_points_of_the_published_analysis():
    pairs = plan(5)
    assert [pair[0].skip for pair in pairs] == [skip for skip in ("5", "0", "10", "50", "1%") for _ in range(4)]
    assert all((wide.bounds, paper.bounds) == ("wide", "paper") for wide, paper in pairs)
    assert {choice for pair in pairs for choice in pair} == set(choices(5))


def summary_json(majority):
    """Return ``summary.json`` of the two curves."""
    described = {"experiment": "tiny", "tasks": ["007"], "hidden_sizes": [8], "n_epochs": None, "skip_epochs": 10}
    wins = {"form_counts": {"power_law": 1}, "majority_form": majority, "majority_fraction": 0.5}
    return {
        "metadata": described | {"seed": None, "seeds": [], "total_runs": 2, "n_curves": 2},
        "runs_summary": [],
        "universality": wins
        | {"majority_interval": None, "best_form_by_task": {}, "support_counts": {}, "support_by_task": {}}
        | {"bic_changes": []},
        "winners": [],
        "held": {"by_form": {"power_law": 1}, "winners": 1},
        "statuses": {"power_law": {"ok": 1, "constant": 1}, "exponential": {"limit": 1, "constant": 1}},
        "exponents": [],
        "formulas": {},
    }


def test_the_section_as_text(tmp_path):
    (tmp_path / "summary.json").write_text(json.dumps(summary_json("power_law")))
    written(tmp_path)
    blocks = [*SECTION.answer(tmp_path), *SECTION.body(tmp_path)]
    assert "\n".join([as_text(blocks), *SECTION.caveats(tmp_path)]) + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_without_any_fit_there_is_no_majority_to_put_to_the_test(tmp_path):
    (tmp_path / "summary.json").write_text(json.dumps(summary_json(None)))
    written(tmp_path, EvidenceSummary((UNUSABLE,), outcomes(("b", *[None] * 5), None)))
    text = as_text([*SECTION.answer(tmp_path), *SECTION.body(tmp_path)])
    assert text.startswith("No law could be fitted, so there is no majority to put to the test.")
    assert SECTION.caveats(tmp_path) == []


def test_residuals_that_are_all_zero_have_no_effective_sample_size(tmp_path):
    (tmp_path / "summary.json").write_text(json.dumps(summary_json("power_law")))
    exact = replace(CLEAR, lag_one=0.0, effective_size=math.nan)
    for curves, told in (((replace(CLEAR, curve="b"), exact), "size of a curve 20 to 20. A"), ((exact,), "0 to 0. A")):
        written(tmp_path, replace(SUMMARY, curves=curves))
        assert f"{told} ΔAIC" in " ".join(as_text(SECTION.body(tmp_path)).split())
