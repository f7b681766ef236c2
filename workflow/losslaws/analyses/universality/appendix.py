"""The parts of the page that show every run: the table of runs, and each curve with its laws and a chart."""

from pathlib import Path

from losslaws.analyses.evidence.results import read_evidence
from losslaws.analyses.section import Appendix, PagePart
from losslaws.analyses.universality.curve_details import MOST_CURVES, details
from losslaws.analyses.universality.overview import colours
from losslaws.analyses.universality.runs_table import COLUMNS, run_rows
from losslaws.config.experiment import Experiment
from losslaws.core.registry import LAWS
from losslaws.fitting.fitted import read_fitted
from losslaws.report.html import render
from losslaws.storage.files import read_json


def appendix(folder: Path, experiment: Experiment) -> Appendix:
    """Return the table of the first runs, and a part with the first curves."""
    summary = read_json(folder / "summary.json")
    found = read_evidence(folder)
    evidence = {row.curve: row for row in found.curves} if found else {}
    laws = [LAWS.load(name) for name in experiment.fitting.laws]
    curve_files = [folder.parent / experiment.curve_table(group) for group in experiment.groups]
    fit_files = [folder / "fits" / f"{group}.parquet" for group in experiment.groups]
    runs = read_fitted(curve_files, fit_files, laws, most=MOST_CURVES)
    shown = details(runs, laws, experiment.fitting.skip, evidence)
    anchors = {entry["name"]: f"curve-{number}" for number, entry in enumerate(shown)}
    rows = run_rows(summary["runs_summary"][:MOST_CURVES], evidence)
    table = render("universality/runs.html.j2", columns=COLUMNS, rows=rows, anchors=anchors)
    left_out = summary["metadata"]["n_curves"] - len(shown)
    curves = render("universality/curves.html.j2", curves=shown, anchors=anchors, left_out=left_out)
    return Appendix(
        first=(PagePart("runs", "Runs", table),),
        last=(PagePart("curves", "Every curve", curves),),
        anchors=anchors,
        charts={"colours": colours([law.name for law in laws]), "curves": [entry["chart"] for entry in shown]},
    )
