"""How often the verdict names the true law, and how often it is falsely certain, on simulated curves.

Usage: ``OMP_NUM_THREADS=1 python benchmarks/calibration.py [curves per law]``. Curves of the four laws of the default
study with AR(1) noise (see ``losslaws.simulation``); one line per length, correlation and signal-to-noise ratio with
the shares of curves for which the verdict

- named the true law, alone or among those that it could not tell apart,
- named the true law alone,
- was falsely certain, that is named one law, and that the wrong one,
- was that none fits,

and for which the published rule, ΔAIC ≥ 10 of independent errors, was falsely certain.
"""

import sys

from losslaws.evidence.curve_evidence import evidence_rows
from losslaws.registry import LAWS
from losslaws.selection import STRONG
from losslaws.simulation import simulate_group

NAMES = ("power_law", "exponential", "stretched_exp", "log_power")
LENGTHS = (500, 1500, 5000)
CORRELATIONS = (0.0, 0.5, 0.9, 0.99)
SIGNAL_TO_NOISE = (30.0, 300.0)


def published_is_wrong(row: dict[str, list[float | None]], truth: str) -> bool:
    """Say whether the published rule calls the support of a wrong law strong."""
    ranked = sorted((aic, law) for aic, law in zip(row["aic"], NAMES, strict=True) if aic is not None)
    return len(ranked) > 1 and ranked[0][1] != truth and ranked[1][0] - ranked[0][0] >= STRONG


def outcomes(length: int, rho: float, ratio: float, curves: int) -> list[tuple[bool, ...]]:
    """Return for each curve: named, alone, falsely certain, none fits, published rule falsely certain."""
    laws = [LAWS.load(name) for name in NAMES]
    found = []
    for number, law in enumerate(laws):
        group = simulate_group(law, length, rho, ratio, curves, [number, length])
        for row in evidence_rows(group, laws, 0, "paper", 0, holdout=False):
            right, certain = law.name in row["verdict_laws"], row["verdict"] == "one law"
            none = row["verdict"] == "none fits"
            found.append((right, right and certain, certain and not right, none, published_is_wrong(row, law.name)))
    return found


def main() -> None:
    """Print the table."""
    curves = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    columns = ("named", "alone", "falsely certain", "none fits", "published: falsely certain")
    print(f"{'n':>5} {'rho':>5} {'snr':>5} {'curves':>6}", *(f"{name:>16}" for name in columns))
    for length in LENGTHS:
        for rho in CORRELATIONS:
            for ratio in SIGNAL_TO_NOISE:
                found = outcomes(length, rho, ratio, curves)
                shares = [sum(column) / len(found) for column in zip(*found, strict=True)]
                print(f"{length:5d} {rho:5g} {ratio:5g} {len(found):6d}", *(f"{share:16.1%}" for share in shares))


if __name__ == "__main__":
    main()
