"""Simulated curves, and how often criteria are right about them."""

import numpy as np
import pytest
from losslaws.figures import calibration as figure

from losslaws.analyses.calibration.compute import calibration_rows, judgements, summed
from losslaws.analyses.evidence.compute import evidence_rows
from losslaws.config.sources import Simulation
from losslaws.core.registry import LAWS
from losslaws.curves.table import read_curves, write_curves
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


def evidence(**keys):
    """Return a row of the evidence table with two laws."""
    row = {"laws": ["exponential", "power_law"], "aic": [-50.0, -10.0], "aic_ar1": [-5.0, -4.0]}
    return row | {"verdict": "cannot tell", "verdict_laws": ["exponential", "power_law"]} | keys


def test_what_each_criterion_says_of_a_curve(curves):
    laws = [EXPONENTIAL, LAWS.load("power_law")]
    found = judgements(curves[0], evidence(), laws)
    assert {name: (judged.named, judged.certain) for name, judged in found.items()} == {
        "AIC": (True, True),
        "BIC": (True, True),
        "AIC AR(1)": (True, False),
        "verdict": (True, False),
    }
    wrong = judgements(curves[0], evidence(aic=[0.0, -11.0], verdict="one law", verdict_laws=["power_law"]), laws)
    assert [(wrong[name].named, wrong[name].certain) for name in ("AIC", "verdict")] == [(False, True)] * 2
    none = judgements(curves[0], evidence(aic=[None, None], verdict="no fit", verdict_laws=[]), laws)
    assert not any((none[name].named, none[name].certain) != (False, False) for name in ("AIC", "BIC", "verdict"))


def test_rows_count_each_curve_once_and_add_up(curves):
    laws = [EXPONENTIAL, LAWS.load("power_law")]
    rows = evidence_rows(curves, laws, 0, "paper", 0, holdout=False)
    counted = calibration_rows(curves, {row["curve"]: row for row in rows}, laws)
    assert len(counted) == 2 * 4
    assert all(row["curves"] == 2 for row in counted)
    assert all(row["alone"] <= row["named"] and row["named"] + row["falsely"] <= row["curves"] for row in counted)
    (total,) = (row for row in summed(counted, ["criterion"]) if row["criterion"] == "verdict")
    assert (total["curves"], total["named"], total["falsely"]) == (4, 4, 0)
    assert len(figure.draw(counted).axes) == 3
