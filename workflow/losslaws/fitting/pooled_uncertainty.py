"""How well a pooled fit determines its parameters: standard errors, and refits under random weights of the runs."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from losslaws.core.arrays import Array
from losslaws.fitting.pooled import PooledFit, Problem, refit
from losslaws.fitting.residuals import block_length, newey_west
from losslaws.laws.separable import Observations, X


def standard_errors(
    fit: PooledFit[X], runs: Sequence[Observations[X]], covariance: Literal["robust", "classical"] = "robust"
) -> dict[str, float | None]:
    """Return the standard error of every parameter, None where it sits on a bound or is not determined.

    The sandwich of an M-estimator, H⁻¹ V H⁻¹ with H = Σ ψ′(r) J Jᵀ over the records and V the covariance of Σ ψ(r) J.
    The runs themselves are taken as given; :func:`replicates` shows how much the parameters depend on their choice.

    Parameters
    ----------
    fit : PooledFit
        The fit.
    runs : sequence of Observations
        What was fitted.
    covariance : {"robust", "classical"}
        V estimated within each run with Bartlett's window (Newey and West 1987), as long as the block length of the
        run's residuals, for curves whose neighbouring residuals are correlated; or s² Σ J Jᵀ with
        s² = Σ ψ²/(records − free parameters), for independent records.
    """
    problem = Problem(fit.law, runs, delta=fit.delta)
    point = problem.point(fit.parameters)
    residuals = problem.residuals(point)
    jacobian = problem.parameter_jacobian(point)
    # The nonlinear parameters of a term with amplitude 0 change nothing.
    free = ~problem.held(point) & (jacobian != 0).any(axis=0)
    jacobian = jacobian[:, free]
    scale = np.linalg.norm(jacobian, axis=0)
    slopes = np.clip(residuals, -fit.delta, fit.delta)
    inside = (np.abs(residuals) <= fit.delta)[:, None] * jacobian / scale
    if covariance == "classical":
        middle = _independent(slopes, jacobian / scale)
    else:
        middle = _within_runs(residuals, slopes[:, None] * jacobian / scale, runs)
    outer = np.linalg.pinv(inside.T @ inside, rcond=1e-14)
    variance = np.diag(outer @ middle @ outer) / scale**2
    errors = np.full(free.size, np.nan)
    errors[free] = np.sqrt(np.maximum(variance, 0.0))
    return {
        name: float(error) if np.isfinite(error) else None
        for name, error in zip(fit.law.parameters, errors, strict=True)
    }


def _independent(slopes: Array, jacobian: Array) -> Array:
    """Return s² Σ J Jᵀ; NaN where there are no more records than parameters."""
    spare = slopes.size - jacobian.shape[1]
    variance = slopes @ slopes / spare if spare else np.nan
    return np.asarray(variance * (jacobian.T @ jacobian))


def _within_runs(residuals: Array, scores: Array, runs: Sequence[Observations[X]]) -> Array:
    """Return the sum over runs of the long-run covariance of ψ(r) J."""
    edges = np.cumsum([run.y.size for run in runs])[:-1]
    parts = zip(np.split(scores, edges), np.split(residuals, edges), strict=True)
    return np.asarray(sum(newey_west(part, block_length(own) - 1) for part, own in parts))


def replicates(fit: PooledFit[X], runs: Sequence[Observations[X]], count: int, seed: int = 0) -> list[PooledFit[X]]:
    """Return refits under random weights of the runs: a Bayesian bootstrap over runs (Rubin 1981).

    The weights are Dirichlet(1, …, 1) times the number of runs. No run ever drops out, as it does when runs are drawn
    with replacement; a fit needs the few different runs that there are.
    """
    random = np.random.default_rng(seed)
    weights = random.dirichlet(np.ones(len(runs)), size=count) * len(runs)
    return [refit(fit, runs, own) for own in weights]
