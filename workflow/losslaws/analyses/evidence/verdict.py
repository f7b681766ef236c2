"""The verdict on one curve: a law, a few that cannot be told apart, or none, with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass

from losslaws.analyses.evidence.nesting import likelihood_ratio
from losslaws.analyses.evidence.results import VerdictKind

CERTAIN = 6.0
"""A law whose AIC is this much above the best's is ruled out; the calibration study shows the error rates."""

NESTED_LEVEL = 0.01
"""The simpler of two nested laws is ruled out if the likelihood ratio rejects it at this level."""

LACK_OF_FIT_LEVEL = 0.001
"""No law fits if smooth deviations from the best are significant at this level."""


@dataclass(frozen=True)
class Verdict:
    """What can be said of one curve.

    Attributes
    ----------
    kind : str
        ``"one law"``, ``"cannot tell"``, ``"none fits"``, or ``"no fit"`` where no law could be fitted.
    laws : tuple of str
        The laws that stand, best first.
    reason : str
        One sentence.
    """

    kind: VerdictKind
    laws: tuple[str, ...]
    reason: str


def discount(n: int, rho: float, k: int) -> float:
    """Return n_e/(n_e + k), by which a difference of deviance counts where a curve is worth n_e independent points.

    n_e = n(1 − ρ)/(1 + ρ) at the correlation of the best law, corrected for the bias of its estimate, which for a
    trend with k parameters is about −(1 + 3ρ + k(1 + ρ))/n (Kendall 1954 for a mean, extended to k columns). With
    few independent points the likelihood is sharper than what is known of the error model warrants.
    """
    corrected = min(rho + (1 + 3 * rho + k * (1 + rho)) / n, 1 - 1 / n) if rho > 0 else 0.0
    worth = n * (1 - corrected) / (1 + corrected)
    return worth / (worth + k)


def verdict(
    deviance: Mapping[str, float],
    k: Mapping[str, int],
    nested: Mapping[tuple[str, str], bool],
    lack_of_fit: Mapping[str, float],
    discount: float,
) -> Verdict:
    """Judge the laws of one curve under correlated errors.

    Parameters
    ----------
    deviance, k : mapping of law to number
        Deviance under AR(1) errors and number of parameters, for the laws that have a fit.
    nested : mapping of (simple, general) to bool
        See :func:`losslaws.analyses.evidence.nesting.containers`.
    lack_of_fit : mapping of law to float
        p-values of smooth deviations from each law.
    discount : float
        Factor in (0, 1] by which differences of deviance count, see :func:`discount`.
    """
    if not deviance:
        return Verdict("no fit", (), "no law could be fitted")
    deviance = {law: discount * value for law, value in deviance.items()}
    criterion = {law: deviance[law] + 2 * k[law] for law in deviance}
    ranked = sorted(criterion, key=lambda law: criterion[law])
    best = ranked[0]
    standing = [law for law in ranked if criterion[law] - criterion[best] < CERTAIN]
    replaced = _replaced(standing, deviance, criterion, k, nested)
    standing = [law for law in standing if law not in replaced]
    if lack_of_fit[best] < LACK_OF_FIT_LEVEL:
        return Verdict(
            "none fits",
            (),
            f"smooth deviations from {best}, the best of them, are significant (p = {lack_of_fit[best]:.1g})",
        )
    if len(standing) > 1:
        rest = ", ".join(f"{law} {criterion[law] - criterion[best]:.1f}" for law in standing if law != best)
        return Verdict("cannot tell", tuple(standing), f"ΔAIC with correlated errors is below {CERTAIN:g}: {rest}")
    return Verdict("one law", tuple(standing), _reason(standing[0], ranked, criterion, replaced))


def _replaced(
    standing: list[str],
    deviance: Mapping[str, float],
    criterion: Mapping[str, float],
    k: Mapping[str, int],
    nested: Mapping[tuple[str, str], bool],
) -> set[str]:
    """Return the laws that give way to a nested or containing one.

    The general law replaces the simple one if the likelihood ratio rejects that, the simple one the general if its AIC
    is no higher. In between, which is where few independent points leave a wrong simple law, both stand.
    """
    gone: set[str] = set()
    for (simple, general), boundary in nested.items():
        if simple in standing and general in standing:
            extra = max(k[general] - k[simple], 1)
            p = likelihood_ratio(deviance[simple], deviance[general], extra, boundary)
            if p < NESTED_LEVEL:
                gone.add(simple)
            elif criterion[simple] <= criterion[general]:
                gone.add(general)
    return gone


def _reason(law: str, ranked: list[str], criterion: Mapping[str, float], replaced: set[str]) -> str:
    others = [other for other in ranked if other != law and other not in replaced]
    parts = [f"the next law, {others[0]}, is {criterion[others[0]] - criterion[law]:.1f} in AIC away"] if others else []
    if replaced:
        parts.append(f"{', '.join(sorted(replaced))} nested with it and no better for its size")
    return " and ".join(parts) or "it is the only law with a fit"
