"""The parts of the page that show every run: the table of runs, and each curve with its laws and a chart."""

from dataclasses import asdict
from pathlib import Path

from losslaws.analyses.evidence.results import read_evidence
from losslaws.analyses.section import Appendix, PagePart
from losslaws.analyses.universality.curve_details import MAX_CURVES, details
from losslaws.analyses.universality.overview import colours
from losslaws.analyses.universality.reading import read_first_curves, read_summary
from losslaws.analyses.universality.runs_table import runs_table
from losslaws.config.experiment import Experiment
from losslaws.report.html import render


def appendix(folder: Path, experiment: Experiment) -> Appendix:
    """Return the table of the first runs, and a part with the first curves."""
    summary, found = read_summary(folder), read_evidence(folder) if "evidence" in experiment.analyses else None
    evidence = {entry.curve: entry for entry in found.curves} if found else {}
    runs = read_first_curves(folder, experiment, MAX_CURVES)
    shown = details(runs, experiment.fitting.skip, evidence)
    anchors = {entry.name: f"curve-{number}" for number, entry in enumerate(shown)}
    runs_shown = runs_table(summary.runs[:MAX_CURVES], evidence)
    table = render("universality/runs.html.j2", table=runs_shown, anchors=anchors, corrected=bool(evidence))
    left_out = summary.metadata.n_curves - len(shown)
    curves = render("universality/curves.html.j2", curves=shown, anchors=anchors, left_out=left_out)
    palette = colours(list(summary.wins.counts))
    return Appendix(
        first=(PagePart("runs", "Runs", table),),
        last=(PagePart("curves", "Every curve", curves),),
        anchors=anchors,
        charts={"colours": palette, "curves": [asdict(entry.chart) for entry in shown]},
    )
