"""How well a fit determines its parameters: standard errors, and refits under random weights of the runs."""

from collections.abc import Sequence

import numpy as np

from losslaws.core.arrays import Array
from losslaws.fitting.pooled import DELTA, Problem, ScheduleFit, refit
from losslaws.fitting.residuals import block_length
from losslaws.laws.schedule.runs import Run

FEW_RUNS = 5
"""With fewer runs a bootstrap over runs says little."""


def standard_errors(fit: ScheduleFit, runs: Sequence[Run]) -> dict[str, float | None]:
    """Return the standard error of every parameter, None where it sits on a bound or has no effect.

    The sandwich of an M-estimator, H⁻¹ V H⁻¹ with H = Σ ψ′(r) J Jᵀ over the records and V the covariance of Σ ψ(r) J,
    estimated within each run with Bartlett's window (Newey and West 1987), as neighbouring residuals are alike. The
    window is as long as the block length of the run's residuals. The runs themselves are taken as given: how much
    another choice of runs would change the parameters, :func:`replicates` tells.
    """
    problem = Problem(fit.law, runs)
    point = problem.point(fit.parameters)
    residuals = problem.residuals(point)
    jacobian = problem.parameter_jacobian(point)
    # The shapes of a term with amplitude 0 change nothing.
    free = ~problem.held(point) & (jacobian != 0).any(axis=0)
    jacobian = jacobian[:, free]
    scale = np.linalg.norm(jacobian, axis=0)
    scores = np.clip(residuals, -DELTA, DELTA)[:, None] * jacobian / scale
    inside = (np.abs(residuals) <= DELTA)[:, None] * jacobian / scale
    edges = np.cumsum([run.steps.size for run in runs])[:-1]
    middle = sum(
        _long_run(part, own) for part, own in zip(np.split(scores, edges), np.split(residuals, edges), strict=True)
    )
    outer = np.linalg.pinv(inside.T @ inside, rcond=1e-14)
    variance = np.diag(outer @ middle @ outer) / scale**2
    errors = np.full(free.size, np.nan)
    errors[free] = np.sqrt(np.maximum(variance, 0.0))
    return {
        name: float(error) if np.isfinite(error) else None
        for name, error in zip(fit.law.parameters, errors, strict=True)
    }


def _long_run(scores: Array, residuals: Array) -> Array:
    """Return Σ_k w_k (Γ_k + Γ_kᵀ) with Γ_k = Σ_i s_i s_(i+k)ᵀ and Bartlett's weights w, shape (p, p)."""
    window = block_length(residuals)
    total = scores.T @ scores
    for lag in range(1, min(window, len(scores))):
        cross = scores[lag:].T @ scores[:-lag]
        total += (1 - lag / window) * (cross + cross.T)
    return np.asarray(total)


def replicates(fit: ScheduleFit, runs: Sequence[Run], count: int, seed: int = 0) -> list[ScheduleFit]:
    """Return refits under random weights of the runs: a Bayesian bootstrap over runs (Rubin 1981).

    The weights are Dirichlet(1, …, 1) times the number of runs. No run ever drops out, as it does when runs are drawn
    with replacement; a fit needs the few different schedules that there are.
    """
    random = np.random.default_rng(seed)
    weights = random.dirichlet(np.ones(len(runs)), size=count) * len(runs)
    return [refit(fit, runs, own) for own in weights]
