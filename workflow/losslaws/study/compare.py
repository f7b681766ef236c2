"""Several experiments side by side: do the conclusions hold across them?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from losslaws.analyses.evidence.results import VERDICT_WORDS, EvidenceSummary, read_evidence
from losslaws.analyses.evidence.universes import outcomes
from losslaws.analyses.universality.overview import NO_LAW, Bar, bars, colours
from losslaws.analyses.universality.reading import read_summary
from losslaws.analyses.universality.records import ExponentSpread, Summary
from losslaws.core.proportions import Share
from losslaws.report.html import render
from losslaws.report.text import number
from losslaws.storage import files as storage


@dataclass(frozen=True)
class Compared:
    """One experiment as a row of text cells.

    Attributes
    ----------
    name, link : str
        The experiment, and where its page is.
    runs : int
        How many there are.
    majority : str or None
        The law that wins most.
    share, universes, verdicts : str
        Of how many, in how many universes, and what the evidence says.
    bars : list of Bar
        Which law wins how many.
    exponents : dict of str to str
        Of each law.
    """

    name: str
    link: str
    runs: int
    majority: str | None
    share: str
    universes: str
    verdicts: str
    bars: list[Bar]
    exponents: dict[str, str]


def write_comparison(path: Path, folders: Sequence[Path]) -> None:
    """Write ``compare.html`` from the results of experiments that count winners.

    Parameters
    ----------
    path : path
        Where to write.
    folders : sequence of path
        ``results/{experiment}`` of each.
    """
    summaries = [read_summary(folder) for folder in folders]
    laws = list(dict.fromkeys(law for summary in summaries for law in summary.wins.counts))
    rows = [_row(folder.name, read, read_evidence(folder)) for folder, read in zip(folders, summaries, strict=True)]
    unfitted = any(bar.law == NO_LAW for row in rows for bar in row.bars)
    legend = [*laws, NO_LAW] if unfitted else laws
    text = render("compare.html.j2", rows=rows, laws=laws, legend=legend, colours=colours(laws), answer=answer(rows))
    storage.write_text(path, text)


def answer(rows: Sequence[Compared]) -> str:
    """Say in one sentence whether one law has the majority everywhere."""
    winners = Counter(row.majority or "no law" for row in rows)
    law, count = winners.most_common(1)[0]
    if count == len(rows):
        return f"{law} wins most runs in each of {len(rows)} experiments."
    others = ", ".join(f"{row.majority or 'no law'} in {row.name}" for row in rows if row.majority != law)
    return f"{law} wins most runs in {count} of {len(rows)} experiments; {others}."


def _row(name: str, summary: Summary, evidence: EvidenceSummary | None) -> Compared:
    wins = summary.wins
    every = outcomes(evidence.multiverse) if evidence else []
    kept = sum(entry.majority(wins.majority) for entry in every) if wins.majority else 0
    verdicts = Counter(VERDICT_WORDS[entry.verdict] for entry in evidence.curves) if evidence else Counter()
    return Compared(
        name=name,
        link=f"{name}/report.html",
        runs=summary.metadata.n_curves,
        majority=wins.majority,
        share=str(Share(wins.majority_share, *wins.majority_interval)) if wins.majority_interval else "–",
        universes=f"{kept} of {len(every)}" if every else "–",
        verdicts=", ".join(f"{kind} {count}" for kind, count in verdicts.most_common()) or "–",
        bars=bars(summary),
        exponents={spread.law: _exponent(spread) for spread in summary.exponents if spread.n},
    )


def _exponent(spread: ExponentSpread) -> str:
    deviation = f" ± {number(spread.std, 3)}" if spread.std is not None else ""
    return f"{spread.parameter} = {number(spread.mean, 3)}{deviation} ({spread.n})"
