"""Collapse: exact on the curves that explain it, the published ladder, findings, figure, report, mistakes."""

from dataclasses import replace

import numpy as np
import pytest
from published_runs import DATA, ladder_curves
from theory_ladder import MU, NU, SIZES, theory

from losslaws.analyses.collapse import figure
from losslaws.analyses.collapse.compute import compare, compare_ladders, compare_sizes
from losslaws.analyses.collapse.frontier import compute_frontier
from losslaws.analyses.collapse.ladder import ladder_compute_law, ladder_of
from losslaws.analyses.collapse.normalised import deviations, noise_floor, normalise, supercollapse, trend
from losslaws.analyses.collapse.results import (
    Comparison,
    ComputeLaw,
    Deviation,
    DrawnRung,
    Frontier,
    FrontierPoint,
    HorizonLaw,
    LadderFindings,
    NoiseFindings,
    PredictedRun,
    Supercollapse,
    Trend,
)
from losslaws.analyses.collapse.scaling import fit_compute_law, fit_horizon_law
from losslaws.analyses.collapse.section import SECTION
from losslaws.analyses.collapse.settings import Settings
from losslaws.analyses.work import Work
from losslaws.config.fitting import Fitting
from losslaws.core.errors import LosslawsError
from losslaws.curves.curve import Curve
from losslaws.curves.table import write_curves
from losslaws.plotting.draw import make_figure
from losslaws.report.blocks import as_text
from losslaws.storage.records import read_record, write_record


def test_curves_collapse_exactly_at_the_optimal_horizon_and_not_beside_it():
    spread = {}
    for factor in (0.9, 1.0, 1.1):
        ladder = ladder_of(theory(factor))
        law = ladder_compute_law(ladder)
        spread[factor] = normalise(ladder, law.irreducible).spread
        if factor == 1.0:
            assert law.irreducible == pytest.approx(3.0, abs=1e-10)
            assert law.exponent == pytest.approx(NU / (1 + NU / MU), rel=1e-8)
    assert spread[1.0].max() < 1e-9
    assert min(spread[0.9].max(), spread[1.1].max()) > 1e-2
    assert spread[1.0][-1] == 0.0


def test_noise_between_seeds_is_measured():
    ladder = ladder_of(theory(seeds=40, noise=0.02))
    floor = noise_floor(ladder, 3.0)
    x = normalise(ladder, 3.0).x
    expected = 0.02 * (1 - 0.95 * x)
    assert np.median(floor.mean(axis=0) / expected) == pytest.approx(1.0, abs=0.05)


def test_supercollapse_starts_where_the_spread_falls_below_the_noise():
    collapsed = normalise(ladder_of(theory(1.1)), 3.0)
    floor = np.full((len(SIZES), collapsed.x.size), np.median(collapsed.spread))
    found = supercollapse(collapsed, floor)
    assert found.share == pytest.approx(0.5, abs=0.01)
    assert found.start == pytest.approx(1 - found.share, abs=0.01)
    nowhere = supercollapse(collapsed, np.zeros_like(floor))
    assert (nowhere.share, nowhere.start) == (0.0, None)


def test_the_width_and_the_run_that_are_outliers_are_named():
    curves = theory(seeds=2, noise=0.005)
    wrong = [
        replace(c, loss=c.loss + 0.3 * (c.loss - 3) * (1 - c.t / c.t[-1])) if "p100000_" in c.name else c
        for c in curves
    ]
    ladder = ladder_of(wrong)
    collapsed = normalise(ladder, 3.0)
    floor = noise_floor(ladder, 3.0).mean()
    rows = deviations(collapsed, [ladder[index].label for index in collapsed.rung], floor)
    assert [row.summary.name for row in rows if row.summary.outlier] == ["100000"]
    assert next(row.summary for row in rows if row.summary.outlier).mean > 0.05
    single = [replace(c, loss=wrong[n].loss) if c.name == "p100000_s1" else c for n, c in enumerate(curves)]
    ladder = ladder_of(single)
    rows = deviations(normalise(ladder, 3.0), [name for rung in ladder for name in rung.names], floor)
    assert [row.summary.name for row in rows if row.summary.outlier] == ["p100000_s1"]
    clean = ladder_of(curves)
    rows = deviations(normalise(clean, 3.0), [name for rung in clean for name in rung.names], floor)
    assert not any(row.summary.outlier for row in rows)


