"""For given shapes, the best amplitude and offset, and how the residuals move with the shapes.

With h(t) = g(t) − g(t₁) a law is L = c₀ + c·expm1(h), where c = L(t₁) − L∞ ≥ 0 is the drop that is left at the first
point and c₀ = L(t₁). Both enter linearly, so they are solved exactly (variable projection; Golub and Pereyra 1973), and
what is left to search are the shapes. The columns expm1(h) stay well scaled where a itself would overflow.
"""

from dataclasses import dataclass

import numpy as np

from losslaws.arrays import Array, Index, Mask
from losslaws.laws._law import Law

LARGEST_LOG_AMPLITUDE = 690.0
"""a = c·exp(−g(t₁)) must be a float64; shapes that would make it overflow are outside the search."""


@dataclass(frozen=True)
class Problem:
    """Curves on one time grid, and the law to fit.

    Attributes
    ----------
    law : Law
        The law.
    t : ndarray of shape (n,)
        The common grid.
    centred : ndarray of shape (N, n)
        The losses minus their means.
    """

    law: Law
    t: Array
    centred: Array


@dataclass(frozen=True)
class Projection:
    """Least-squares solutions for m sets of shapes, each for its own curve.

    Attributes
    ----------
    drop : ndarray of shape (m,)
        c ≥ 0, the amplitude at the first point.
    rss : ndarray of shape (m,)
        Residual sum of squares; infinite where the law cannot be evaluated.
    residuals : ndarray of shape (m, n)
        Loss minus law.
    basis : ndarray of shape (m, n)
        The centred column expm1(h).
    decay : ndarray of shape (m, n)
        exp(h).
    """

    drop: Array
    rss: Array
    residuals: Array
    basis: Array
    decay: Array


def evaluate(law: Law, t: Array, shapes: Array) -> tuple[Array, Mask]:
    """Return h = g − g(t₁), of shape (m, n), and which of the m rows can be used."""
    with np.errstate(all="ignore"):
        g = law.log_basis(t, *shapes.T[:, :, None])
        g = np.broadcast_to(g, (len(shapes), t.size))
        h = g - g[:, :1]
    usable = (-g[:, 0] < LARGEST_LOG_AMPLITUDE) & np.isfinite(h).all(axis=1)
    return h, usable


def project(problem: Problem, rows: Index, shapes: Array) -> Projection:
    """Solve for c and c₀ with row k of `shapes` applied to curve ``rows[k]``."""
    h, usable = evaluate(problem.law, problem.t, shapes)
    with np.errstate(all="ignore"):
        column = np.expm1(h)
        basis = column - column.mean(axis=1, keepdims=True)
        norm = np.einsum("ij,ij->i", basis, basis)
        target = problem.centred[rows]
        drop = np.einsum("ij,ij->i", basis, target) / norm
        usable &= np.isfinite(drop)
        drop = np.where(usable, np.maximum(drop, 0.0), 0.0)
        residuals = target - drop[:, None] * np.where(usable[:, None], basis, 0.0)
        rss = np.where(usable, np.einsum("ij,ij->i", residuals, residuals), np.inf)
    return Projection(drop, rss, residuals, basis, column + 1.0)


def jacobian(problem: Problem, shapes: Array, projection: Projection) -> Array:
    """Return how the fitted values move with the shapes while c and c₀ follow (Kaufman 1975), shape (m, p, n).

    The columns c·exp(h)·(∂h/∂θ) are made orthogonal to the constant and to the basis.
    """
    with np.errstate(all="ignore"):
        gradients = problem.law.gradient(problem.t, *shapes.T[:, :, None])
        weight = projection.drop[:, None] * projection.decay
        norm = np.einsum("ij,ij->i", projection.basis, projection.basis)
        columns = np.empty((len(shapes), len(gradients), problem.t.size))
        for index, gradient in enumerate(gradients):
            column = weight * (gradient - gradient[..., :1])
            column -= column.mean(axis=1, keepdims=True)
            overlap = np.einsum("ij,ij->i", column, projection.basis) / norm
            columns[:, index] = column - overlap[:, None] * projection.basis
    return np.nan_to_num(columns, nan=0.0, posinf=0.0, neginf=0.0)
