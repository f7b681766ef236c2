"""What the report says of universality."""

import re

from builders import law_fit, line_of, run_of
from msgspec import to_builtins

from losslaws.analyses.universality import compute, section
from losslaws.config.fitting import Fitting
from losslaws.core.registry import LAWS
from losslaws.report.blocks import as_text
from losslaws.storage.files import write_json

LAWS_USED = [LAWS.load(name) for name in ("power_law", "exponential")]
SHAPES = {"power_law": {"a": 1.0, "beta": 0.5, "L_inf": 0.0}, "exponential": {"a": 1.0, "lambda": 0.25, "L_inf": 0.0}}


def fits(power_law, exponential, **keys):
    """Return the fits of two laws with these AICs, best first; None for no fit."""
    made = [
        law_fit("power_law", power_law, params=SHAPES["power_law"], **keys)
        if power_law is not None
        else law_fit("power_law", None, status="not_falling", rss=None, r2=None),
        law_fit("exponential", exponential, params=SHAPES["exponential"]),
    ]
    return sorted(made, key=lambda fit: (fit.aic is None, fit.aic or 0.0))


def summary_of(runs):
    return compute.summary(compute.describe("tiny", None, Fitting(), runs), runs, LAWS_USED)


def section_text(folder, runs):
    """Write what the section reads, and return it as text."""
    write_json(folder / "summary.json", to_builtins(summary_of(runs)))
    return as_text(section.body(folder))


RUNS = [
    run_of(fits(-100.0, -80.0, at_bound=["beta"]), width=8),
    run_of(fits(-50.0, -55.0), width=16),
    run_of(fits(None, -13.0), task="regression", width=8),
]


def test_the_verdict_names_the_majority_and_ties():
    assert section.majority(summary_of(RUNS)) == (
        "exponential, L(t) = a·exp(−λt) + L∞, fits best in 2 of 3 runs by AIC (67%, 95% interval 21–94%)."
    )
    tie = section.majority(summary_of(RUNS[:2]))
    assert tie.endswith("fits best in 1 of 2 runs by AIC (50%, 95% interval 9–91%), as often as exponential.")
    nothing = run_of([law_fit("power_law", None, status="constant")])
    assert section.majority(summary_of([nothing])) == "No law could be fitted to any of the 1 runs."


def test_the_winners_are_a_table_of_tasks_by_widths():
    text = as_text([section.winners(summary_of(RUNS))])
    assert text.splitlines()[0].split() == ["task", "width", "8", "width", "16"]
    assert line_of(text, "mod_add") == ["mod_add", "power_law", "exponential"]
    assert line_of(text, "regression") == ["regression", "exponential"]


def test_several_seeds_are_counted():
    runs = [run_of(fits(-1.0, aic), seed=seed) for seed, aic in enumerate((-2.0, 0.0, -3.0))]
    assert line_of(as_text([section.winners(summary_of(runs))]), "mod_add") == [
        "mod_add",
        "exponential",
        "2,",
        "power_law",
        "1",
    ]


def test_the_section_on_universality(tmp_path):
    text = section_text(tmp_path, RUNS)
    assert line_of(text, "power_law", "1") == ["power_law", "1"]
    assert line_of(text, "exponential", "2") == ["exponential", "2"]
    assert line_of(text, "mod_add", "power_law") == ["mod_add", "power_law"]
    assert line_of(text, "regression", "none") == ["regression", "none"]
    assert line_of(text, "all") == ["all", "1", "1", "0", "1"]
    assert "BIC selects the same law as AIC in all of 3 runs." in text
    assert line_of(text, "mod_add", "8") == (
        ["mod_add", "8", "42", "800", "1", "power_law", "-100.0", "-95.0", "20.0", "strong", "beta*"]
    )
    assert line_of(text, "mod_add", "16")[-1] == "moderate"
    assert line_of(text, "regression", "8")[-1] == "undetermined"
    assert line_of(text, "power_law", "beta") == ["power_law", "beta", "2", "0.5", "0", "0.5", "0.5"]
    assert line_of(text, "regression_w8_s42", "power_law")[2:4] == ["no", "fit:"]


def test_the_section_on_more_runs_than_are_listed(tmp_path, monkeypatch):
    monkeypatch.setattr(compute, "MAX_LISTED", 2)
    every = [run_of(fits(-100.0, -80.0), seed=seed) for seed in range(3)] + [run_of(fits(None, -13.0), seed=3)]
    text = section_text(tmp_path, every)
    assert line_of(text, "power_law", "3") == ["power_law", "3"]
    assert line_of(text, "all") == ["all", "3", "0", "0", "1"]
    assert re.findall(r"^mod_add +8 +(\d) ", text, re.MULTILINE) == ["0", "1"]
    assert text.count("2 more rows are in the files under tables/.") == 1
    assert text.count("1 more row is in the files under tables/.") == 1


def test_a_winner_that_bic_changes_is_named(tmp_path):
    first, second = fits(-100.0, -99.0)
    changed = run_of([first, law_fit("exponential", second.aic, params=second.params, bic=first.bic - 1)], width=32)
    text = " ".join(section_text(tmp_path, [*RUNS, changed]).split())
    assert "BIC selects another law than AIC in 1 of 4 runs: mod_add_w32_s42." in text
