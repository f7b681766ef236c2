"""A small finished study of curves with awkward names, with its page, for the tests of the page."""

import numpy as np
from builders import PAPER_LAWS

from losslaws.analyses.evidence import figure_specification_curve, figure_winner_map
from losslaws.analyses.evidence.compute import judge_curves
from losslaws.analyses.evidence.multiverse import multiverse
from losslaws.analyses.evidence.results import EvidenceSummary
from losslaws.analyses.evidence.settings import Settings
from losslaws.analyses.evidence.tables import write_summary
from losslaws.analyses.section import reported
from losslaws.analyses.universality import figure_aic, figure_exponents
from losslaws.analyses.universality.compute import describe, write_results
from losslaws.config.load import load_experiments
from losslaws.core.registry import LAWS
from losslaws.curves.curve import Curve
from losslaws.curves.table import write_curves
from losslaws.fitting.fit_table import fit_curves
from losslaws.fitting.fitted import read_fitted
from losslaws.plotting import fits as figure_curves
from losslaws.plotting.draw import save_figure
from losslaws.storage.files import write_json, write_table
from losslaws.study.page import write_page

NAMES = ("<script>alert('x')</script>", 'a "quoted" & <b>bold</b> name', "кривая-ü-曲线", "x" * 200)
FIGURES = {
    "loss_curves_with_fits": figure_curves,
    "aic_comparison": figure_aic,
    "exponent_distributions": figure_exponents,
}
MULTIVERSE_FIGURES = {"specification_curve": figure_specification_curve, "winner_map": figure_winner_map}


def awkward_curves():
    """Return one noisy curve per name; the last one diverges and has no fit."""
    t = np.arange(1.0, 81.0)
    curves = []
    for number, name in enumerate(NAMES):
        noise = np.random.default_rng(number).standard_normal(t.size)
        loss = 0.1 + np.exp(-((t / 10.0) ** (0.5 + 0.3 * number))) + 0.01 * noise
        curves.append(Curve(name, t, loss, {"task": "</td><i>own", "seed": number}))
    curves[-1].loss[40:] = np.nan
    return curves


def build_page(results, curves, replicates=20):
    """Write a whole study of `curves` into `results`; return the path of its page."""
    entry = {
        "import": [{"name": "own", "files": "own.csv"}],
        "analyses": ["universality", "evidence"],
        "fitting": {"skip": 3},
    }
    experiment = load_experiments({"run": ["mine"], "experiments": {"mine": entry}})["mine"]
    laws = [LAWS.load(name) for name in PAPER_LAWS]
    folder = results / "mine"
    curve_file, fit_file = (folder / kind / "own.parquet" for kind in ("curves", "fits"))
    write_curves(curve_file, curves, {})
    write_table(fit_file, fit_curves(curves, laws, 3), {})
    known = judge_curves(curves, laws, experiment.fitting, Settings(replicates=replicates))
    evidence = EvidenceSummary(tuple(known), tuple(multiverse(curves, laws, 3)))
    tables = (folder / "tables" / f"{name}.csv" for name in ("evidence", "multiverse"))
    write_summary(folder / "evidence.json", *tables, evidence)
    write_json(folder / "imports" / "own.json", {"guesses": ["t: column 'step' (guessed)"], "skipped": {}, "kept": {}})
    runs = read_fitted([curve_file], [fit_file], laws)
    write_results(folder, describe("mine", None, experiment.fitting, runs), runs, laws)
    for name, figure in FIGURES.items():
        save_figure(figure.draw, [folder / "figures" / f"{name}.svg"], runs, laws, 3)
    for name, figure in MULTIVERSE_FIGURES.items():
        save_figure(figure.draw, [folder / "figures" / f"{name}.svg"], evidence.multiverse, laws, experiment.fitting)
    write_page(folder, experiment, reported(experiment))
    return folder / "report.html"