def slope(factor):
    ladder = ladder_of(theory(factor, seeds=3, noise=0.01))
    collapsed = normalise(ladder, 3.0)
    widths = deviations(collapsed, [ladder[index].label for index in collapsed.rung])
    return trend([rung.size for rung in ladder], widths)


def test_deviations_go_with_size_where_horizons_are_scaled_wrongly():
    short, right, long = slope(0.7), slope(1.0), slope(1.3)
    assert short.slope > 0.001
    assert long.slope < -0.001
    assert max(short.p_value, long.p_value) < 0.01
    assert right.p_value > 0.05
    assert abs(right.slope) < 3 * right.error < short.slope


def test_sizes_that_deviate_alike_have_no_trend():
    t = np.arange(1, 101.0)
    curves = [Curve(f"p{p}_{s}", t, (2 + s + 3 / t) * p**-0.1, {"n_params": p}) for p in SIZES for s in (0, 1)]
    found = compare_sizes(curves, 0.0).trend
    assert found.slope == pytest.approx(0, abs=1e-12)
    assert found.p_value == 1.0 or found.p_value > 0.05


# --- mistakes ---


def test_mistakes_are_one_sentence():
    curves = theory(seeds=2)
    first = curves[0]
    without_end = replace(first, t=first.t[:-50], loss=first.loss[:-50])
    other_grid = replace(first, t=np.append(first.t[:1] / 2, first.t[1:]))
    cases = [
        (curves[:2], "all 2 curves have 10000 parameters"),
        ([replace(first, attributes={}), *curves[1:]], "'p10000_s0' has no n_params"),
        ([without_end, *curves[1:]], "'p10000_s0' stops at t = "),
        ([other_grid, *curves[1:]], "'p10000_s0' and 'p10000_s1' of width 10000 were not recorded at the same t"),
        ([replace(first, loss=np.append(first.loss[:-1], np.nan)), *curves[1:]], "'p10000_s0' has the loss nan"),
    ]
    for wrong, message in cases:
        with pytest.raises(LosslawsError, match=message) as raised:
            ladder_of(wrong)
        assert "\n" not in str(raised.value)


def test_what_needs_more_says_so():
    one_seed = ladder_of(theory(seeds=2)[1:])
    with pytest.raises(LosslawsError, match=r"width 10000 has one seed \('p10000_s1'\)"):
        noise_floor(one_seed, 3.0)
    with pytest.raises(LosslawsError, match="2 sizes cannot fix the three parameters"):
        ladder_compute_law(one_seed[:2])
    with pytest.raises(LosslawsError, match="a frontier needs four sizes, and there are 2"):
        compute_frontier(one_seed[:2])
    with pytest.raises(LosslawsError, match="not above the irreducible loss 4"):
        normalise(one_seed, 4.0)
    with pytest.raises(LosslawsError, match="does not fall with compute"):
        fit_compute_law(np.array([1.0, 2.0, 3.0]), np.array([3.0, 3.1, 3.2]))
    with pytest.raises(LosslawsError, match="one size cannot fix how horizons grow"):
        fit_horizon_law(np.array([10.0, 10.0]), np.array([1.0, 2.0]))
    with pytest.raises(LosslawsError, match="all sizes have the same horizon"):
        fit_horizon_law(np.array([10.0, 20.0]), np.array([5.0, 5.0]))


# --- the published ladder ---


@pytest.fixture(scope="module")
def published():
    if not (DATA / "compute_ladder").is_dir():
        pytest.skip(f"there is no folder of published curves at {DATA}")
    return ladder_of(ladder_curves())


