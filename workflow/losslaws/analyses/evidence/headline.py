"""The verdict on a whole study in one word, and what it rests on."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from losslaws.analyses.evidence.results import CurveEvidence, read_evidence


def headline(folder: Path) -> str:
    """Return the verdict on an experiment; empty without evidence."""
    evidence = read_evidence(folder)
    return study_verdict(evidence.curves) if evidence and evidence.curves else ""


def study_verdict(curves: Sequence[CurveEvidence]) -> str:
    """Say whether more than half of the curves single out the same law, some law each, or none.

    Parameters
    ----------
    curves : sequence of CurveEvidence
        At least one.
    """
    total = len(curves)
    kinds = Counter(entry.verdict for entry in curves)
    clear = Counter(entry.verdict_laws[0] for entry in curves if entry.verdict == "one law")
    law, count = clear.most_common(1)[0] if clear else ("", 0)
    if 2 * count > total:
        return f"Clear: in {count} of {total} runs {law} is the one law that fits."
    if 2 * clear.total() > total:
        shares = ", ".join(f"{law} {count}" for law, count in clear.most_common())
        return f"Mixed: in {clear.total()} of {total} runs one law is clear, but not the same one ({shares})."
    unfitted, ambiguous = kinds["none fits"] + kinds["no fit"], kinds["cannot tell"]
    if unfitted >= ambiguous:
        return f"Undecided: in {unfitted} of {total} runs no law fits to within the noise."
    return f"Undecided: in {ambiguous} of {total} runs several laws fit equally well."
