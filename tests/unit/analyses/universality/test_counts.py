"""Counts over the runs of a study, by hand."""

from dataclasses import replace

import pytest
from builders import law_fit, run_of

from losslaws.analyses.universality import compute, counts
from losslaws.analyses.universality.records import OnBound
from losslaws.core.registry import LAWS

LAWS_USED = [LAWS.load(name) for name in ("power_law", "exponential", "stretched_exp")]


def fits(*aics, **params):
    """Return fits of the three laws with these AICs (None: no fit), best first."""
    made = []
    for law, aic in zip(LAWS_USED, aics, strict=True):
        values = {name: float(position) for position, name in enumerate(law.parameters)}
        values.update({name: value for name, value in params.items() if name in values})
        made.append(law_fit(law.name, aic, params=values) if aic is not None else no_fit(law.name))
    return sorted(made, key=lambda fit: (fit.aic is None, fit.aic or 0.0))


def no_fit(form):
    return law_fit(form, None, status="not_falling", rss=None, r2=None)


@pytest.fixture
def runs():
    return [
        run_of(fits(-100.0, -90.0, -80.0, beta=0.5), task="mod_add", width=8),
        run_of(fits(-50.0, -20.0, -55.0, beta=0.7), task="mod_add", width=16),
        run_of(fits(-10.0, -13.0, None, beta=0.1), task="regression", width=8),
        run_of(fits(None, -13.0, None), task="regression", width=16),
        run_of(fits(None, None, None), task="regression", width=32),
    ]


@pytest.fixture
def wins(runs):
    return counts.count_wins(runs, LAWS_USED)


def test_counts_and_majority(wins):
    assert wins.counts == {"power_law": 1, "exponential": 2, "stretched_exp": 1}
    assert wins.majority == "exponential"
    assert wins.majority_share == pytest.approx(2 / 5)


def test_support(wins, runs):
    # ΔAIC: 10, 5, 3, one fit, none.
    assert wins.support_counts == {"strong": 1, "moderate": 1, "weak": 1, "undetermined": 2}
    assert wins.support_by_task == {
        "mod_add": {"strong": 1, "moderate": 1, "weak": 0, "undetermined": 0},
        "regression": {"strong": 0, "moderate": 0, "weak": 1, "undetermined": 2},
    }
    assert compute.run_support(runs[1]) == {
        "task": "mod_add",
        "hidden_size": 16,
        "best_form": "stretched_exp",
        "second_form": "power_law",
        "delta_aic": 5.0,
        "support_level": "moderate",
    }
    last = compute.run_support(runs[4])
    assert (last["best_form"], last["second_form"], last["delta_aic"]) == (None, None, 0.0)


def test_best_law_of_a_task_has_the_lowest_sum_over_complete_runs(wins):
    # mod_add: −150, −110, −135. No run of regression has every law.
    assert wins.best_by_task == {"mod_add": "power_law", "regression": None}


def test_sums_leave_out_runs_without_every_law(runs):
    incomplete = run_of(fits(None, -1e6, -50.0), task="mod_add", width=32)
    assert counts.best_law([*runs[:2], incomplete], LAWS_USED) == "power_law"


def test_exponents(wins, runs):
    found = compute.universality(wins, runs, LAWS_USED)
    assert found["exponents_by_task"] == {
        "mod_add": {"power_law": [0.5, 0.7], "exponential": [1.0, 1.0], "stretched_exp": [2.0, 2.0]},
        "regression": {"power_law": [0.1], "exponential": [1.0, 1.0], "stretched_exp": []},
    }
    assert found["exponents_by_form"] == {
        "power_law": {"beta": [0.5, 0.7, 0.1]},
        "exponential": {"lambda": [1.0, 1.0, 1.0, 1.0]},
        "stretched_exp": {"tau": [1.0, 1.0], "gamma": [2.0, 2.0]},
    }


def test_bic_changes(wins):
    assert wins.bic_changes == ()
    best, second = fits(-11.0, None, -12.0)[:2]
    close = [replace(best, bic=-5.0), replace(second, bic=-6.0)]
    assert counts.count_wins([run_of(close)], LAWS_USED).bic_changes == ("mod_add_w8_s42",)


def test_nothing_fitted():
    wins = counts.count_wins([run_of([no_fit("power_law")])], LAWS_USED)
    assert (wins.majority, wins.majority_share, wins.majority_interval) == (None, 0.0, None)
    assert set(wins.counts.values()) == {0}
    assert wins.bic_changes == ()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([2.0, 4.0, 9.0], (3, 5.0, pytest.approx(13**0.5), 2.0, 9.0)),
        ([2.0], (1, 2.0, None, 2.0, 2.0)),
        ([], (0, None, None, None, None)),
    ],
)
def test_the_spread_of_an_exponent(values, expected):
    runs = [run_of(fits(-1.0, None, None, beta=value)) for value in values]
    found = counts.exponent_spread(runs, LAWS_USED[0])
    assert (found.law, found.parameter) == ("power_law", "beta")
    assert (found.n, found.mean, found.std, found.min, found.max) == expected


def test_winners_are_counted_per_task_and_width(runs):
    again = run_of(fits(None, -13.0, None), task="mod_add", width=8)
    cells = {(cell.task, cell.width): cell.counts for cell in counts.cell_wins([*runs, again, again])}
    assert cells["mod_add", 8] == (("exponential", 2), ("power_law", 1))
    assert cells["regression", 32] == ((None, 1),)


def test_fits_on_a_bound_and_statuses_are_counted(runs):
    bounded = [law_fit("power_law", -9.0, at_bound=["beta"]), law_fit("exponential", -5.0, at_bound=["lambda"])]
    limit = [law_fit("power_law", -9.0, status="limit", at_bound=["beta"]), no_fit("exponential")]
    every = [*runs, run_of(bounded), run_of(limit)]
    assert counts.on_bound(every) == OnBound({"power_law": 1, "exponential": 1}, winners=2)
    statuses = counts.statuses(every)
    assert statuses["power_law"] == {"ok": 4, "limit": 1, "not_falling": 2}
    assert sum(statuses["stretched_exp"].values()) == len(runs)