def test_published_ladder_supercollapses(published):
    law = ladder_compute_law(published)
    collapsed = normalise(published, law.irreducible)
    floor = noise_floor(published, law.irreducible)
    found = supercollapse(collapsed, floor)
    assert collapsed.at(0.75) == pytest.approx(0.0024, abs=0.0002)
    assert np.interp(0.75, collapsed.x, floor.mean(axis=0)) == pytest.approx(0.0091, abs=0.0005)
    assert found.share == pytest.approx(0.9, abs=0.04)
    assert found.start < 0.25
    widths = deviations(collapsed, [published[index].label for index in collapsed.rung])
    assert trend([rung.size for rung in published], widths).p_value > 0.05


# --- findings, figure and report ---


def test_findings_are_what_their_file_says(tmp_path):
    write_curves(tmp_path / "sizes.parquet", theory(seeds=2, noise=0.005), {})
    compare(
        Work(
            "mine",
            {"curves": (tmp_path / "sizes.parquet",)},
            {"found": (tmp_path / "collapse.json",)},
            Settings(),
            Fitting(),
            None,
        )
    )
    (found,) = read_record(tmp_path / "collapse.json", tuple[LadderFindings, ...])
    assert (found.ladder, found.left_out, found.noise_model, found.no_noise_model) == ("all curves", 0, None, None)
    assert found.comparison.horizons.exponent == pytest.approx(NU / MU)
    assert found.comparison.spread_at < 0.02
    assert [rung.n_params for rung in found.comparison.rungs] == SIZES


@pytest.mark.slow
def test_two_sizes_do_with_a_known_irreducible_loss():
    found = compare_sizes(theory(seeds=2, noise=0.005)[:4], 3.0)
    assert (found.irreducible, found.compute_law, found.trend, found.horizons.error) == (3.0, None, None, None)
    assert len(found.rungs) == 2
    ladders = [LadderFindings(f"ladder {n}", 0, found, None, None, None) for n in range(5)]
    assert len(make_figure(figure.draw, ladders).subfigs) == figure.MAX_LADDERS


def test_equal_horizons_have_no_power_of_size():
    t = np.arange(1, 201.0)
    curves = [
        Curve(f"p{p}_{seed}", t, 3 + t**-MU * (1 + 0.001 * seed) + float(p) ** -NU, {"n_params": p})
        for p in SIZES
        for seed in (0, 1)
    ]
    assert compare_sizes(curves, 3.0).horizons == HorizonLaw(0.0, None, None)


def test_each_task_is_a_ladder_and_its_outliers_are_found():
    curves = [replace(c, attributes={**c.attributes, "task": "mine"}) for c in theory(seeds=2, noise=0.005)]
    tested = [replace(c, name=f"{c.name}_test", attributes={**c.attributes, "split": "test"}) for c in curves]
    wrong = replace(curves[4], loss=curves[4].loss + 0.5 * (curves[4].loss - 3) * (1 - curves[4].t / curves[4].t[-1]))
    (found,) = compare_ladders([*curves[:4], wrong, *curves[5:], *tested], Settings())
    assert (found.ladder, found.left_out) == ("mine", 10)
    assert [run.name for run in found.comparison.runs if run.outlier] == ["p100000_s0"]


def test_which_losses_are_compared_and_the_irreducible_loss_can_be_set():
    trained = [replace(c, attributes={**c.attributes, "split": "train"}) for c in theory(seeds=2, noise=0.005)]
    tested = [replace(c, name=f"{c.name}_test", attributes={**c.attributes, "split": "test"}) for c in trained]
    (found,) = compare_ladders([*trained, *tested], Settings(irreducible=2.9, split="test"))
    assert (found.comparison.irreducible, found.left_out) == (2.9, len(trained))
    assert all(run.name.endswith("_test") for run in found.comparison.runs)
    with pytest.raises(
        LosslawsError, match=r"collapse\.split is test, and none of the 10 curves of all curves has that"
    ):
        compare_ladders(trained, Settings(split="test"))


