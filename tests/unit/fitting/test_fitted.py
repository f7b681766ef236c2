"""Curves with their fits, from the fitter and from the fit table."""

import numpy as np
import pytest
from builders import PAPER_BOUNDS, law_fit, run_of

from losslaws.core.errors import LosslawsError
from losslaws.core.registry import LAWS
from losslaws.curves.curve import Curve
from losslaws.curves.table import write_curves
from losslaws.fitting.fit_table import fit_curves, fit_each
from losslaws.fitting.fitted import join_fits, read_fitted
from losslaws.storage.files import write_table

T = np.arange(1.0, 61.0)


def curve(name, rate=0.1, **attributes):
    return Curve(name, T, 0.1 + np.exp(-rate * T) + 0.01 * np.cos(7 * T), attributes)


def test_a_run_has_the_values_of_the_fit_table(laws):
    curves = [curve("one", task="mod_add", width=8, seed=42), curve("two", 0.05)]
    table = fit_curves(curves, laws, 10)
    runs = join_fits(curves, table, laws)
    assert [run.curve.name for run in runs] == ["one", "two"]
    rows = iter(table.to_pylist())
    for run in runs:
        assert run.support.best == run.fits[0].name
        assert run.support.delta_aic == pytest.approx(run.fits[1].aic - run.fits[0].aic)
        for fit in run.fits:
            row = next(rows)
            assert (fit.name, fit.status, fit.n, fit.k) == (row["law"], row["status"], 50, row["k"])
            assert (fit.rss, fit.r2, fit.aic, fit.bic) == (row["rss"], row["r2"], row["aic"], row["bic"])
            if fit.status == "ok":
                assert fit.params == {name: row[name] for name in fit.params}
                expected = {name: row[f"{name}_error"] for name in fit.params}
                assert fit.errors == {name: error for name, error in expected.items() if error and np.isfinite(error)}


def test_task_and_width(laws):
    trained, tested, imported = (
        join_fits([it], fit_curves([it], laws, 10), laws)[0]
        for it in (
            curve("one", task="mod_add", width=8, split="train"),
            curve("one_test", task="mod_add", width=8, split="test"),
            curve("log.csv"),
        )
    )
    assert (tested.task, tested.width) == ("mod_add (test)", 8)
    assert (trained.task, trained.width) == ("mod_add", 8)
    assert (imported.task, imported.width) == ("log.csv", None)


def test_an_optimum_at_infinity_has_a_finite_point_in_the_bounds(laws):
    straight = Curve("line", T, 3.0 - 0.01 * T - 1e-5 * T**2 + 0.001 * np.cos(7 * T))
    (run,) = join_fits([straight], fit_curves([straight], laws, 10), laws)
    limits = [fit for fit in run.fits if fit.status == "limit"]
    assert {fit.name for fit in limits} >= {"exponential", "power_law", "log_power"}
    for fit in limits:
        assert fit.converged
        assert all(np.isfinite(list(fit.params.values())))
        for shape, (low, high) in PAPER_BOUNDS[fit.name].items():
            assert low <= fit.params[shape] <= high
        residuals = straight.loss[10:] - fit(T[10:])
        assert residuals @ residuals == pytest.approx(fit.rss, rel=1e-4)
        assert fit.errors == {}
        assert fit.optimum == {fit.law.exponent: 0.0}


def test_best_by_another_criterion():
    run = run_of([law_fit("power_law", 1.0, bic=9.0, aicc=2.0), law_fit("exponential", 2.0, bic=3.0, aicc=2.5)])
    assert (run.best_by("aic"), run.best_by("bic"), run.best_by("aicc")) == ("power_law", "exponential", "power_law")
    assert run_of([law_fit("power_law", None, status="constant")]).best_by("aic") is None


def test_the_table_holds_what_the_fitter_found(laws):
    """Fits, limits, bounds, flat directions, and curves without a fit."""
    straight = Curve("line", T, 3.0 - 0.01 * T - 1e-5 * T**2 + 0.001 * np.cos(7 * T))
    sudden = Curve("sudden", T, np.exp(-2.0 * T) + 0.1)
    exact = Curve("exact", T, 0.1 + np.exp(-0.02 * T))
    diverged = Curve("diverged", T, np.where(T > 30, np.nan, 1 / T))
    curves = [curve("one", task="mod_add", width=8), straight, sudden, exact, diverged]
    laws = [*laws, LAWS.load("double_exponential"), LAWS.load("shifted_power_law")]
    fitted = fit_each(curves, laws, 0)
    kinds = {fit.status for run in fitted for fit in run.fits}
    assert {"ok", "limit", "not_finite"} <= kinds
    assert any(fit.flat for run in fitted for fit in run.fits)
    assert any(fit.at_bound and fit.status == "ok" for run in fitted for fit in run.fits)
    assert join_fits(curves, fit_curves(curves, laws, 0), laws) == fitted


def test_a_fit_is_a_function_of_t():
    fit = law_fit("power_law", -1.0, params={"a": 2.0, "beta": 1.0, "L_inf": 0.5})
    assert fit([1.0, 4.0]).tolist() == [2.5, 1.0]
    with pytest.raises(LosslawsError, match=r"power_law has no fit: the loss never changes"):
        law_fit("power_law", None, status="constant")(T)


def test_a_curve_without_fits_is_named(laws):
    one, two = curve("one"), curve("two")
    with pytest.raises(LosslawsError, match="curve 'two' has no fits: delete its file under fits/"):
        join_fits([one, two], fit_curves([one], laws, 10), laws)


def test_runs_are_read_in_the_order_of_the_files(tmp_path, laws):
    files = []
    for name in ("b", "a"):
        write_curves(tmp_path / f"{name}.curves", [curve(f"{name}1"), curve(f"{name}2")], {})
        write_table(tmp_path / f"{name}.fits", fit_curves([curve(f"{name}1"), curve(f"{name}2")], laws, 10), {})
        files.append((tmp_path / f"{name}.curves", tmp_path / f"{name}.fits"))
    runs = read_fitted(*map(list, zip(*files, strict=True)), laws)
    assert [run.curve.name for run in runs] == ["b1", "b2", "a1", "a2"]
