"""Fit one law to many curves on one grid: optimum, limits, parameters, uncertainty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losslaws.core.arrays import Array, Index, Mask
from losslaws.fitting.inference import uncertainty
from losslaws.fitting.joint import Joint
from losslaws.fitting.model import Setting
from losslaws.fitting.optimum import Optimum, find_optimum
from losslaws.fitting.options import FitOptions
from losslaws.fitting.status import FITTED, LIMIT, NOT_FALLING, NOT_POSITIVE, OK, OUTSIDE_DOMAIN, TOO_SHORT
from losslaws.laws.law import Law, Limit

NO_BETTER = 1e-12
"""A fit whose residual sum of squares is not lower than its limit's by this relative amount is at the limit."""

TOWARDS_LIMIT = 300.0
"""Shapes within this many of the finest steps from a limit are compared with it."""

NEAR_LIMIT = 1e-3
"""The finite point that stands for a limit, in units of the finest value that the data can tell from it."""


@dataclass(frozen=True)
class LawFits:
    """One law fitted to N curves of n points.

    Attributes
    ----------
    law : Law
        The law.
    status : ndarray of str, shape (N,)
        A key of ``losslaws.fitting.status.STATUS_TEXT``.
    values, errors : ndarray of shape (N, k)
        Parameters in the order of ``law.parameters`` and their standard errors; NaN where there is none.
    finite : ndarray of shape (N, k)
        As `values`, but where the optimum lies at infinity the best finite point within the bounds.
    correlation : ndarray of shape (N, k, k)
        Correlation matrices of the estimates.
    at_bound, flat : ndarray of bool, shape (N, k)
        Which shapes end on a bound of the search, and which parameters the data cannot tell.
    rss : ndarray of shape (N,)
        Residual sums of squares in the space of the fit, of whitened residuals under AR(1) errors; NaN without a fit.
    deviance : ndarray of shape (N,)
        −2 ln likelihood, but for a constant that all laws share.
    rho : ndarray of shape (N,)
        Lag-one correlation of the errors if it was estimated, else NaN.
    fitted : ndarray of shape (N, n)
        The fitted curves.
    k : int
        Number of estimated parameters of the law, ρ not counted.
    """

    law: Law
    status: NDArray[np.object_]
    values: Array
    errors: Array
    finite: Array
    correlation: Array
    at_bound: Mask
    flat: Mask
    rss: Array
    deviance: Array
    rho: Array
    fitted: Array
    k: int

    def rows(self, numbers: Sequence[int] | Index) -> "LawFits":
        """Return the fits of some of the curves."""
        arrays: dict[str, Any] = {name: a[list(numbers)] for name, a in vars(self).items() if isinstance(a, np.ndarray)}
        return replace(self, **arrays)


def fit_law(
    law: Law,
    t: Array,
    losses: Array,
    options: FitOptions | None = None,
    near: Array | None = None,
    others: Mapping[str, "LawFits"] | None = None,
) -> LawFits:
    """Fit `law` to curves on a common grid.

    Parameters
    ----------
    law : Law
        The law.
    t : ndarray of shape (n,)
        Strictly increasing.
    losses : ndarray of shape (N, n)
        Finite losses, none of the curves constant.
    options : FitOptions
        Bounds, space, error model and more.
    near : ndarray of shape (N, p) or None
        Shapes close to the optimum, see :func:`losslaws.fitting.optimum.find_optimum`.
    others : mapping of str to LawFits or None
        Other laws fitted to the same curves under the same options; `law` may tend to one of them.

    Raises
    ------
    LosslawsError
        If the options do not fit the law.
    """
    options = options or FitOptions()
    options.check(law, t.size)
    estimated = len(options.free(law))
    if not len(losses) or t.size <= estimated + (options.errors == "ar1"):
        return _no_fit(law, losses, TOO_SHORT, estimated)
    if t[0] <= law.t_above:
        return _no_fit(law, losses, OUTSIDE_DOMAIN, estimated)
    if options.space == "log" and not (losses > 0).all():
        return _some_positive(law, t, losses, options)
    setting = Setting(law, t, options)
    fits = _describe(setting, losses, find_optimum(setting, losses, near))
    for limit in law.limits:
        if options.free(law) == list(law.parameters):
            _prefer_limit(fits, setting, losses, limit, others or {})
    return fits


