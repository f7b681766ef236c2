"""Several experiments side by side: do the conclusions hold across them?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from losslaws.analyses.evidence.results import read_evidence
from losslaws.analyses.evidence.universes import outcomes
from losslaws.analyses.universality.overview import bars, colours
from losslaws.core.proportions import Share
from losslaws.report.html import render
from losslaws.report.text import number
from losslaws.storage import files as storage


def write_comparison(path: Path, folders: Sequence[Path]) -> None:
    """Write ``compare.html`` from the results of experiments that count winners.

    Parameters
    ----------
    path : path
        Where to write.
    folders : sequence of path
        ``results/{experiment}`` of each.
    """
    results = {folder: storage.read_json(folder / "summary.json") for folder in folders}
    counts = [result["universality"]["form_counts"] for result in results.values()]
    laws = list(dict.fromkeys(law for forms in counts for law in forms))
    rows = [_row(folder, result, laws) for folder, result in results.items()]
    text = render("compare.html.j2", rows=rows, laws=laws, colours=colours(laws), answer=answer(rows))
    storage.write_text(path, text)


def answer(rows: Sequence[Mapping[str, Any]]) -> str:
    """Say in one sentence whether one law has the majority everywhere."""
    winners = Counter(row["majority"] or "no law" for row in rows)
    law, count = winners.most_common(1)[0]
    if count == len(rows):
        return f"{law} wins most runs in each of {len(rows)} experiments."
    others = ", ".join(f"{row['majority'] or 'no law'} in {row['name']}" for row in rows if row["majority"] != law)
    return f"{law} wins most runs in {count} of {len(rows)} experiments; {others}."


def _row(folder: Path, result: Mapping[str, Any], laws: Sequence[str]) -> dict[str, Any]:
    summary = result["universality"]
    majority = summary["majority_form"]
    evidence = read_evidence(folder)
    every = outcomes(evidence.multiverse) if evidence else []
    kept = sum(entry.majority(majority) for entry in every) if majority else 0
    verdicts = Counter(row.verdict for row in evidence.curves) if evidence else Counter()
    return {
        "name": folder.name,
        "link": f"{folder.name}/report.html",
        "runs": result["metadata"]["n_curves"],
        "majority": majority,
        "share": str(Share(summary["majority_fraction"], *summary["majority_interval"])) if majority else "–",
        "universes": f"{kept} of {len(every)}" if every else "–",
        "verdicts": ", ".join(f"{kind} {count}" for kind, count in verdicts.most_common()) or "–",
        "bars": bars(result, laws),
        "exponents": {row["form"]: _exponent(row) for row in result["exponents"] if row["n"]},
    }


def _exponent(row: Mapping[str, Any]) -> str:
    spread = f" ± {number(row['std'], 3)}" if row["std"] is not None else ""
    return f"{row['parameter']} = {number(row['mean'], 3)}{spread} ({row['n']})"