REPORT = """\
digits: at 0.75 of the horizon, normalised curves of all sizes differ by 0.20%, seeds of one size by 0.90%.
Sizes differ by less than seeds over 87% of the run, from x = 0.20 on. Width 16 is an outlier. Deviations
correlate with model size (+1.00% ± 0.20% per doubling of the parameters, p = 0.003), a sign of mis-scaled
horizons, learning rates or L0. The compute-optimal horizon scales as N^γ with γ = 0.701 ± 0.02: t = (N/0.5)^γ
for N parameters.

parity: at 0.75 of the horizon, normalised curves of all sizes differ by 0.20%, seeds of one size by 0.90%.
Sizes differ by less than seeds over 10% of the run, but not just before the end. Widths 8, 16 are outliers.
Deviations show no trend with model size (+0.10% ± 0.20% per doubling of the parameters, p = 0.6). There are
no compute-optimal horizons, because there are 2 sizes. There is no noise model, because there is no run to
compare.

schedules: sizes are not compared, because all 3 curves have 100 parameters. The noise model, with α = 0.21 ±
0.001, explains 99.3% of the difference to runs at a constant rate (n = 1).

Final losses and horizons.

ladder  L0  exponent of compute  exponent of horizon
------  --  -------------------  -------------------
digits   2                0.197                  0.7
parity   2                0.197                  0.7

Deviation of each width from the mean normalised curve of the others, over the last four fifths.

ladder  width  mean     RMS
------  -----  -------  ------  -------
digits      8  +0.10%   0.20%
digits     16  +10.00%  12.00%  outlier
parity      8  +0.10%   0.20%   outlier
parity     16  +10.00%  12.00%  outlier

Runs that are outliers:

ladder  curve   mean     RMS
------  ------  -------  ------
digits  w16_s1  +20.00%  24.00%

4 curves of the other split are excluded.

The range of t over which each size is the best choice for its compute, and its geometric mean.

ladder  width  parameters   t  from  to
------  -----  ----------  --  ----  --
digits      8         100  20    10  40

The noise model: runs predicted from a reference at a constant rate at equal Σ lr. Alpha of each run alone,
the difference to the reference, and the error of the prediction with the common alpha.

run     reference  alpha  RMS difference  RMS error
------  ---------  -----  --------------  ---------
cosine  constant     0.2            0.05      0.004

Runs with a noise trace and no reference at a constant rate: short."""


def told(tmp_path):
    """The answer and the section on two ladders, in numbers made up here."""
    rung = DrawnRung("8", 100, 2, 50.0, (100.0,), (2.5,), (1.0,), (0.01,), (0.0,))
    compared = Comparison(
        irreducible=2.0,
        compute_law=ComputeLaw(2.0, 0.5, 0.1967, 1e6),
        horizons=HorizonLaw(0.7, 10.0, 0.02),
        frontier=Frontier((FrontierPoint("8", 100, 20.0, 10.0, 40.0),), 0.7012, 0.5, 0.02),
        no_frontier=None,
        at=0.75,
        spread_at=0.002,
        floor_at=0.009,
        supercollapse=Supercollapse(0.87, 0.2),
        trend=Trend(0.01, 0.002, 0.003),
        widths=(Deviation("8", 0.001, 0.002, False), Deviation("16", 0.1, 0.12, True)),
        runs=(Deviation("w16_s1", 0.2, 0.24, True),),
        x=(1.0,),
        spread=(0.0,),
        floor=(0.01,),
        rungs=(rung,),
    )
    run = PredictedRun("cosine", "constant", 0.2, 0.05, 0.004, (1.0,), (2.5,), (2.5,), (2.6,))
    noise = NoiseFindings(0.21, 0.001, 0.25, 0.993, (run,), ("short",))
    steady = replace(
        compared,
        frontier=None,
        no_frontier="there are 2 sizes",
        supercollapse=Supercollapse(0.1, None),
        trend=Trend(0.001, 0.002, 0.6),
        widths=tuple(replace(width, outlier=True) for width in compared.widths),
        runs=(),
    )
    ladders = [
        LadderFindings("digits", 4, compared, None, None, None),
        LadderFindings("parity", 0, steady, None, None, "there is no run to compare"),
        LadderFindings("schedules", 0, None, "all 3 curves have 100 parameters", noise, None),
    ]
    write_record(tmp_path / "collapse.json", ladders)
    return as_text([*SECTION.answer(tmp_path), *SECTION.body(tmp_path)])


def test_the_report(tmp_path):
    assert told(tmp_path) == REPORT
