"""Hold-out: fit on the first half of a curve, score the prediction of the second."""

from collections.abc import Mapping, Sequence

import numpy as np

from losslaws.arrays import Array
from losslaws.fitting.law_fits import LawFits, fit_law
from losslaws.fitting.options import FitOptions
from losslaws.laws._law import Law

LAST_VALUE = "last_value"
"""The reference that every law has to beat: nothing changes any more."""


def holdout_scores(
    t: Array, losses: Array, laws: Sequence[Law], options: FitOptions, fits: Mapping[str, LawFits]
) -> dict[str, Array]:
    """Return the root-mean-square error of each law over the second half, shape (N,); infinite without a fit.

    Residuals are those of the logarithm if the fit's are. With the laws comes the reference ``last_value``.

    Parameters
    ----------
    t : ndarray of shape (n,)
        The grid.
    losses : ndarray of shape (N, n)
        The curves.
    laws : sequence of Law
        The laws.
    options : FitOptions
        How to fit the first half.
    fits : mapping of str to LawFits
        Fits of the whole curves, whose shapes are starts.
    """
    half = t.size // 2
    seen, ahead = losses[:, :half], losses[:, half:]
    scores = {LAST_VALUE: _error(np.repeat(seen[:, -1:], ahead.shape[1], axis=1), ahead, options)}
    for law in laws:
        fit = fit_law(law, t[:half], seen, options, known_shapes(fits[law.name]))
        predicted = np.full(ahead.shape, np.nan)
        for row in np.flatnonzero(np.isfinite(fit.finite).all(axis=1)):
            predicted[row] = law(t[half:], dict(zip(law.parameters, fit.finite[row].tolist(), strict=True)))
        scores[law.name] = _error(predicted, ahead, options)
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
