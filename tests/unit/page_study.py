"""A small finished study of curves with awkward names, with its page, for the tests of the page."""

import numpy as np
from builders import PAPER_LAWS

from losslaws.analyses.evidence import figure_specification_curve, figure_winner_map
from losslaws.analyses.evidence.compute import evidence_rows
from losslaws.analyses.evidence.multiverse import multiverse_rows
from losslaws.analyses.evidence.tables import EVIDENCE, MULTIVERSE, read_rows, write_rows
from losslaws.analyses.section import reported
from losslaws.analyses.universality import figure_aic, figure_exponents
from losslaws.analyses.universality.compute import metadata, write_results
from losslaws.config.load import load_experiments
from losslaws.core.registry import LAWS
from losslaws.curves.curve import Curve
from losslaws.curves.table import write_curves
from losslaws.fitting.fit_table import fit_curves
from losslaws.fitting.fitted import read_fitted
from losslaws.plotting import fits as figure_curves
from losslaws.plotting.draw import save_figure
from losslaws.storage.csv_tables import write_csv
from losslaws.storage.files import finite, write_json, write_table
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
    paths = [folder / kind / "own.parquet" for kind in ("curves", "fits", "evidence", "multiverse")]
    write_curves(paths[0], curves, {})
    write_table(paths[1], fit_curves(curves, laws, 3), {})
    write_rows(paths[2], evidence_rows(curves, laws, 3, "wide", replicates, holdout=True), EVIDENCE, {})
    write_rows(paths[3], multiverse_rows(curves, laws, 3), MULTIVERSE, {})
    known, multiverse = read_rows([paths[2]]), read_rows([paths[3]])
    write_json(folder / "evidence.json", finite({"curves": known, "multiverse": multiverse}))
    write_json(folder / "imports" / "own.json", {"guesses": ["t: column 'step' (guessed)"], "skipped": {}, "kept": {}})
    write_csv(folder / "tables" / "evidence.csv", known)
    runs = read_fitted([str(paths[0])], [str(paths[1])], laws)
    write_results(folder, metadata("mine", None, experiment.fitting, runs), runs, laws)
    for name, figure in FIGURES.items():
        save_figure(figure.draw, [folder / "figures" / f"{name}.svg"], runs, laws, 3)
    for name, figure in MULTIVERSE_FIGURES.items():
        save_figure(figure.draw, [folder / "figures" / f"{name}.svg"], multiverse, laws, experiment.fitting)
    write_page(folder, experiment, reported(experiment))
    return folder / "report.html"
