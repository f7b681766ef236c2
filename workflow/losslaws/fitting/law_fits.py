"""Fit one law to many curves on one grid: search, polish, limits, parameters and their standard errors."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from losslaws.arrays import Array, Index, Mask
from losslaws.fitting.polish import polish
from losslaws.fitting.projection import LARGEST_LOG_AMPLITUDE, Problem, project
from losslaws.fitting.search import search_bounds, starts
from losslaws.fitting.status import LIMIT, NOT_FALLING, OK, OUTSIDE_DOMAIN, TOO_SHORT
from losslaws.laws._law import Law, Limit, Preset


@dataclass(frozen=True)
class LawFits:
    """One law fitted to N curves.

    Attributes
    ----------
    law : Law
        The law.
    status : ndarray of str, shape (N,)
        A key of ``losslaws.fitting.status.STATUS_TEXT``.
    values, errors : ndarray of shape (N, k)
        Parameters in the order of ``law.parameters`` and their standard errors; NaN where there is none.
    at_bound : ndarray of bool, shape (N, k)
        Which shapes end on a bound of the search.
    rss : ndarray of shape (N,)
        Residual sums of squares; NaN where the law could not be tried.
    """

    law: Law
    status: NDArray[np.object_]
    values: Array
    errors: Array
    at_bound: Mask
    rss: Array


def fit_law(law: Law, t: Array, losses: Array, preset: Preset) -> LawFits:
    """Fit `law` to curves on a common grid within the bounds of `preset`, by global least squares.

    Parameters
    ----------
    law : Law
        The law.
    t : ndarray of shape (n,)
        Positive and strictly increasing.
    losses : ndarray of shape (N, n)
        Finite losses, none of the curves constant.
    preset : {"paper", "wide"}
        Which bounds.
    """
    if t.size <= len(law.parameters):
        return _no_fit(law, len(losses), TOO_SHORT)
    if t[0] <= law.t_above:
        return _no_fit(law, len(losses), OUTSIDE_DOMAIN)
    problem = Problem(law, t, losses - losses.mean(axis=1, keepdims=True))
    lower, upper = np.array([search_bounds(shape, preset, t) for shape in law.shapes]).T
    rows, candidates = starts(problem, preset)
    shapes, rss = _best_of(rows, *polish(problem, rows, candidates, lower, upper), count=len(losses))
    fits = _describe(problem, losses, shapes, rss, preset)
    for limit in law.limits:
        _prefer_limit(fits, problem, limit)
    return fits


def _no_fit(law: Law, count: int, status: str) -> LawFits:
    missing = np.full((count, len(law.parameters)), np.nan)
    at_bound = np.zeros(missing.shape, dtype=bool)
    return LawFits(law, np.full(count, status, dtype=object), missing, missing, at_bound, np.full(count, np.nan))


def _best_of(rows: Index, shapes: Array, rss: Array, count: int) -> tuple[Array, Array]:
    """Keep each curve's best polished start."""
    order = np.lexsort((rss, rows))
    first = order[np.searchsorted(rows[order], np.arange(count))]
    return shapes[first], rss[first]


def _describe(problem: Problem, losses: Array, shapes: Array, rss: Array, preset: Preset) -> LawFits:
    law, count = problem.law, len(losses)
    projection = project(problem, np.arange(count), shapes)
    with np.errstate(all="ignore"):
        g_first = law.log_basis(problem.t[:1], *shapes.T[:, :, None])[:, 0]
        amplitude = projection.drop * np.exp(-g_first)
    offset = losses.mean(axis=1) - projection.drop * projection.decay.mean(axis=1)
    bounds = np.array([shape.bounds[preset] for shape in law.shapes])
    on_bound = (shapes <= bounds[:, 0]) | (shapes >= bounds[:, 1])
    edge = np.zeros((count, 1), dtype=bool)
    values = np.column_stack([amplitude, shapes, offset])
    at_bound = np.hstack([edge, on_bound, edge])
    falling = projection.drop > 0
    errors = standard_errors(problem, values, at_bound, projection.residuals)
    errors[~falling] = np.nan
    values[~falling] = np.nan
    at_bound[~falling] = False
    return LawFits(law, np.where(falling, OK, NOT_FALLING).astype(object), values, errors, at_bound, rss)


