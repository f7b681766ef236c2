"""Hold-out: fit on the first half of a curve, score the prediction of the second."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from losslaws.core.arrays import Array
from losslaws.fitting.law_fits import LawFits, fit_within
from losslaws.fitting.options import FitOptions
from losslaws.laws.law import Law

LAST_VALUE = "last_value"
"""The reference that every law has to beat: nothing changes any more."""


def half_fits(
    t: Array,
    losses: Array,
    laws: Sequence[Law],
    options: FitOptions,
    fits: Mapping[str, LawFits],
    wider: tuple[Mapping[str, LawFits], FitOptions] | None = None,
) -> dict[str, LawFits]:
    """Fit each law to the first halves of curves.

    Parameters
    ----------
    t : ndarray of shape (n,)
        The grid.
    losses : ndarray of shape (N, n)
        The curves.
    laws : sequence of Law
        The laws.
    options : FitOptions
        How to fit; standard errors are left out.
    fits : mapping of str to LawFits
        Fits of the whole curves, whose shapes are starts.
    wider : (mapping of str to LawFits, FitOptions) or None
        Such fits under other bounds, see :func:`losslaws.fitting.law_fits.fit_within`.
    """
    half = t.size // 2
    plain = replace(options, covariance="none")
    found: dict[str, LawFits] = {}
    for law in laws:
        known = None if wider is None else (wider[0][law.name], wider[1])
        near = known_shapes(fits[law.name])
        found[law.name] = fit_within(law, t[:half], losses[:, :half], plain, near, known, found)
    return found


def holdout_scores(t: Array, losses: Array, halves: Mapping[str, LawFits], options: FitOptions) -> dict[str, Array]:
    """Return the root-mean-square error of each law over the second half, shape (N,); infinite without a fit.

    Residuals are those of the logarithm if the fit's are. With the laws comes the reference ``last_value``.

    Parameters
    ----------
    t : ndarray of shape (n,)
        The grid.
    losses : ndarray of shape (N, n)
        The curves.
    halves : mapping of str to LawFits
        Fits of the first halves, from :func:`half_fits`.
    options : FitOptions
        How they were fitted.
    """
    half = t.size // 2
    seen, ahead = losses[:, :half], losses[:, half:]
    scores = {LAST_VALUE: _error(np.repeat(seen[:, -1:], ahead.shape[1], axis=1), ahead, options)}
    for name, fit in halves.items():
        law = fit.law
        predicted = np.full(ahead.shape, np.nan)
        for row in np.flatnonzero(np.isfinite(fit.finite).all(axis=1)):
            predicted[row] = law(t[half:], dict(zip(law.parameters, fit.finite[row].tolist(), strict=True)))
        scores[name] = _error(predicted, ahead, options)
    return scores


def known_shapes(fits: LawFits) -> Array | None:
    """Return the shapes of fits, (N, p), as starts of others; None unless all curves have one."""
    law = fits.law
    shapes = fits.finite[:, len(law.amplitudes) : len(law.amplitudes) + len(law.shapes)]
    return shapes if np.isfinite(shapes).all() else None


def _error(predicted: Array, observed: Array, options: FitOptions) -> Array:
    with np.errstate(all="ignore"):
        if options.space == "log":
            predicted, observed = np.log(predicted), np.log(observed)
        error = np.sqrt(np.mean(np.square(predicted - observed), axis=1))
    return np.where(np.isfinite(error), error, np.inf)
