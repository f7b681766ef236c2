"""Circular block bootstrap of residuals: how often each law wins, and intervals for the best law's parameters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from losslaws.core.arrays import Array
from losslaws.fitting import selection
from losslaws.fitting.fit_table import known_deviance
from losslaws.fitting.law_fits import LawFits, fit_law
from losslaws.fitting.options import FitOptions
from losslaws.fitting.residuals import block_length
from losslaws.laws.law import Law

INTERVAL = (0.05, 0.95)
"""Quantiles of a parameter's interval."""


@dataclass(frozen=True)
class Bootstrap:
    """Result for one curve.

    Attributes
    ----------
    wins : dict of str to float
        Share of the replicates in which each law has the lowest AIC.
    lower, upper : dict of str to float
        The 5% and 95% quantiles of the best law's parameters; infinite where replicates are at infinity.
    block : int
        Block length in points.
    """

    wins: dict[str, float]
    lower: dict[str, float]
    upper: dict[str, float]
    block: int


def bootstrap(
    t: Array,
    loss: Array,
    best: LawFits,
    laws: Sequence[Law],
    options: FitOptions,
    replicates: int,
    seed: int,
) -> Bootstrap:
    """Resample the best law's residuals in blocks, refit every law.

    Parameters
    ----------
    t, loss : ndarray of shape (n,)
        The curve.
    best : LawFits
        The fit of the law whose fitted curve and residuals make the replicates.
    laws : sequence of Law
        The laws to refit.
    options : FitOptions
        How.
    replicates : int
        Number of replicates.
    seed : int
        Of the resampling.
    """
    fitted = best.fitted[0]
    residuals = loss - fitted
    residuals = residuals - residuals.mean()
    block = block_length(residuals)
    starts = np.random.default_rng(seed).integers(0, t.size, size=(replicates, -(-t.size // block)))
    index = (starts[:, :, None] + np.arange(block)).reshape(replicates, -1)[:, : t.size] % t.size
    curves = fitted + residuals[index]
    options = replace(options, covariance="none")
    criteria, chosen = [], None
    for law in laws:
        refit = fit_law(law, t, curves, options)
        criterion = selection.aic(known_deviance(refit, curves, options), refit.k)
        criteria.append(np.where(np.isnan(criterion), np.inf, criterion))
        chosen = refit if law.name == best.law.name else chosen
    winners = np.argmin(criteria, axis=0)
    wins = {law.name: float(np.mean(winners == number)) for number, law in enumerate(laws)}
    assert chosen is not None
    sample = np.where(np.isnan(chosen.values), np.inf, chosen.values)
    lower, upper = np.quantile(sample, INTERVAL, axis=0, method="inverted_cdf")
    names = best.law.parameters
    return Bootstrap(
        wins, dict(zip(names, lower.tolist(), strict=True)), dict(zip(names, upper.tolist(), strict=True)), block
    )
