"""The verdict on a whole study."""

import pytest

from losslaws.analyses.evidence.headline import headline, study_verdict
from losslaws.analyses.evidence.results import CurveEvidence


def curves(**counts):
    """Return so many curves of each verdict; keys with a law's name are clear about that law."""
    verdicts = {"none": ("none fits", ()), "failed": ("no fit", ()), "tied": ("cannot tell", ("power_law", "hill"))}
    found = []
    for key, count in counts.items():
        kind, laws = verdicts.get(key, ("one law", (key,)))
        found += [
            CurveEvidence(
                *(f"{key}_{number}", None, None, None, None, None, ("power_law", "hill")),
                *(None, None, None, None, None, kind, laws, "because"),
            )
            for number in range(count)
        ]
    return found


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"hill": 2, "none": 10}, "Undecided: in 10 of 12 runs no law fits to within the noise."),
        ({"none": 2, "failed": 2, "tied": 3}, "Undecided: in 4 of 7 runs no law fits to within the noise."),
        ({"hill": 3, "tied": 3}, "Undecided: in 3 of 6 runs several laws fit equally well."),
        ({"hill": 4, "tied": 3}, "Clear: in 4 of 7 runs hill is the one law that fits."),
        (
            {"hill": 3, "power_law": 2, "none": 2},
            "Mixed: in 5 of 7 runs one law is clear, but not the same one (hill 3, power_law 2).",
        ),
    ],
)
def test_more_than_half_of_the_curves_decide(counts, expected):
    assert study_verdict(curves(**counts)) == expected


def test_without_evidence_there_is_no_verdict(tmp_path):
    assert headline(tmp_path) == ""