def standard_errors(problem: Problem, values: Array, at_bound: Mask, residuals: Array) -> Array:
    """Return classical standard errors, shape (N, k), with parameters on a bound held fixed (NaN for those).

    √diag(s²(JᵀJ)⁻¹), s² = RSS/(n − free parameters), J the Jacobian of the law in (a, shapes, L∞), from a QR
    decomposition of its scaled columns. Infinite where J has no full rank.
    """
    law, n = problem.law, problem.t.size
    errors = np.full(values.shape, np.nan)
    for row in range(len(values)):
        free = np.flatnonzero(~at_bound[row])
        columns, scale = _model_columns(law, problem.t, values[row])
        _, triangle = np.linalg.qr(columns[:, free])
        variance = residuals[row] @ residuals[row] / max(n - free.size, 1)
        try:
            spread = np.linalg.norm(np.linalg.inv(triangle), axis=1)
        except np.linalg.LinAlgError:
            spread = np.full(free.size, np.inf)
        errors[row, free] = scale[free] * spread * np.sqrt(variance)
    return errors


def _model_columns(law: Law, t: Array, values: Array) -> tuple[Array, Array]:
    """Return ∂L/∂parameter with unit columns, shape (n, k), and the factors that undo the scaling."""
    shapes = values[1:-1]
    with np.errstate(all="ignore"):
        fading = np.exp(np.clip(law.log_basis(t, *shapes) + np.log(values[0]), None, LARGEST_LOG_AMPLITUDE))
        slopes = [fading * np.broadcast_to(gradient, t.shape) for gradient in law.gradient(t, *shapes)]
        columns = np.column_stack([fading / values[0], *slopes, np.ones_like(t)])
    columns = np.nan_to_num(columns)
    length = np.linalg.norm(columns, axis=0)
    length[length == 0] = 1.0
    return columns / length, 1.0 / length


def _prefer_limit(fits: LawFits, problem: Problem, limit: Limit) -> None:
    """Replace fits that are no better than the law's limiting form by that form, in place."""
    basis = limit.basis(problem.t)
    basis = (basis - basis.mean()) / np.linalg.norm(basis - basis.mean())
    slope = np.minimum(problem.centred @ basis, 0.0)
    residuals = problem.centred - slope[:, None] * basis
    rss = np.einsum("ij,ij->i", residuals, residuals)
    chosen = (slope < 0) & (rss <= fits.rss * (1 + 1e-12))
    index = fits.law.parameters.index(limit.shape)
    fits.status[chosen] = LIMIT
    fits.rss[chosen] = rss[chosen]
    fits.values[chosen] = np.nan
    fits.values[chosen, index] = limit.value
    fits.errors[chosen] = np.nan
    fits.at_bound[chosen, index] = True


def finite_point(law: Law, t: Array, loss: Array, shape: str) -> dict[str, float]:
    """Return parameters near a limit whose residual sum of squares is that of the limit to about 1e-6.

    Used where a finite set of parameters has to be named although the optimum lies at infinity.
    """
    position = [entry.name for entry in law.shapes].index(shape)
    finest = law.shapes[position].finest(t[0], t[-1])
    shapes = np.array([[1e-3 * finest]])
    problem = Problem(law, t, (loss - loss.mean())[None, :])
    projection = project(problem, np.array([0]), shapes)
    g_first = float(law.log_basis(t[:1], *shapes[0])[0])
    offset = loss.mean() - projection.drop[0] * projection.decay[0].mean()
    values = (projection.drop[0] * np.exp(-g_first), *shapes[0], offset)
    return {name: float(value) for name, value in zip(law.parameters, values, strict=True)}