def fit_within(
    law: Law,
    t: Array,
    losses: Array,
    options: FitOptions,
    near: Array | None = None,
    wider: tuple[LawFits, FitOptions] | None = None,
    others: Mapping[str, LawFits] | None = None,
) -> LawFits:
    """Fit as :func:`fit_law` does, given what other bounds of the same options have led to.

    An optimum under bounds that include these, and that lies within these, is the optimum here as well. Only the other
    curves are fitted.

    Parameters
    ----------
    law, t, losses, options, near, others
        See :func:`fit_law`.
    wider : (LawFits, FitOptions) or None
        Fits of the same curves and their options, which differ from `options` in the bounds alone.
    """
    if wider is None:
        return fit_law(law, t, losses, options, near, others)
    found, theirs = wider
    low, high = Setting(law, t, options).bounds.T
    their_low, their_high = Setting(law, t, theirs).bounds.T
    shapes = found.finite[:, len(law.amplitudes) : len(law.amplitudes) + len(law.shapes)]
    includes = (their_low <= low).all() and (high <= their_high).all()
    same = includes & (found.status == OK) & ((low < shapes) & (shapes < high)).all(axis=1)
    fits = found.rows(range(len(losses)))
    if not same.all():
        rest = np.flatnonzero(~same)
        theirs_of_rest = {name: other.rows(rest) for name, other in (others or {}).items()}
        near_rest = None if near is None else near[rest]
        _overwrite(fits, ~same, fit_law(law, t, losses[rest], options, near_rest, theirs_of_rest))
    return fits


def _no_fit(law: Law, losses: Array, status: str, k: int) -> LawFits:
    count, width = len(losses), len(law.parameters)
    none, no = np.full((count, width), np.nan), np.zeros((count, width), dtype=bool)
    empty = np.full(count, np.nan)
    return LawFits(
        law=law,
        status=np.full(count, status, dtype=object),
        values=none,
        errors=none.copy(),
        finite=none.copy(),
        correlation=np.full((count, width, width), np.nan),
        at_bound=no,
        flat=no.copy(),
        rss=empty,
        deviance=empty.copy(),
        rho=empty.copy(),
        fitted=np.full(losses.shape, np.nan),
        k=k,
    )


def _some_positive(law: Law, t: Array, losses: Array, options: FitOptions) -> LawFits:
    """Fit in logarithmic space those curves that are positive; the others have a status."""
    fits = _no_fit(law, losses, NOT_POSITIVE, len(options.free(law)))
    positive: Mask = np.asarray((losses > 0).all(axis=1))
    if positive.any():
        _overwrite(fits, positive, fit_law(law, t, losses[positive], options))
    return fits


def _overwrite(fits: LawFits, rows: Mask, other: LawFits) -> None:
    """Replace `rows` of the arrays in `fits` by those of `other`, in place."""
    for name, array in vars(fits).items():
        if isinstance(array, np.ndarray):
            array[rows] = getattr(other, name)


def _describe(setting: Setting, losses: Array, optimum: Optimum) -> LawFits:
    law, options, count = setting.law, setting.options, len(losses)
    columns = setting.columns(optimum.shapes)
    fitted = np.repeat(optimum.level[:, None], setting.t.size, axis=1) if setting.offset != "tied" else 0.0
    values = np.empty((count, len(law.parameters)))
    with np.errstate(all="ignore"):
        for term, column in enumerate(columns.values):
            coefficient = optimum.coefficients[:, term]
            fitted = fitted + coefficient[:, None] * np.where(columns.usable[:, None], column, 0.0)
            values[:, term] = coefficient * np.exp(-columns.log_scale[term])
    terms = len(law.amplitudes)
    values[:, terms : terms + len(law.shapes)] = optimum.shapes
    if law.offset:
        free = setting.offset == "free"
        values[:, -1] = optimum.level - (optimum.coefficients.sum(axis=1) if free else 0.0)
    if setting.offset == "tied":
        values[:, -1] = options.tied["L_inf"] * values[:, 0]
    at_bound = np.zeros(values.shape, dtype=bool)
    on_edge = (optimum.shapes <= setting.bounds[:, 0]) | (optimum.shapes >= setting.bounds[:, 1])
    at_bound[:, terms : terms + len(law.shapes)] = on_edge
    held = np.array([name in options.fixed or name in options.tied for name in law.parameters])
    at_bound[:, held] = False
    _order_terms(law, values, at_bound)
    residuals = Joint(setting, losses).residuals(np.arange(count), np.asarray(fitted), optimum.rho)
    defined = np.isfinite(optimum.cost)
    known = defined & (optimum.coefficients != 0).any(axis=1)
    spread = uncertainty(
        setting, losses, np.where(known[:, None], values, np.nan), at_bound | held, residuals, optimum.rho
    )
    if setting.offset == "tied":
        spread.errors[:, -1] = np.abs(options.tied["L_inf"]) * spread.errors[:, 0]
    return LawFits(
        law=law,
        status=np.where(known, OK, np.where(defined, NOT_FALLING, OUTSIDE_DOMAIN)).astype(object),
        values=np.where(known[:, None], values, np.nan),
        errors=spread.errors,
        finite=np.where(known[:, None], values, np.nan),
        correlation=spread.correlation,
        at_bound=at_bound & known[:, None],
        flat=spread.flat,
        rss=np.where(defined, optimum.cost, np.nan),
        deviance=setting.t.size * log_or_minus_infinity(optimum.cost / setting.t.size),
        rho=np.where(defined, np.nan if optimum.rho is None else optimum.rho, np.nan),
        fitted=np.asarray(fitted),
        k=len(options.free(law)),
    )


