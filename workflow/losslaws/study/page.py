"""Composing the page of one experiment."""

from collections.abc import Sequence
from pathlib import Path

import yaml

from losslaws.analyses.section import Reported
from losslaws.config.experiment import Experiment
from losslaws.core.registry import LAWS
from losslaws.jobs.software import elapsed_seconds, rule_times, software
from losslaws.report.blocks import Block, Figure
from losslaws.report.html import Picture, as_json, picture, render
from losslaws.storage.files import write_text
from losslaws.study.import_notes import import_notes
from losslaws.study.methods import methods
from losslaws.study.settings import as_configuration


def write_page(folder: Path, experiment: Experiment, entries: Sequence[Reported]) -> None:
    """Write ``report.html`` from the files in the experiment's folder.

    Parameters
    ----------
    folder : path
        ``results/{experiment}``.
    experiment : Experiment
        What was done.
    entries : sequence of Reported
        Its analyses with their sections, in order.
    """
    laws = [LAWS.load(name) for name in experiment.fitting.laws]
    sections = [(entry, list(entry.section.body(folder))) for entry in entries]
    appendices = [found for entry in entries if (found := entry.section.appendix(folder, experiment))]
    text = render(
        "report.html.j2",
        experiment=experiment.name,
        question=entries[0].analysis.question,
        headlines=[text.partition(":") for entry in entries if (text := entry.section.headline(folder))],
        answer=[block for entry in entries for block in entry.section.answer(folder)],
        caveats=[caveat for entry in entries for caveat in entry.section.caveats(folder)],
        overviews=[entry.section.overview(folder, experiment) for entry in entries],
        sections={entry.name: (entry.analysis.title, blocks) for entry, blocks in sections},
        pictures=_pictures(folder, [block for _, blocks in sections for block in blocks]),
        first=[part for appendix in appendices for part in appendix.first],
        last=[part for appendix in appendices for part in appendix.last],
        anchors={name: anchor for appendix in appendices for name, anchor in appendix.anchors.items()},
        charts=as_json(next((appendix.charts for appendix in appendices if appendix.charts), {"curves": []})),
        methods=[*methods(experiment, laws, entries), *import_notes(folder, experiment)],
        checklist=[item for entry in entries for item in entry.section.checklist(folder, experiment)],
        software=software(),
        times=rule_times(folder / "benchmarks"),
        elapsed=elapsed_seconds(folder / "benchmarks"),
        settings=yaml.safe_dump(as_configuration(experiment), sort_keys=False, allow_unicode=True, width=100),
    )
    write_text(folder / "report.html", text)


def _pictures(folder: Path, blocks: Sequence[Block]) -> dict[str, Picture]:
    names = [block.name for block in blocks if isinstance(block, Figure)]
    return {name: picture(folder / "figures" / f"{name}.svg") for name in names}
