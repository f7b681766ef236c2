"""Composing the page of one experiment."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from losslaws.analyses.analysis import Analysis, settings_of
from losslaws.analyses.universality.curve_details import MOST_CURVES, details
from losslaws.analyses.universality.overview import bars, colours, universe_points, winner_grid
from losslaws.analyses.universality.runs_table import COLUMNS, run_rows
from losslaws.config.experiment import Experiment
from losslaws.fitting.fitted import Run
from losslaws.jobs.software import elapsed_seconds, rule_times, software
from losslaws.laws.law import Law
from losslaws.report.blocks import Block, Figure
from losslaws.report.html import as_json, page, picture
from losslaws.storage import files as storage
from losslaws.study.checklist import checklist
from losslaws.study.import_notes import recorded
from losslaws.study.methods import methods


def write_page(
    folder: Path,
    experiment: Experiment,
    analyses: Mapping[str, Analysis],
    runs: Sequence[Run],
    laws: Sequence[Law],
) -> None:
    """Write ``report.html`` from the files in the experiment's folder.

    Parameters
    ----------
    folder : path
        ``results/{experiment}``.
    experiment : Experiment
        What was done.
    analyses : mapping of name to Analysis
        Those of the experiment, in the order of their sections.
    runs : sequence of Run
        The first curves with their fits; empty where an experiment has no fits.
    laws : sequence of Law
        The candidates.
    """
    used = settings_of(experiment, analyses.values())
    evidence = _if_there(folder / "evidence.json", {"curves": [], "multiverse": []})
    by_curve = {row["curve"]: row for row in evidence["curves"]}
    sections = {name: (analysis.title, list(analysis.section(folder))) for name, analysis in analyses.items()}
    curve_sections = details(runs, laws, experiment.fitting["skip"], by_curve)
    names = [law.name for law in laws]
    summary = _if_there(folder / "summary.json", None)
    first = summary["runs_summary"][:MOST_CURVES] if summary else []
    count = summary["metadata"]["n_curves"] if summary else 0
    text = page(
        "report.html.j2",
        experiment=experiment.name,
        question=next(iter(analyses.values())).question,
        answer=[block for analysis in analyses.values() for block in analysis.answer(folder)],
        caveats=[caveat for analysis in analyses.values() for caveat in analysis.caveats(folder)],
        overview=overview(summary, names, evidence["multiverse"]),
        columns=COLUMNS,
        rows=run_rows(first, by_curve),
        sections=sections,
        pictures=_pictures(folder, [block for _, blocks in sections.values() for block in blocks]),
        curves=[{key: value for key, value in entry.items() if key != "chart"} for entry in curve_sections],
        anchors={entry["name"]: f"curve-{number}" for number, entry in enumerate(curve_sections)},
        charts=as_json({"colours": colours(names), "curves": [entry["chart"] for entry in curve_sections]}),
        left_out=count - len(curve_sections),
        methods=[*methods(experiment, laws, [*analyses.values()]), *recorded(folder, experiment)],
        checklist=checklist(experiment, laws, count) if "fitting" in used else [],
        software=software(),
        times=rule_times(folder / "benchmarks"),
        elapsed=elapsed_seconds(folder / "benchmarks"),
        settings=yaml.safe_dump(settings(experiment, used), sort_keys=False, allow_unicode=True, width=100),
    )
    storage.write_text(folder / "report.html", text)


def overview(
    summary: Mapping[str, Any] | None, laws: Sequence[str], multiverse: Sequence[Mapping[str, Any]]
) -> dict[str, Any] | None:
    """Return what the picture on the first screen shows; None for an experiment that counts no winners."""
    if summary is None:
        return None
    majority = summary["universality"]["majority_form"]
    return {
        "bars": bars(summary, laws),
        "runs": summary["metadata"]["n_curves"],
        "grid": winner_grid(summary),
        "colours": colours(laws),
        "majority": majority,
        "universes": universe_points(multiverse, majority) if majority and multiverse else [],
    }


def settings(experiment: Experiment, used: Mapping[str, Any]) -> dict[str, Any]:
    """Return the experiment as it would stand in a configuration: source, analyses, and the sections that are used."""
    keys: dict[str, Any] = {}
    if experiment.source == "training":
        keys |= {"tasks": experiment.tasks, "widths": experiment.widths, "seeds": experiment.seeds}
        keys["training"] = experiment.training
    if experiment.imports:
        keys["import"] = [
            {key: value for key, value in entry.items() if value is not None and key != "groups"}
            if not entry["experiment"]
            else {"experiment": entry["experiment"]}
            for entry in experiment.imports
        ]
    if experiment.simulate:
        keys["simulate"] = experiment.simulate
    keys["analyses"] = experiment.analyses
    for section, own in used.items():
        keys[section] = {key: value for key, value in own.items() if value is not None}
    return {"experiments": {experiment.name: keys}}


def _pictures(folder: Path, blocks: Sequence[Block]) -> dict[str, Any]:
    names = [block.name for block in blocks if isinstance(block, Figure)]
    return {name: picture(folder / "figures" / f"{name}.svg") for name in names}


def _if_there(path: Path, otherwise: Any) -> Any:
    return storage.read_json(path) if path.exists() else otherwise