def log_or_minus_infinity(values: Array) -> Array:
    """Return ln x, −∞ at 0 without a warning."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(values))


def _order_terms(law: Law, values: Array, at_bound: Mask) -> None:
    """Exchange the two terms of a sum where they are not in the law's order, in place."""
    if not law.ordered:
        return
    names = list(law.parameters)
    first, second = (names.index(name) for name in law.ordered)
    swapped = values[:, first] < values[:, second]
    for one, other in ((0, 1), (first, second)):
        for array in (values, at_bound):
            array[swapped, one], array[swapped, other] = array[swapped, other], array[swapped, one].copy()


def _prefer_limit(fits: LawFits, setting: Setting, losses: Array, limit: Limit, others: Mapping[str, LawFits]) -> None:
    """Replace fits that are no better than the law's limiting form by that form, in place.

    `others` are fits of other laws, the limiting form perhaps among them.
    """
    law, n = setting.law, setting.t.size
    position = [shape.name for shape in law.shapes].index(limit.shape)
    if limit.value not in setting.bounds[position]:
        return
    close = _close_to(setting, position, limit, fits)
    if not close.any():
        return
    form, plain = limit_law(limit), replace(setting.options, bounds={})
    known = others.get(form.name)
    if known is not None and known.law is form and not setting.options.bounds:
        other = known.rows(np.flatnonzero(close))
    else:
        other = fit_law(form, setting.t, losses[close], plain)
    better = np.isin(other.status, FITTED) & (other.deviance <= fits.deviance[close] + n * NO_BETTER)
    chosen = close.copy()
    chosen[close] = better
    if not chosen.any():
        return
    for name in ("rss", "deviance", "rho", "fitted"):
        getattr(fits, name)[chosen] = getattr(other, name)[better]
    if limit.basis is not None:
        near = limit.value + NEAR_LIMIT * law.shapes[position].finest(setting.t)
        fixed = replace(setting.options, fixed={limit.shape: near})
        fits.finite[chosen] = fit_law(law, setting.t, losses[chosen], fixed).values
    for array in (fits.values, fits.errors, fits.correlation):
        array[chosen] = np.nan
    index = law.parameters.index(limit.shape)
    fits.status[chosen] = LIMIT
    fits.values[chosen, index] = limit.value
    fits.flat[chosen] = False
    fits.at_bound[chosen] = False
    fits.at_bound[chosen, index] = True


def _close_to(setting: Setting, position: int, limit: Limit, fits: LawFits) -> Mask:
    """Return which fits have gone so far towards a limit that it may be the better description.

    The search grid reaches next to every limit, so an optimum far from it is better than the limit.
    """
    found = fits.finite[:, len(setting.law.amplitudes) + position]
    reach = TOWARDS_LIMIT * setting.law.shapes[position].finest(setting.t)
    if limit.value == setting.bounds[position, 1]:
        return np.asarray(found >= limit.value / TOWARDS_LIMIT)
    return np.asarray(found - limit.value <= reach)


def limit_law(limit: Limit) -> Law:
    """Return the law that a limit leads to, without shapes if it is L = c0 − c1·basis(t)."""
    if limit.law is not None:
        return limit.law
    basis = limit.basis or np.log

    def log_basis(t: Array) -> Array:
        rising = basis(t)
        # Any falling, positive function that differs from −basis by a constant spans the same curves with L∞.
        return np.asarray(np.log(2 * rising[-1] - rising[0] - rising))

    # The law that tends to it is defined on the grid, and so is the basis.
    return Law(limit.text, limit.text, (), log_basis, exponent="a", gradient=lambda t: (), t_above=-np.inf)
