"""Simulated curves, and how often criteria are right about them."""

import numpy as np
import pytest

from losslaws.analyses.calibration import figure
from losslaws.analyses.calibration.check import check
from losslaws.analyses.calibration.compute import CRITERIA, Counts, calibrate, judgements, summed
from losslaws.analyses.calibration.section import SECTION
from losslaws.analyses.evidence.compute import judge_curves
from losslaws.analyses.evidence.results import CurveEvidence
from losslaws.analyses.evidence.settings import Settings
from losslaws.config.experiment import Experiment
from losslaws.config.fitting import Fitting
from losslaws.config.sources import Grid, Simulation
from losslaws.core.registry import LAWS
from losslaws.curves.table import read_curves, write_curves
from losslaws.report.blocks import as_text
from losslaws.storage.records import write_record
from losslaws.theory.from_laws import simulate

EXPONENTIAL = LAWS.load("exponential")


@pytest.fixture(scope="module")
def curves():
    return simulate(EXPONENTIAL, 200, Simulation(rho=(0.0, 0.9), signal_to_noise=(100.0,), curves=2, seed=1))


def test_simulated_curves_know_their_truth_also_from_a_file(curves, tmp_path):
    assert len({curve.name for curve in curves}) == 4
    write_curves(tmp_path / "curves.parquet", curves, {})
    again = read_curves(tmp_path / "curves.parquet")
    assert [dict(curve.attributes) for curve in again] == [dict(curve.attributes) for curve in curves]
    assert {curve.attributes["noise_rho"] for curve in again} == {0.0, 0.9}


def test_other_cells_do_not_change_a_cells_curves(curves):
    alone = simulate(EXPONENTIAL, 200, Simulation(rho=(0.0,), signal_to_noise=(100.0, 7.0), curves=2, seed=1))
    assert np.array_equal(alone[0].loss, curves[0].loss)
    other = simulate(EXPONENTIAL, 200, Simulation(rho=(0.0,), signal_to_noise=(100.0,), curves=2, seed=2))
    assert not np.array_equal(alone[0].loss, other[0].loss)


def evidence(aic=(-50.0, -10.0), verdict="cannot tell", verdict_laws=("exponential", "power_law")):
    """Return the evidence on a curve, of two laws."""
    return CurveEvidence(
        *("a", None, None, None, None, None),
        laws=("exponential", "power_law"),
        aic=aic,
        aic_weight=None,
        aic_ar1=(-5.0, -4.0),
        aic_ar1_weight=None,
        rho=None,
        verdict=verdict,
        verdict_laws=verdict_laws,
        reason="",
    )


def test_what_each_criterion_says_of_a_curve(curves):
    laws = [EXPONENTIAL, LAWS.load("power_law")]
    found = judgements(curves[0], evidence(), laws)
    assert {name: (judged.named, judged.certain) for name, judged in found.items()} == {
        "AIC": (True, True),
        "BIC": (True, True),
        "AIC AR(1)": (True, False),
        "verdict": (True, False),
    }
    wrong = judgements(curves[0], evidence((0.0, -11.0), "one law", ("power_law",)), laws)
    assert [(wrong[name].named, wrong[name].certain) for name in ("AIC", "verdict")] == [(False, True)] * 2
    for nothing in (None, (None, None)):
        none = judgements(curves[0], evidence(nothing, "no fit", ()), laws)
        assert not any(none[name].named or none[name].certain for name in ("AIC", "BIC", "verdict"))


def test_rows_count_each_curve_once_and_add_up(curves):
    laws = [EXPONENTIAL, LAWS.load("power_law")]
    found = judge_curves(curves, laws, Fitting(skip=0), Settings(replicates=0, holdout=False))
    counted = calibrate(curves, {entry.curve: entry for entry in found}, laws)
    assert len(counted) == 2 * 4
    assert all(row.curves == 2 for row in counted)
    assert all(row.alone <= row.named and row.named + row.falsely <= row.curves for row in counted)
    (total,) = (row for row in summed(counted) if row.criterion == "verdict")
    assert (total.curves, total.named, total.falsely) == (4, 4, 0)
    assert (total.law, total.n, total.rho, total.signal_to_noise) == (None, None, None, None)
    assert len(figure.draw(counted).axes) == 3


def test_the_section_gives_each_criterions_rates_by_cell(tmp_path):
    rows = [
        Counts(law, 500, rho, 30.0, criterion, curves=10, named=8, alone=6, falsely=1 if rho else 0)
        for law in ("power_law", "exponential")
        for rho in (0.0, 0.9)
        for criterion in CRITERIA
    ]
    write_record(tmp_path / "calibration.json", rows)
    text = as_text([*SECTION.answer(tmp_path), *SECTION.body(tmp_path)])
    assert "Over 40 simulated curves, AIC with independent errors is certain of a wrong law in 5%" in text
    assert "at the strongest correlation, 0.9, in 10%" in text
    lines = [line.split() for line in text.splitlines() if line.split()[:1] == ["500"]]
    assert [line[2:5] for line in lines] == [["0", "20", "80.0%"], ["0.9", "20", "80.0%"],
                                             ["0", "20", "0.0%"], ["0.9", "20", "10.0%"],
                                             ["0", "20", "60.0%"], ["0.9", "20", "60.0%"]]  # fmt: skip


def test_only_curves_of_known_laws_can_be_calibrated_on():
    def sentences(source):
        return list(check(Experiment("tiny", source, Fitting(), ("calibration",), {})))

    assert sentences(Simulation(laws=("power_law",), lengths=(500,), curves=2)) == []
    (sentence,) = sentences(Grid(tasks=("mod_add",), widths=(8,)))
    assert sentence.startswith("analyses: calibration needs curves of known laws")
